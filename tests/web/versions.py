"""Versions of websites, saved straight in the database."""

from tests.stacks import Person, Stack

PAGE = "<!doctype html><html><title>Kaffe</title><script>alert(1)</script><h1>Høyt</h1></html>\n"


def save_version(stack: Stack, person: Person, website_id: str, page: str = PAGE) -> str:
    body = {"website_id": website_id, "files": {"index.html": page}, "summary": "By hand"}
    made = stack.rest(
        "site_versions?select=id",
        person.access_token,
        "POST",
        json=body,
        headers={"Prefer": "return=representation"},
    )
    id: str = made.raise_for_status().json()[0]["id"]
    return id

"""Websites through the API."""

from tests.http_client import UNKNOWN, ApiClient, without_request_id


def test_nobody_lists_websites_without_a_token(as_nobody: ApiClient) -> None:
    assert as_nobody.refused("GET", "/api/websites") == (401, "auth_required")


def test_charlie_cannot_read_rename_or_delete_alices_website(
    as_alice: ApiClient, as_charlie: ApiClient
) -> None:
    id = as_alice.new_website()["id"]
    for method, body in (("GET", None), ("PATCH", {"name": "Mine"}), ("DELETE", None)):
        foreign = as_charlie.send(method, f"/api/websites/{id}", json=body)
        unknown = as_charlie.send(method, f"/api/websites/{UNKNOWN}", json=body)
        assert foreign.status_code == unknown.status_code == 404
        assert without_request_id(foreign.content) == without_request_id(unknown.content)
    assert as_alice.get(f"/api/websites/{id}")["website"]["name"] == "Coffee Shop Website"
    assert as_charlie.get("/api/websites")["websites"] == []


def test_a_website_is_made_listed_renamed_and_deleted(as_alice: ApiClient) -> None:
    made = as_alice.new_website("Portfolio")
    assert set(made) == {"id", "name", "latest_version_number", "created_at", "updated_at"}
    renamed = as_alice.patch(f"/api/websites/{made['id']}", {"name": "Portfolio Website"})["website"]
    assert renamed["name"] == "Portfolio Website" and renamed["updated_at"] > made["updated_at"]
    assert as_alice.get("/api/websites")["websites"] == [renamed]
    item = as_alice.delete(f"/api/websites/{made['id']}")["trash_id"]
    assert as_alice.get("/api/websites")["websites"] == []
    assert as_alice.refused("DELETE", f"/api/websites/{made['id']}") == (404, "not_found")
    (listed,) = as_alice.get("/api/trash")["trash"]
    assert (listed["id"], listed["kind"], listed["website_id"], listed["title"]) == (
        item, "website", made["id"], "Portfolio Website",
    )  # fmt: skip
    assert as_alice.post(f"/api/trash/{item}/restore", status=200)["website"] == renamed
    assert as_alice.get("/api/websites")["websites"] == [renamed]


def test_websites_come_newest_first_page_by_page(as_alice: ApiClient) -> None:
    names = [f"Site {number}" for number in range(5)]
    for name in names:
        as_alice.new_website(name)
    seen, cursor = [], ""
    while cursor is not None:
        page = as_alice.get("/api/websites", limit=2, **({"cursor": cursor} if cursor else {}))
        assert len(page["websites"]) <= 2
        seen += [website["name"] for website in page["websites"]]
        cursor = page["next_cursor"]
    assert seen == names[::-1]


def test_a_name_is_normalised_and_must_be_readable(as_alice: ApiClient) -> None:
    assert as_alice.new_website("  Cafe\u0301 \u202e\n Nord ")["name"] == "Café Nord"
    for name in (
        "",
        "   ",
        "\u200b\u200b",
        "\u3164",
        "\u0301",
        "x" * 121,
        "e" + "\u0301" * 10_000,
        5,
        None,
        {},
    ):
        assert as_alice.refused("POST", "/api/websites", json={"name": name}) == (422, "invalid_field")

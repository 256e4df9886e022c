"""A forgotten password: the mail in the outbox and what its link does."""

import html
import re
import uuid
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.embedded.auth import error_of, sign_in
from tests.stacks import Person, Stack

PAGE = "http://127.0.0.1:8000/reset-password"


def ask(stack: Stack, email: str, redirect_to: str = PAGE):
    return stack.auth(f"recover?redirect_to={redirect_to}", {"email": email})


def newest_mail(stack: Stack, person: Person) -> tuple[str, str]:
    """Return the link of the newest mail, as the outbox page shows it, and its code, which it doesn't show."""
    page = stack.bare("GET", "/outbox").text
    mails = [mail for mail in page.split("<article>") if person.email in mail]
    link = re.search(r'href="([^"]+)"', mails[0])
    (sent,) = stack.sql(
        "select code from auth.outbox where recipient = %s order by id desc limit 1", person.email
    )
    assert link and sent["code"] not in mails[0]
    return html.unescape(link[1]), sent["code"]


def token_hash(link: str) -> str:
    return parse_qs(urlsplit(link).query)["token_hash"][0]


def test_the_link_leads_to_the_page_that_asked_and_its_token_works_once(stack: Stack, alice: Person) -> None:
    assert ask(stack, alice.email).json() == {}
    link, _ = newest_mail(stack, alice)
    assert link.startswith(f"{PAGE}?token_hash=")
    assert parse_qs(urlsplit(link).query)["type"] == ["recovery"]
    body = {"type": "recovery", "token_hash": token_hash(link)}
    session = stack.auth("verify", body).json()
    assert session["user"]["id"] == alice.id
    stack.auth("user", {"password": "a new password"}, session["access_token"], "PUT").raise_for_status()
    assert sign_in(stack, alice.email, "a new password").status_code == 200
    assert error_of(stack.auth("verify", body)) == (403, "otp_expired")


def test_a_new_password_ends_all_links_that_were_mailed_before(stack: Stack, alice: Person) -> None:
    ask(stack, alice.email)
    link, _ = newest_mail(stack, alice)
    body = {"type": "recovery", "token_hash": token_hash(link)}
    session = stack.auth("verify", body).json()
    for kind in ("recovery", "email_change"):
        if kind == "recovery":
            ask(stack, alice.email)
        else:
            new = {"email": f"{uuid.uuid4().hex}@example.com"}
            stack.auth(f"user?redirect_to={PAGE}", new, session["access_token"], "PUT").raise_for_status()
        link, code = newest_mail(stack, alice)
        change = {"password": f"new after {kind}"}
        stack.auth("user", change, session["access_token"], "PUT").raise_for_status()
        by_link = stack.auth("verify", {"type": kind, "token_hash": token_hash(link)})
        by_code = stack.auth("verify", {"type": kind, "email": alice.email, "token": code})
        assert error_of(by_link) == error_of(by_code) == (403, "otp_expired")


def test_the_code_works_in_place_of_the_link(stack: Stack, alice: Person) -> None:
    ask(stack, alice.email)
    _, code = newest_mail(stack, alice)
    other = f"{(int(code) + 1) % 10**6:06d}"
    answers = [
        stack.auth("verify", {"type": "recovery", "email": alice.email, "token": token})
        for token in (other, code)
    ]
    assert error_of(answers[0]) == (403, "otp_expired")
    assert answers[1].json()["user"]["id"] == alice.id


def test_only_the_newest_link_works(stack: Stack, alice: Person) -> None:
    ask(stack, alice.email)
    old, _ = newest_mail(stack, alice)
    ask(stack, alice.email)
    assert error_of(stack.auth("verify", {"type": "recovery", "token_hash": token_hash(old)})) == (
        403,
        "otp_expired",
    )


def test_a_link_works_for_an_hour(stack: Stack, alice: Person) -> None:
    ask(stack, alice.email)
    link, _ = newest_mail(stack, alice)
    stack.sql(
        "update auth.one_time_tokens set created_at = created_at - interval '61 minutes' where user_id = %s",
        alice.id,
    )
    assert error_of(stack.auth("verify", {"type": "recovery", "token_hash": token_hash(link)})) == (
        403,
        "otp_expired",
    )


def test_an_unknown_address_gets_the_same_answer_and_no_mail(stack: Stack, alice: Person) -> None:
    unknown, known = ask(stack, "nobody-here@example.com"), ask(stack, alice.email)
    assert (unknown.status_code, unknown.json()) == (known.status_code, known.json())
    assert "nobody-here@example.com" not in stack.bare("GET", "/outbox").text


def test_too_many_mails_are_refused(stack: Stack, alice: Person) -> None:
    answers = [ask(stack, alice.email) for _ in range(6)]
    assert error_of(answers[5]) == (429, "over_email_send_rate_limit")
    assert 0 < int(answers[5].headers["Retry-After"]) <= 60


@pytest.mark.parametrize(
    "elsewhere",
    ["http://evil.example/reset", "javascript:alert(1)", "http://127.0.0.1@evil.example", "http://[evil"],
)
def test_a_link_never_leads_to_another_machine(stack: Stack, alice: Person, elsewhere: str) -> None:
    ask(stack, alice.email, elsewhere)
    link, _ = newest_mail(stack, alice)
    assert link.startswith(f"{stack.supabase_url}/auth/v1/verify?")
    assert "evil" not in link and "javascript" not in link


def test_following_the_service_s_own_link_signs_in(stack: Stack, alice: Person) -> None:
    stack.auth("recover", {"email": alice.email})
    link, _ = newest_mail(stack, alice)
    path = link.removeprefix(stack.supabase_url)
    location = stack.bare("GET", path).headers["location"]
    token = parse_qs(urlsplit(location).fragment)["access_token"][0]
    assert stack.auth("user", token=token, method="GET").json()["id"] == alice.id
    again = parse_qs(urlsplit(stack.bare("GET", path).headers["location"]).fragment)
    assert again["error_code"] == ["otp_expired"]


def test_the_outbox_shows_what_people_wrote_as_text(stack: Stack) -> None:
    name = uuid.uuid4().hex
    ask(stack, stack.sign_up(f"{name}&copy'@example.com").email)
    assert f"{name}&amp;copy&#x27;@example.com" in stack.bare("GET", "/outbox").text


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "evil.example:80", "169.254.1.1"])
@pytest.mark.parametrize("path", ["/outbox", "/auth/v1/health", "/llm/v1/models"])
def test_a_name_that_somebody_had_lead_here_is_refused(stack: Stack, host: str, path: str) -> None:
    headers = {"Host": host, "apikey": stack.publishable_key}
    assert stack.bare("GET", path, headers=headers).status_code == 400


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "localhost:54321"])
def test_the_outbox_is_read_on_this_machine(stack: Stack, host: str) -> None:
    assert stack.bare("GET", "/outbox", headers={"Host": host}).status_code == 200

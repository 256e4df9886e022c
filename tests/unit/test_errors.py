"""Every error says what a client needs to go on."""

import re
from pathlib import Path

import pytest

from sitethread import errors, supabase_errors
from sitethread.answers.explanations import MESSAGES
from sitethread.errors import DomainError


def all_errors(kind: type[DomainError] = DomainError) -> list[type[DomainError]]:
    return [kind, *(error for child in kind.__subclasses__() for error in all_errors(child))]


PAGE = Path("docs/api.md").read_text()
ROWS = [row.split("|")[1:3] for row in PAGE.splitlines() if re.match(r"\| \d{3}", row)]
IN_SQL = {
    code
    for file in Path("supabase/migrations").glob("*.sql")
    for code in re.findall(r"message = '([a-z_]+)'", file.read_text())
}
WAITING = [kind for kind in all_errors() if kind.status in {429, 503}]


def test_there_are_errors_that_ask_to_wait() -> None:
    assert {kind.code for kind in WAITING} >= {"rate_limited", "quota_exceeded", "database_unavailable"}


@pytest.mark.parametrize("kind", all_errors(), ids=lambda kind: kind.__name__)
def test_the_page_about_the_api_names_every_code_beside_its_status(kind: type[DomainError]) -> None:
    named = [statuses for statuses, codes in ROWS if f"`{kind.code}`" in codes]
    of_code = {str(other.status) for other in all_errors() if other.code == kind.code}
    assert any(str(kind.status) in statuses for statuses in named)
    assert [statuses for statuses in named if not any(status in statuses for status in of_code)] == []


def test_the_page_names_what_the_database_and_answers_say_too() -> None:
    assert len(IN_SQL) > 10
    assert {code for code in IN_SQL | MESSAGES.keys() if f"`{code}`" not in PAGE} == set()


@pytest.mark.parametrize("kind", WAITING, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("extra", [{}, {"retry_after": None}, {"retry_after": 0}])
def test_who_must_wait_is_told_how_long(kind: type[DomainError], extra: dict[str, int | None]) -> None:
    assert (kind(**extra).retry_after or 0) >= 1


def test_a_longer_wait_than_usual_is_kept() -> None:
    assert errors.RateLimited(retry_after=7200).retry_after == 7200


@pytest.mark.parametrize("code", [*supabase_errors._POSTGRES, "PT429", "PT503"])
def test_what_the_database_refuses_for_now_says_how_long(code: str) -> None:
    error = supabase_errors.from_postgres(code, None, None, None)
    assert error.status not in {429, 503} or error.retry_after


@pytest.mark.parametrize(
    ("code", "status"), [*((code, 400) for code in supabase_errors._AUTH), (None, 429), (None, 503)]
)
def test_what_supabase_auth_refuses_for_now_says_how_long(code: str | None, status: int) -> None:
    error = supabase_errors.from_auth(code, status, "AuthApiError")
    assert error.status not in {429, 503} or error.retry_after

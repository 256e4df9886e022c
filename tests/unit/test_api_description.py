"""docs/api.md names every code that the API answers with."""

import re
from pathlib import Path

from sitethread import errors

DESCRIPTION = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
# Told by the forms about accounts, or faults of ours.
ELSEWHERE = {
    "unexpected", "wrong_password", "email_not_confirmed", "email_taken", "invalid_email", "weak_password",
    "same_password", "link_expired", "sign_ups_closed",
}  # fmt: skip


def test_every_code_is_in_the_row_of_its_status() -> None:
    rows = {
        (status.strip(), code)
        for statuses, codes in re.findall(r"^\| ([\d, ]+) \| (.*) \|$", DESCRIPTION, re.MULTILINE)
        for status in statuses.split(",")
        for code in re.findall(r"`(\w+)`", codes)
    }
    for code, kind in errors.DomainError.named.items():
        if code not in ELSEWHERE:
            assert (str(kind.status), code) in rows
    assert {code for _, code in rows} <= set(errors.DomainError.named)

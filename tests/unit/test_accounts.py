"""Which addresses and passwords an account may have."""

import pytest

from sitethread import accounts, errors


@pytest.mark.parametrize(
    "email", ["", "@", "alice", "@localhost", "@example.org", "alice@", "alice@.", "a b@c.d"]
)
def test_what_is_no_address_is_refused(email: str) -> None:
    with pytest.raises(errors.InvalidEmail):
        accounts.clean_email(email)


@pytest.mark.parametrize("email", [" alice@example.org ", "alice@localhost", "ålice@exämple.org"])
def test_an_address_is_taken_without_the_space_around_it(email: str) -> None:
    assert accounts.clean_email(email) == email.strip()


def test_a_password_is_counted_in_bytes_and_the_error_says_so() -> None:
    accounts.check_password("a" * 72)
    accounts.check_password("é" * 36)
    for long in ("a" * 73, "é" * 37):
        with pytest.raises(errors.WeakPassword, match="72 bytes"):
            accounts.check_password(long)

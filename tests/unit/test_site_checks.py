"""The checks before publishing, measured: faults that are found, and good sites that are left alone."""

import pytest

from sitethread.page_checks.sites import SiteFinding, check
from tests.growth import MOST, growth
from tests.seeded_sites import INDEX, faults, good_sites, site, two_pages, with_fault

# Of those that a browser isn't needed for; the others are in tests/browser/test_publishing.py.
MOST_MISSED, MOST_ALARMS = 2, 1


def test_seeded_faults_are_found() -> None:
    assert check(two_pages()) == []
    seeded = faults()
    missed = [
        fault.name
        for fault in seeded
        if not any(
            found["rule"] == fault.rule and fault.says in found["problem"]
            for found in check(with_fault(fault))
        )
    ]
    print(f"found {len(seeded) - len(missed)} of {len(seeded)} seeded faults")
    assert len(missed) <= MOST_MISSED, missed


def test_a_form_may_lead_to_another_website_by_https_from_a_host_of_its_own() -> None:
    def forms_told(address: str, has_own_host: bool) -> int:
        checked = two_pages()
        form = f'</h1><form action="{address}"><label>Name <input name="name"></label></form>'
        checked["pages"][INDEX] = checked["pages"][INDEX].replace("</h1>", form, 1)
        checked["has_own_host"] = has_own_host
        return sum(found["rule"] == "forms" for found in check(checked))

    for address in ("https://x.example/", "//x.example/"):
        assert (forms_told(address, False), forms_told(address, True)) == (1, 0)
    assert (forms_told("http://x.example/", True), forms_told("thanks.html", False)) == (1, 0)


def test_good_sites_raise_no_alarm() -> None:
    alarms = {name: told for name, good in good_sites() if (told := [words(found) for found in check(good)])}
    print(f"{len(alarms)} of 40 good sites raised a false alarm")
    assert len(alarms) <= MOST_ALARMS, alarms


def words(found: SiteFinding) -> str:
    return f"{found['rule']}: {found['problem']}"


@pytest.mark.parametrize(
    "piece",
    [
        pytest.param("<", id="less-than signs"),
        pytest.param('<a "', id="tags with a quote that is open"),
        pytest.param("<!--", id="comments"),
        pytest.param("&amp;", id="references"),
        pytest.param("“a ", id="quotes without an end"),
        pytest.param('"word and word"', id="quotes"),
        pytest.param("1.", id="a number without an end"),
        pytest.param("$ ", id="currencies"),
        pytest.param("12 ", id="digits with spaces"),
        pytest.param("0 (", id="phone numbers without an end"),
        pytest.param("a.b@", id="mail addresses without an end"),
        pytest.param("Mon 9-17 ", id="opening hours"),
        pytest.param("1 Aa Aa ", id="addresses without a street"),
        pytest.param("[your ", id="blanks without an end"),
        pytest.param("<a href=#x>", id="links"),
        pytest.param("<img src=a.png>", id="pictures that aren't there"),
        pytest.param("<link rel=icon href=//a.example/icon>", id="icons of another site"),
        pytest.param("<label>Your name here", id="labels"),
        pytest.param("<form action=mailto:a@b.example><input type=file>", id="forms that lead elsewhere"),
        pytest.param("<blockquote>five words in a row", id="nested quotes"),
    ],
)
def test_checking_a_site_costs_as_much_as_it_is_long(piece: str) -> None:
    def check_one(page: str) -> None:
        check(site({"index.html": page}, (), brief="Call 0113 496 0000"))

    assert growth(check_one, lambda size: piece * (size // len(piece)), 100_000) < MOST

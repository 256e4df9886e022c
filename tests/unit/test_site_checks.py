"""The checks before publishing, measured: faults that are found, and good sites that are left alone."""

from sitethread.page_checks.sites import SiteFinding, check
from tests.seeded_sites import faults, good_sites, two_pages, with_fault

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


def test_good_sites_raise_no_alarm() -> None:
    alarms = {name: told for name, site in good_sites() if (told := [words(found) for found in check(site)])}
    print(f"{len(alarms)} of 40 good sites raised a false alarm")
    assert len(alarms) <= MOST_ALARMS, alarms


def words(found: SiteFinding) -> str:
    return f"{found['rule']}: {found['problem']}"

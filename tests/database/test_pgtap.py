"""The database's own tests pass, each of their files says whose story it tells, and they can fail."""

import re

from tests.database.pgtap import FILES, Tapped, failures


def test_every_file_passes(tapped: Tapped) -> None:
    proved = tapped.prove()
    has_passed = proved.returncode == 0
    assert has_passed, failures(proved)
    assert len(re.findall(r"^ok \d+", proved.stdout, re.MULTILINE)) > 350


def test_files_are_numbered_begin_with_a_story_and_leave_nothing_behind() -> None:
    assert len(FILES) > 8
    for file in FILES:
        assert re.fullmatch(r"\d{3}-[a-z-]+\.sql", file.name)
        text = file.read_text()
        assert re.match(r"-- [A-Z].+\nbegin;\n", text), file.name
        assert text.endswith("select * from finish();\nrollback;\n"), file.name


def test_a_database_without_a_rule_fails(tapped: Tapped) -> None:
    assert tapped.first_failure() is None
    failure = tapped.first_failure('drop policy "Owners see their websites" on public.websites')
    assert failure and failure.startswith("020-websites.sql: not ok")

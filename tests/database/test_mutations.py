"""The database's own tests notice every rule that is broken. `make mutations` breaks them all and prints the list."""

import hashlib
import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from embedded.migrations import FOLDER
from tests.database.mutations import Mutation, all_mutations
from tests.database.pgtap import COPIES, FILES, Tapped

# Broken, but with nothing to be noticed: what the rule prevents, another one makes impossible, or it only saves work.
HARMLESS = {
    "trigger without its condition: chat_messages follow_message_change": "The books are only kept once more.",
    "trigger without its condition: chat_messages index_changed_message": "The same words are only indexed once more.",
    "trigger without its condition: chat_messages keep_shared_text": "A shared text is only copied sooner.",
    "trigger without its condition: chat_messages attachments_are_readable": "The same values are only read once more.",
    "trigger without its condition: trash end_shares": "A chat that was deleted has no shares any more.",
    "trigger without its condition: chat_sessions name_session": "The function looks itself whether the title changed.",
    "default dropped: chat_sessions.title_source": "The trigger name_session says it for every new chat.",
    **{
        f"trigger {broken}: {table} hold_account": "Two connections show it: tests/database/test_deleted_accounts.py."
        for broken in ("dropped", "without its condition")
        for table in ("websites", "chat_sessions", "chat_messages", "trash", "prompts", "page_comments")
    },
    **{
        f"trigger {broken}: submissions hold_account": "Only the order of locks is another; no two connections show it."
        for broken in ("dropped", "without its condition")
    },
    "default dropped: chat_shares.user_id": "Only share_chat makes shares, and it names the owner.",
    "default dropped: page_shares.user_id": "Only share_page makes shares, and it names the owner.",
    "foreign key without its action: publications publications_user_id_version_id_fkey": "A version goes only with its "
    "website, which takes its publication along.",
    "default dropped: publications.user_id": "Only publish_website publishes, and it names the owner.",
    "default dropped: website_domains.user_id": "Only claim_domain makes claims, and it names the owner.",
    "default dropped: site_versions.files": "The trigger takes none for no change.",
    "default dropped: site_versions.size": "Whatever makes a version says it.",
    "constraint dropped: private.byte_changes byte_changes_pkey": "The database counts its ids itself.",
    "function with its caller's rights: private.count_added_files()": "Only functions that have them add contents.",
    "function with its caller's rights: private.count_ended_answer()": "Only functions that have them end answers.",
    "function with its caller's rights: private.count_trashed_rows()": "Only functions that have them fill the trash.",
    "function with its caller's rights: private.count_added_submissions()": "Only functions that have them take any.",
    "function with its caller's rights: private.count_staged_bytes()": "Only functions that have them stage imports.",
    "function with its caller's rights: private.count_shared_messages()": "Only functions that have them share chats.",
    "constraint dropped: private.ended_links ended_links_pkey": "No link ends twice; it would only be kept twice.",
    "default dropped: trash.user_id": "Only put_in_trash fills the trash, and it names the owner.",
}


@pytest.fixture(scope="module")
def all_of_them(tapped: Tapped) -> list[Mutation]:
    with psycopg.connect(tapped.server.url()) as connection:
        return all_mutations(connection)


@pytest.fixture(scope="module")
def mutations(all_of_them: list[Mutation]) -> list[Mutation]:
    return [mutation for mutation in all_of_them if str(mutation) not in HARMLESS]


def test_what_is_called_harmless_is_still_there(all_of_them: list[Mutation]) -> None:
    assert set(HARMLESS) <= set(map(str, all_of_them))


def test_there_is_something_of_every_kind_to_break(mutations: list[Mutation]) -> None:
    kinds = Counter(mutation.kind for mutation in mutations)
    assert len(kinds) >= 19, kinds
    assert len({str(mutation) for mutation in mutations}) == len(mutations) > 500


def test_a_rule_of_each_kind_is_missed(tapped: Tapped, mutations: list[Mutation]) -> None:
    """Which ones are broken changes with what the database is made of, not from run to run."""
    text = b"".join(file.read_bytes() for file in sorted(FOLDER.glob("*.sql")) + FILES)
    chosen = random.Random(hashlib.sha256(text).digest())
    by_kind = defaultdict(list)
    for mutation in mutations:
        by_kind[mutation.kind].append(mutation)
    assert survivors(tapped, [chosen.choice(some) for some in by_kind.values()]) == []


@pytest.mark.chaos
def test_every_rule_is_missed(tapped: Tapped, mutations: list[Mutation]) -> None:
    left = survivors(tapped, mutations)
    print(f"{len(mutations) - len(left)} of {len(mutations)} broken rules were noticed")
    assert left == []


def survivors(tapped: Tapped, mutations: Sequence[Mutation]) -> list[str]:
    """Break each rule in a copy of its own; print what noticed it as it goes, and return those that nothing did."""
    assert tapped.first_failure() is None, "unspoilt, nothing fails"

    def survives(mutation: Mutation) -> bool:
        failure = tapped.first_failure(mutation.statement)
        print(f"{mutation}\n    {failure or 'SURVIVES'}", flush=True)
        return failure is None

    with ThreadPoolExecutor(COPIES) as pool:
        survive = pool.map(survives, mutations)
        return [str(mutation) for mutation, does in zip(mutations, survive, strict=True) if does]

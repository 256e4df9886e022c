"""What is sealed opens where it belongs, and nowhere else."""

import pytest

from sitethread.sealing import Sealer

SEALER = Sealer("a secret of thirty-two characters")
HERE = ("thread", "alice", "first")


@pytest.mark.parametrize("text", ["", "conv_1", "日本語 🎉", "x" * 10_000])
def test_a_sealed_text_opens_to_itself(text: str) -> None:
    sealed = SEALER.seal(text, *HERE)
    assert SEALER.open(sealed, *HERE) == text
    assert Sealer("a secret of thirty-two characters").open(sealed, *HERE) == text


def test_a_sealed_text_is_base64url_after_its_version_and_never_the_same_twice() -> None:
    sealed = SEALER.seal("conv_1", *HERE)
    assert sealed.startswith("v1.") and sealed.replace("-", "").replace("_", "")[3:].isalnum()
    assert sealed != SEALER.seal("conv_1", *HERE)


def test_the_id_of_a_conversation_fits_the_column() -> None:
    assert len(SEALER.seal("c" * 100, *HERE)) <= 1_000


@pytest.mark.parametrize(
    "place", [("notice", "alice", "first"), ("thread", "charlie", "first"), ("thread", "alice", "second"), ()]
)
def test_it_opens_nowhere_else(place: tuple[str, ...]) -> None:
    assert SEALER.open(SEALER.seal("conv_1", *HERE), *place) is None


def test_parts_of_a_place_do_not_run_into_each_other() -> None:
    sealed = SEALER.seal("conv_1", "thread", "a", "b")
    assert SEALER.open(sealed, "thread", 'a", "b', "") is None


def test_another_secret_does_not_open_it() -> None:
    sealed = Sealer("another secret of 32 characters.").seal("conv_1", *HERE)
    assert SEALER.open(sealed, *HERE) is None


@pytest.mark.parametrize(
    "sealed", ["", "conv_1", "v1.", "v1.AAAA", "v1." + "A" * 80, "v1.é", "v1.\ud800", "v2."]
)
def test_what_was_never_sealed_does_not_open(sealed: str) -> None:
    assert SEALER.open(sealed, *HERE) is None


def test_half_a_character_can_be_sealed_and_does_not_open() -> None:
    assert SEALER.open(SEALER.seal("conv_\ud800", *HERE), *HERE) is None


def test_a_changed_character_keeps_it_closed() -> None:
    sealed = SEALER.seal("conv_123", *HERE)
    for place in range(len(sealed)):
        for other in "Ab.":
            changed = sealed[:place] + other + sealed[place + 1 :]
            assert changed == sealed or SEALER.open(changed, *HERE) is None, place

"""What a worker remembers of an answer that it writes."""

import random
from itertools import pairwise

from sitethread.answers.running import RunningAnswer
from sitethread.answers.stored_text import BLOCK_CHARACTERS, MAX_CHUNKS


def test_a_reader_gets_the_same_text_from_anywhere_however_many_pieces_it_was_stored_in() -> None:
    answer = RunningAnswer("answer", "lease", initial_text="Kept. ")
    whole, rng = "Kept. ", random.Random(5)
    for number in range(15 * MAX_CHUNKS):
        text = f"{number}🎉 " * (80 if number % 10 == 0 else 1)
        answer.add(text)
        answer.mark_stored(answer.pending())
        whole += text
        after = rng.randrange(len(whole))
        assert answer.read(after, 0, 0)[0] == whole[after:]
    assert answer.stored_length == len(whole) > 2 * BLOCK_CHARACTERS
    assert answer.text() == whole
    offsets = sorted({0, len(whole), *(rng.randrange(len(whole)) for _ in range(50))})
    assert "".join(answer.read(a, 0, 0)[0][: b - a] for a, b in pairwise(offsets)) == whole


def test_an_answer_in_many_pieces_is_sent_again_from_where_the_database_fell_back_to() -> None:
    answer = RunningAnswer("answer", "lease")
    whole = ""
    for number in range(3 * MAX_CHUNKS):
        answer.add(f"{number} ")
        answer.mark_stored(answer.pending())
        whole += f"{number} "
    answer.rewind(17)
    assert answer.pending().offset == 17
    assert answer.pending().text == whole[17:]

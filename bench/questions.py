"""What the model reads in turns 5, 20 and 50 of a chat, in tokens of four characters, and what it read before."""

import os
from collections.abc import Callable
from itertools import accumulate, pairwise, takewhile

from bench.edits import usual_page
from bench.servers import serving
from tests.chat_client import ChatClient
from tests.fake_model import FakeModel, Say

TURNS = (5, 20, 50)
MOST_RATIO = 1.1
PAGE = 20_000
BRIEF = "Name: Morrow\nOpening hours: Tue to Sun 8:00 to 18:00\nTone: warm and plain\nNever: stock phrases\n"

Answer = Callable[[int, str], str]


def main() -> bool:
    """Print the tables; tell whether turn 50 of a chat that is full in turn 5 costs at most MOST_RATIO times that."""
    page = cut(usual_page())
    words = "A sentence about the page and what its visitors look for. "
    full = asked(page, "What do you think of the opening, and why? " * 10, lambda _, __: words * 45)
    short = asked(page, "Which of the two headlines is better?", lambda _, __: words * 5)
    edited = asked(page, "Make the first headline shorter, please", with_page)
    ratios = [
        report("advice, 3,000 characters a turn", full),
        report("advice, 330 characters a turn", short),
        report("a new page in each turn", edited),
    ]
    return ratios[0] <= MOST_RATIO


def cut(page: str) -> str:
    """Return the beginning of a page of PAGE characters, ended as pages are."""
    return page[: page.rindex("</section>", 0, PAGE)] + "</section></main></body></html>"


def with_page(turn: int, page: str) -> str:
    changed = page.replace("</h1>", f" {turn}</h1>", 1)
    return f"I made the headline shorter.\n\n```html\n{changed}\n```\n\nNext, the menu could have prices."


def asked(page: str, question: str, answer: Answer) -> list[str]:
    """Return all that the model was sent in each turn of a chat about a page, as one text."""
    os.environ.setdefault("MODEL_TIMEOUT", "60")
    with FakeModel() as model, serving(model.base_url) as (stack, app):
        stack.sql("update private.quotas set allowed = 1000000000")
        with ChatClient(app.url, stack.sign_up().access_token) as client:
            website = client.new_website("Morrow")["id"]
            client.put(f"/api/websites/{website}/brief", {"text": BRIEF})
            client.post(f"/api/websites/{website}/versions", {"page": page})
            session = None
            for turn in range(1, max(TURNS) + 1):
                model.enqueue(Say(answer(turn, page), piece=2_000))
                named = {"session_id": session} if session else {"website_id": website}
                session = client.ask(f"{question} ({turn})", **named).session_id
        return ["".join(m["content"] for m in request["messages"]) for request in model.requests]


def report(name: str, sent: list[str]) -> float:
    """Print a row for each turn of TURNS; return the ratio of the last to the first."""
    print(f"{name:34} tokens   as the turn before, on average so far")
    equal = [0.0, *(equal_beginning(*pair) / len(pair[1]) for pair in pairwise(sent))]
    so_far = list(accumulate(equal))
    for turn in TURNS:
        print(f"  turn {turn:2} {len(sent[turn - 1]) // 4:32,} {100 * so_far[turn - 1] / (turn - 1):8.0f} %")
    ratio = len(sent[TURNS[-1] - 1]) / len(sent[TURNS[0] - 1])
    print(f"  turn {TURNS[-1]} to turn {TURNS[0]} {ratio:25.2f}")
    return ratio


def equal_beginning(before: str, after: str) -> int:
    """Return how many characters both begin with."""
    return sum(1 for _ in takewhile(lambda both: both[0] == both[1], zip(before, after, strict=False)))

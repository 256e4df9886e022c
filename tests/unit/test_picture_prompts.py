"""What the model is told of a website's pictures."""

from typing import Any, cast

import pytest

from sitethread.answers.turns import StartedTurn
from sitethread.picture_prompts import ALT_CHARACTERS, MOST_PICTURES, picture_words
from tests.growth import MOST, growth


def asset(path: str, media_type: str = "image/webp", size: tuple[int | None, int | None] = (60, 40)) -> Any:
    return {"path": path, "media_type": media_type, "width": size[0], "height": size[1]}


def told(*assets: Any, **files: str) -> list[str]:
    page = {"number": 1, "files": {f"{name}.html": text for name, text in files.items()}, "assets": [*assets]}
    return picture_words(cast("StartedTurn", {"page": page})).splitlines()[1:]


def test_without_pictures_nothing_is_said() -> None:
    for page in (None, {"number": 1, "files": {"index.html": "<img src='a.webp' alt='A'>"}}):
        assert picture_words(cast("StartedTurn", {"page": page})) == ""
    assert told(asset("brand.woff2", "font/woff2", (None, None))) == []


def test_each_is_told_with_its_size_and_what_a_page_says_of_it() -> None:
    page = (
        "<img src='images/my%20logo.webp' alt=' Our\n logo '><img src=/b.webp><img src='http://[' alt=x><p>"
    )
    lines = told(
        asset("images/my logo.webp"), asset("b.webp"), asset("c.webp", size=(None, None)), index=page
    )
    assert lines == [
        '- images/my logo.webp (60×40 pixels, used, alt text "Our logo")',
        '- b.webp (60×40 pixels, used, alt text "")',
        "- c.webp (not used yet)",
    ]


def test_long_lists_and_texts_are_cut() -> None:
    many = [asset(f"{number}.webp") for number in range(MOST_PICTURES + 3)]
    lines = told(*many, index=f"<img src=0.webp alt='{'x' * 9_000}'>")
    assert len(lines) == MOST_PICTURES + 1 and lines[-1] == "- and 3 more"
    assert len(lines[0]) < ALT_CHARACTERS + 60


@pytest.mark.parametrize(
    "part", ["<img src=a.webp alt=x>", "<img ", "<img src='", "<", "<img src=../../../a>"]
)
def test_it_costs_as_much_as_the_page_is_long(part: str) -> None:
    def read(page: str) -> object:
        return told(asset("a.webp"), index=page)

    assert growth(read, lambda size: part * (size // len(part)), 300_000) < MOST

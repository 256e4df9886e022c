"""Finding the page in an answer."""

import re

import pytest

from sitethread.limits import LIMITS
from sitethread.prompts import pages_in
from tests.growth import MOST, growth

PAGE = "<!doctype html>\n<html><body>Luna</body></html>\n"


def block(content: str, fence: str = "```html") -> str:
    return f"{fence}\n{content}```\n"


@pytest.mark.parametrize(
    ("markdown", "page"),
    [
        (f"Here it is:\n\n{block(PAGE)}Enjoy.", PAGE),
        (block(PAGE).rstrip("\n"), PAGE),
        (block(PAGE, "```html index.html"), PAGE),
        (f"```html\n{PAGE}```  \t\nEnjoy.", PAGE),
        (block(PAGE) + block(PAGE.replace("Luna", "Sol")), PAGE.replace("Luna", "Sol")),
        (block(PAGE) + block("<b>a part</b>\n"), PAGE),
        (block(PAGE) + "```html\n<!doctype html>\n<html>", PAGE),
        (block(f"\n \n{PAGE}"), PAGE),
        (block("```html\n" + PAGE), None),
        (f"```html\n{PAGE}", None),
        (f" {block(PAGE)}", None),
        (f"```html\n{PAGE} ```\n", None),
        (block(PAGE, "```js"), None),
        (block(PAGE.replace("<body>", "<body>```js\n")), PAGE.replace("<body>", "<body>```js\n")),
        ("", None),
        ("```html", None),
    ],
)
def test_the_last_complete_page_is_found(markdown: str, page: str | None) -> None:
    found = pages_in(markdown)
    assert (found[-1].html if found else None) == page


@pytest.mark.parametrize("parts", [("```html\n", "```\n", "x\n", PAGE), ("```html", "\n", "```", " ", PAGE)])
def test_what_is_found_is_what_the_pattern_of_a_page_says(parts: tuple[str, ...]) -> None:
    pattern = re.compile(r"^```html[^\n]*\n(.*?)^```[ \t]*$", re.MULTILINE | re.DOTALL)
    for number in range(len(parts) ** 5):
        markdown = "".join(parts[number // len(parts) ** place % len(parts)] for place in range(5))
        pages = [
            found for found in pattern.findall(markdown) if found.lstrip().startswith(("<!doctype", "<html"))
        ]
        found = [found.html for found in pages_in(markdown)]
        assert found == [page.strip() + "\n" for page in pages], markdown


@pytest.mark.parametrize(
    "line",
    [
        "```html\n",
        "```html\n```\n",
        "```html\n<html\n```\n",
        "```",
        "``````html",
        "```html\n```x",
        "\n",
        "```html\n \n",
    ],
)
def test_finding_a_page_costs_as_much_as_the_text_is_long(line: str) -> None:
    assert growth(pages_in, lambda size: line * (size // len(line)), LIMITS.answer) < MOST


def test_what_is_too_long_for_an_answer_is_cut_off() -> None:
    assert pages_in("x" * LIMITS.answer + "\n" + block(PAGE)) == []


@pytest.mark.parametrize(
    ("fence", "path"),
    [
        ("```html about.html", "about.html"),
        ("```html: team/ada.html", "team/ada.html"),
        ("```html", "index.html"),
        ("```html ../a.html", "index.html"),
        ("```html a.css", "index.html"),
    ],
)
def test_a_page_has_the_path_that_its_block_names(fence: str, path: str) -> None:
    assert [page.path for page in pages_in(block(PAGE) + block(PAGE, fence))] == ["index.html", path]

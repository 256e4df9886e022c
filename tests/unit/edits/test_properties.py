"""What holds for all texts and pages, however they were edited."""

import html
import random
import re

from hypothesis import event, example, given, settings
from hypothesis import strategies as st

from sitethread.edits.answers import changes_in
from sitethread.edits.applying import apply
from sitethread.edits.changes import Edit, Place
from sitethread.edits.differences import Region, regions
from sitethread.edits.matches import Budget, File, find
from sitethread.edits.rewriting import MOST_HUNKS, changed_places, edits_between, summary
from tests.unit.edits.pages import trade_pages

BUSY = settings(deadline=None, max_examples=100)
TEXTS = st.text(st.sampled_from("ab1 \n<>/=pé’🦄"), max_size=60)
SECTIONS = st.sampled_from(
    [
        "<h1>Luna</h1>\n",
        "<p>Fresh  beans</p>\n",
        "<p>Fresh beans</p>\n",
        "<ul>\n  <li>a\n  <li>b\n</ul>\n",
        '<div class="card"><h3>a</h3></div>\n',
        '<div class="card"><h3>b</h3></div>\n',
        "<pre>\n a  b\n</pre>\n",
        "<p>It’s &amp; “so” on</p>\n",
        "<style>a  { b: c }</style>\n",
        "\n",
    ]
)
PAGES = st.lists(SECTIONS, min_size=1, max_size=25).map(lambda parts: f"<body>\n{''.join(parts)}</body>\n")


def block(edit: Edit) -> str:
    replace = f"{edit.replace}\n" if edit.replace else ""
    return f"```edit {edit.path}\n<<<<<<< SEARCH\n{edit.find}\n=======\n{replace}>>>>>>> REPLACE\n```\n"


@BUSY
@given(TEXTS.filter(str.strip), TEXTS)
@example("1 ", " 1")
def test_the_edits_between_two_texts_make_one_of_the_other(old: str, new: str) -> None:
    assert apply({"a.txt": old}, edits_between("a.txt", old, new)) == {"a.txt": new}


@BUSY
@given(PAGES, PAGES)
def test_the_edits_between_two_pages_make_one_of_the_other(old: str, new: str) -> None:
    edits = edits_between("index.html", old, new)
    assert apply({"index.html": old}, edits) == {"index.html": new}
    assert changes_in("".join(map(block, edits))) == edits


@BUSY
@given(st.one_of(st.tuples(TEXTS, TEXTS), st.tuples(PAGES, PAGES)))
def test_between_what_differs_everything_is_the_same(texts: tuple[str, str]) -> None:
    old, new = texts
    done_old = done_new = 0
    for region in [*regions(old, new), Region(len(old), len(old), len(new), len(new))]:
        assert old[done_old : region.old_start] == new[done_new : region.start]
        done_old, done_new = region.old_end, region.end


def plain(text: str) -> str:
    """What the loosest step compares, made in another way."""
    text = re.sub("[‘’‚‛′]", "'", re.sub("[“”„‟″]", '"', html.unescape(text)))
    return re.sub(r"[ \t\r\n\f]+", " ", text).strip(" ")


def rewritten(text: str, chance: random.Random) -> str:
    """Write a text as a model may repeat it."""
    for pattern, others in [
        (r"[ \n]+", [" ", "\n", "\n\n  ", "\t"]),
        (r" *\n", ["\n", "  \n", "\r\n"]),
        ("’", ["'", "&rsquo;"]),
        ("&amp;", ["&", "&#38;"]),
        ("[“”]", ['"']),
    ]:
        if chance.random() < 0.5:
            text = re.sub(pattern, lambda match, others=others: chance.choice([match[0], *others]), text)  # type: ignore[misc]
    return text


@BUSY
@given(PAGES, st.randoms(use_true_random=False))
def test_what_is_found_is_what_was_looked_for_and_nothing_else_changes(
    page: str, chance: random.Random
) -> None:
    start, end = sorted(chance.sample(range(len(page) + 1), 2))
    search = rewritten(page[start:end], chance)
    spans = find(File("index.html", page), search, Budget())
    event(f"found at {min(len(spans), 2)} places")
    for span in spans:
        assert plain(page[span.start : span.end]) == plain(search)
    for kept in re.findall(r"<(?:pre|style)>[^<]*</", search) if len(spans) == 1 else []:
        inner = re.sub(r"[ \t]*(\r\n|\n)", "\n", kept)
        assert html.unescape(inner) in html.unescape(re.sub(r"[ \t]*\n", "\n", page))
    if len(spans) == 1 and search.strip():
        made = apply({"index.html": page}, [Edit("index.html", search, page[slice(*spans[0])])])
        assert made == {"index.html": page}


def test_pages_of_the_demo_differ_in_the_places_that_were_changed() -> None:
    page = trade_pages()[0]
    new = page.replace("<h1", "<h1 hidden", 1).replace("</footer>", "<p>new</p></footer>", 1)
    places = changed_places({"index.html": page}, {"index.html": new})
    assert [new[place.start : place.end] for place in places] == ["hidden ", "<p>new</p>"]
    assert summary(places) == "changed 2 places"
    edits = edits_between("index.html", page, new)
    assert len(edits) == 2 and all(len(edit.find) < 100 for edit in edits)
    assert apply({"index.html": page}, edits) == {"index.html": new}


def test_words_changed_between_two_tags_are_one_place() -> None:
    places = changed_places(
        {"a.html": "<p>one big step</p>"}, {"a.html": "<p>two big steps</p>", "b.html": "new"}
    )
    assert places == [Place("a.html", 3, 16), Place("b.html", 0, 3)]
    assert summary(places[:1]) == "changed 1 place"


def test_a_page_changed_everywhere_is_shown_in_a_few_hunks() -> None:
    old = "".join(f"<p>{number} a</p>\n<p>{number}</p>\n" for number in range(500))
    new = old.replace(" a<", " b<")
    edits = edits_between("index.html", old, new)
    assert len(edits) == MOST_HUNKS
    assert apply({"index.html": old}, edits) == {"index.html": new}

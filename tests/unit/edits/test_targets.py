"""An edit can't touch what was not pointed at."""

import pytest

from sitethread.edits.changes import Edit, Page, Place
from sitethread.edits.targets import apply_within, locate
from sitethread.errors import EditBreaksPage, EditNotFound, InvalidField, TargetStale

PAGE = """<!doctype html>
<html><head><style>p { color: red }</style></head>
<body>
<div class="card"><h3>Espresso</h3><p>Strong</p></div>
<div class="card"><h3>Latte</h3><p>Mild</p></div>
<footer>Luna</footer>
</body></html>
"""
LATTE = '<div class="card"><h3>Latte</h3><p>Mild</p></div>'
FILES = {"index.html": PAGE, "about.html": "<p>About</p>\n"}


def target(text: str = LATTE, page: str = PAGE) -> Place:
    return Place("index.html", page.index(text), page.index(text) + len(text))


def edit(find: str, replace: str, path: str = "index.html") -> Edit:
    return Edit(path, find, replace)


def test_a_change_inside_is_taken_and_its_place_is_told() -> None:
    done = apply_within(FILES, [edit("Mild", "Soft")], target())
    assert done.files == {**FILES, "index.html": PAGE.replace("Mild", "Soft")}
    assert [done.files[path][start:end] for path, start, end in done.places] == ["Soft"]
    assert done.left_out == []


@pytest.mark.parametrize(
    ("changes", "texts"),
    [
        ([edit("Luna", "Sol")], ["Luna"]),
        ([edit("Strong", "Dark")], ["Strong"]),
        ([edit("red", "green")], ["red"]),
        ([edit("About", "Us", "about.html")], ["About"]),
        ([edit("", "<p>New</p>", "new.html")], [""]),
        ([edit(LATTE, LATTE + "<p>behind</p>")], [""]),
        ([edit(LATTE, "<p>before</p>\n" + LATTE)], [""]),
        ([edit("Mild</p></div>\n<footer>", 'Mild</p></div>\n<footer class="x">')], [""]),
        ([edit("<p>Mild", "<style>p { color: blue }</style><p>Mild")], [""]),
        ([edit("<p>Mild", "<link rel=stylesheet href=a.css><p>Mild")], [""]),
    ],
)
def test_a_change_outside_is_left_out_and_told(changes: list[Edit], texts: list[str]) -> None:
    done = apply_within(FILES, changes, target())
    assert done.files == FILES
    assert done.places == []
    assert [FILES.get(path, "")[start:end] for path, start, end in done.left_out] == texts


def test_of_a_hunk_over_both_the_part_inside_is_taken() -> None:
    done = apply_within(
        FILES, [edit("Mild</p></div>\n<footer>Luna", "Soft</p></div>\n<footer>Sol")], target()
    )
    assert done.files["index.html"] == PAGE.replace("Mild", "Soft")
    assert len(done.left_out) == 1


def test_of_a_whole_page_the_part_inside_is_taken() -> None:
    page = (
        PAGE.replace("Mild", "Soft")
        .replace("Luna", "Sol")
        .replace("red", "blue")
        .replace("Espresso", "Lungo")
    )
    done = apply_within(FILES, [Page("index.html", page)], target())
    assert done.files["index.html"] == PAGE.replace("Mild", "Soft")
    assert [PAGE[start:end] for _, start, end in done.left_out] == ["red", "Espresso", "Luna"]


def test_the_whole_element_can_be_replaced() -> None:
    done = apply_within(FILES, [edit(LATTE, "<article>New</article>")], target())
    assert done.files["index.html"] == PAGE.replace(LATTE, "<article>New</article>")


@pytest.mark.parametrize("between", ["", "\n", "\n    "])
def test_the_whole_element_can_be_taken_away_beside_its_like(between: str) -> None:
    one, two, three = (f"<li>{number}</li>" for number in (1, 2, 3))
    page = between.join(["<ul>", one, two, three, "</ul>"])
    done = apply_within({"index.html": page}, [edit(two, "")], target(two, page))
    assert (done.files["index.html"], done.left_out) == (page.replace(two, ""), [])


@pytest.mark.parametrize(
    "text",
    [
        "</div><div>Mild",
        "Mild<!-- ",
        "Mild<b>",
        "Mild</p></div></body><body><div><p>",
    ],
)
def test_a_change_inside_can_not_reach_out_by_its_tags(text: str) -> None:
    page = PAGE.replace("<footer>", "<!-- the end --><footer>")
    with pytest.raises(EditBreaksPage):
        apply_within({"index.html": page}, [edit("Mild", text)], target(page=page))


def test_a_change_inside_can_not_divide_what_is_around_it() -> None:
    with pytest.raises(EditBreaksPage):
        apply_within(FILES, [edit("Mild", 'New</p></div><div class="x"><p>Mild')], target("<p>Mild</p>"))


def test_what_does_not_fit_is_refused_inside_and_outside() -> None:
    with pytest.raises(EditNotFound):
        apply_within(FILES, [edit("Mild", "Soft"), edit("Nowhere", "x")], target())


def test_a_target_of_the_same_file_is_where_it_was() -> None:
    assert locate(target(), PAGE, PAGE) == target()


def test_a_target_that_moved_is_found() -> None:
    now = PAGE.replace("<footer>", "<p>new</p><footer>").replace("Espresso", "Ristretto")
    found = locate(target(), PAGE, now)
    assert now[found.start : found.end] == LATTE and found != target()


@pytest.mark.parametrize("now", [PAGE.replace("Mild", "Soft"), PAGE.replace(LATTE, LATTE + LATTE), ""])
def test_a_target_that_is_gone_or_there_twice_is_stale(now: str) -> None:
    with pytest.raises(TargetStale):
        locate(target(), PAGE, now)


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (3, 3), (5, 3), (0, len(PAGE) + 1)])
def test_a_target_out_of_its_file_is_refused(start: int, end: int) -> None:
    with pytest.raises(InvalidField):
        locate(Place("index.html", start, end), PAGE, PAGE)


def test_a_target_in_a_file_that_is_not_there_is_refused() -> None:
    with pytest.raises(InvalidField):
        apply_within(FILES, [], Place("gone.html", 0, 1))

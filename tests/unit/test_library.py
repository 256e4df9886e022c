"""Which files of the library pages ask for, what their links become, and that reading them holds up nobody."""

import re
from typing import Any

import pytest

from sitethread import errors, helpers
from sitethread.answers import made_pages
from sitethread.answers.turns import StartedTurn
from sitethread.library import additions, catalogue, links, uses
from sitethread.library.additions import Standing
from tests.answers.sites import MENU, PAGE, edit, whole
from tests.growth import MOST, growth

ICONS = catalogue.ICONS
TWO = ("fonts/inter.css", "fonts/lora.css")
EMPTY = Standing(paths=(), icons="", room=4_000_000)
INTER = '<link rel="stylesheet" href="fonts/inter.css">'
GOOGLE = "https://fonts.googleapis.com/css2?family="
SETS = "https://cdn.jsdelivr.net/npm"


def in_head(text: str) -> str:
    return f"<!doctype html>\n<html><head>\n{text}\n</head><body></body></html>\n"


@pytest.mark.parametrize(
    ("path", "text", "files"),
    [
        ("index.html", in_head(INTER), ["fonts/inter.css"]),
        ("index.html", in_head("<link href=./fonts/lora.css rel=stylesheet>"), ["fonts/lora.css"]),
        ("index.html", in_head('<link href="/fonts/lora.css?v=2" rel="stylesheet">'), ["fonts/lora.css"]),
        ("a/b/x.html", in_head('<link rel="stylesheet" href="../../fonts/dm-sans.css">'), ["fonts/dm-sans.css"]),
        ("a/x.html", in_head(INTER), []),
        ("index.html", in_head('<link rel="stylesheet" href="../fonts/inter.css">'), []),
        ("index.html", in_head('<link rel="stylesheet" href="fonts/helvetica.css">'), []),
        ("index.html", in_head(f"<link href='{ICONS}' rel=stylesheet>{INTER * 2}"), [ICONS, "fonts/inter.css"]),
        ("css/a.css", '@import url(../fonts/inter.css);@import "../fonts/lora.css";', [*TWO]),
        ("a.txt", '"fonts/inter.css"', []),
        ("index.html", "<p>fonts/inter.css</p>", []),
    ],
)  # fmt: skip
def test_pages_and_stylesheets_get_the_files_that_they_lead_to(
    path: str, text: str, files: list[str]
) -> None:
    found = additions.additions({path: text}, EMPTY)
    assert [*found] == files
    assert additions.asked_for({path: text}) == bool(files)
    for file, css in found.items():
        assert css.startswith(catalogue.MARK) and re.search(r"SIL Open Font License|MIT License", css), file


def test_each_family_is_one_small_file_that_loads_nothing() -> None:
    assert 12 <= len(catalogue.families()) <= 16
    for family in catalogue.families().values():
        css = catalogue.stylesheet(family)
        assert len(css) < 140_000 and css.count("@font-face") >= 2
        assert (
            css.count(f'font-family:"{family.name}"')
            == css.count("@font-face")
            == css.count("src:url(data:font/woff2;base64,")
        )
        assert "url(data:" in css and "url(h" not in css and "Copyright" in css[:300]


def test_icons_are_added_to_those_that_there_are_and_none_goes() -> None:
    link = f'<link rel="stylesheet" href="{ICONS}">'
    page = f'{link}<i class="bi bi-telephone"></i><i class="bi bi-nonsense"></i>'
    page += '<script>x.className = "bi bi-moon"</script> bi-camera-x'
    css = additions.additions({"index.html": page}, EMPTY)[ICONS]
    assert re.findall(r"^\.bi-([\w-]+)\{", css, re.MULTILINE) == ["telephone", "moon"]
    edited = css + ".bi-telephone{color:red}\n"
    other = page.replace("telephone", "geo-alt")
    grown = additions.additions({"index.html": other}, Standing({ICONS}, edited, 4_000_000))[ICONS]
    assert grown.startswith(edited) and ".bi-geo-alt{" in grown and grown.count(".bi-moon{") == 1
    assert additions.additions({"index.html": page}, Standing({ICONS}, css, 4_000_000)) == {}
    every = "".join(f'<i class="bi bi-{name}">' for name in catalogue.icons())
    assert (
        additions.additions({"index.html": link + every}, EMPTY)[ICONS].count("{--bi:")
        == additions.MOST_ICONS
    )


def test_what_stands_at_a_path_is_its_owner_s() -> None:
    page = f'{INTER}<link rel="stylesheet" href="{ICONS}"><i class="bi bi-telephone"></i>'
    mine = additions.standing_in({"fonts/inter.css": "/* mine */", ICONS: "/* mine */"}, ())
    assert additions.additions({"index.html": page}, mine) == {}
    assert additions.additions({"index.html": page, "fonts/inter.css": "/* mine */", ICONS: ""}, EMPTY) == {}


def test_where_there_is_no_room_the_change_is_made_without_the_library() -> None:
    page = INTER + '<link rel="stylesheet" href="fonts/lora.css">'
    assert [*additions.additions({"index.html": page}, Standing((), "", 90_000))] == ["fonts/lora.css"]
    full = Standing({f"{number}.txt" for number in range(98)}, "", 4_000_000)
    assert [*additions.additions({"index.html": page}, full)] == ["fonts/inter.css"]


def test_without_a_front_end_there_is_no_library(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setattr(catalogue, "FOLDER", tmp_path)
    page = (
        in_head(f'{INTER}<link rel="stylesheet" href="{GOOGLE}Inter">')
        + f'<i class="bi bi-moon" title="{ICONS}">'
    )
    assert catalogue.families() == {} and additions.additions({"index.html": page}, EMPTY) == {}
    assert links.brought_home({}, {"index.html": page}) == {"index.html": page}


@pytest.mark.parametrize(
    ("was", "now"),
    [
        (f'<link href="{GOOGLE}Inter:wght@400;700&amp;display=swap" rel="stylesheet">', INTER),
        (
            '<link rel="preconnect" href="https://fonts.googleapis.com">\n'
            '<link rel=preconnect href="https://fonts.gstatic.com" crossorigin>\n'
            f'<link href="{GOOGLE}Playfair+Display:ital,wght@0,400;1,400&family=Inter&display=swap" rel="stylesheet">',
            f'<link rel="stylesheet" href="fonts/playfair-display.css">\n{INTER}',
        ),
        (
            f'<link href="{GOOGLE}Inter:wght@400&amp;family=Rubik:wght@300;500&amp;display=swap" rel="stylesheet">',
            f'{INTER}\n<link href="{GOOGLE}Rubik:wght@300;500&amp;display=swap" rel="stylesheet">',
        ),
        (f'{INTER}<link href="//fonts.googleapis.com/css?family=inter:400" rel=stylesheet>', INTER),
        (
            '<link href="https://fonts.googleapis.com/css?family=Inter|Rubik|Karla:300" rel="stylesheet">',
            f'{INTER}\n<link href="https://fonts.googleapis.com/css?family=Rubik|Karla:300&amp;display=swap" '
            'rel="stylesheet">',
        ),
        (f"<style>@import url('{GOOGLE}Inter&display=swap');\np {{}}</style>", f"{INTER}\n<style>p {{}}</style>"),
        (
            f'<link rel="stylesheet" href="{SETS}/bootstrap-icons@1.11.3/font/bootstrap-icons.min.css">',
            f'<link rel="stylesheet" href="{ICONS}">',
        ),
        *(
            (kept, kept)
            for kept in (
                f'<link rel="preconnect" href="https://fonts.gstatic.com"><link href="{GOOGLE}Rubik" rel="stylesheet">',
                f"<style>@import url('{GOOGLE}Inter&family=Rubik');</style>",
                '<link rel="stylesheet" href="https://cdnjs.cloudflare.com/ajax/libs/font-awesome/6.5.0/css/all.min.css">',
                "<p>See fonts.googleapis.com/css2?family=Inter and bootstrap-icons.css</p>",
            )
        ),
    ],
)  # fmt: skip
def test_new_links_to_what_the_library_has_lead_to_it(was: str, now: str) -> None:
    path, page = "index.html", in_head(was)
    assert links.brought_home({}, {path: page})[path] == in_head(now)
    assert links.brought_home({path: page}, {path: page + "<!-- -->"})[path] == page + "<!-- -->"


def turn(files: dict[str, str], target: str = "", library: dict[str, str] | None = None) -> StartedTurn:
    page: dict[str, Any] = {"number": 1, "files": files} | ({"library": library} if library else {})
    given: Any = {
        "website": {"id": "x", "name": "Luna"},
        "page": page,
        "user_message": {"content": "Change it"},
        "answer": {"version_id": None, "content": ""},
    }
    if target:
        start = files["index.html"].index(target)
        given["target"] = {"path": "index.html", "start": start, "end": start + len(target)}
    started: StartedTurn = given
    return started


def test_icons_in_a_target_are_shown_and_what_shows_them_is_no_change_outside() -> None:
    icon = '<i class="bi bi-clock"></i>'
    page = PAGE.replace("<title>", '<link rel="icon" href="data:,"><title>')
    answer = edit("Rye, wheat", f"{icon} Rye") + edit("<title>Luna", f"{INTER}<title>Luna")
    made = made_pages.made(answer, turn({"index.html": page}, MENU))
    assert made
    new = made.files["index.html"]
    assert new == page.replace("Rye, wheat", f"{icon} Rye").replace(
        "</head>", f'<link rel="stylesheet" href="{ICONS}">\n</head>'
    )
    assert {*made.files} == {"index.html", ICONS} and ".bi-clock{" in made.files[ICONS]
    (place,) = made.changes["places"]
    assert (
        new[place["start"] : place["end"]] in f"{icon} Rye"
        and "bi-clock" in new[place["start"] : place["end"]]
    )
    # Fonts are linked in the head, which all of the page shares.
    assert [one["path"] for one in made.changes["left_out"]] == ["index.html"]
    # What an answer left out is allowed later: then the icons stay linked, too.
    allowed = made_pages.all_made(answer, {"index.html": page})["index.html"]
    assert INTER in allowed and allowed.count(ICONS) == 1


def test_an_answer_adds_what_its_page_asks_for_and_tells_of_the_page_alone() -> None:
    first = PAGE.replace("<title>", f'<link href="{GOOGLE}Inter" rel="stylesheet"><title>')
    made = made_pages.made(whole(first), turn({}))
    assert (
        made
        and {*made.files} == {"index.html", "fonts/inter.css"}
        and "googleapis" not in made.files["index.html"]
    )
    assert {place["path"] for place in made.changes["places"]} == {"index.html"}
    # The model is not told of the library's files that are there, and can't write over them.
    there = turn({"index.html": made.files["index.html"]}, library={"fonts/inter.css": ""})
    again = made_pages.made(edit("Rye", "Oats"), there)
    assert again and {*again.files} == {"index.html"}
    with pytest.raises(errors.EditNotFound):
        made_pages.made("```edit fonts/inter.css\n<<<<<<< SEARCH\n=======\nx\n>>>>>>> REPLACE\n```\n", there)


@pytest.mark.parametrize(
    "part",
    [
        'class="bi bi-x"', '<i class="bi bi-moon">', "class=", " bi-", "bi-bi-", '"../', '"fonts/inter.css"', '"fonts/',
        '<link rel=stylesheet href="https://fonts.googleapis.com/css2?family=Inter">', "<link ", "@import url(", "a-",
        "</head ",
        "@import 'https://fonts.googleapis.com/", "<style>@import ", "&family=Inter",
    ],
)  # fmt: skip
def test_looking_for_the_library_costs_as_much_as_a_page_is_long(part: str) -> None:
    def run(page: str) -> None:
        new = links.brought_home({}, {"index.html": page})
        links.icons_linked({}, new)
        additions.additions(new, EMPTY)

    assert (
        growth(run, lambda size: f"{GOOGLE}bootstrap-icons bi- " + part * (size // len(part)), 64_000) < MOST
    )


def test_helpers_are_told_the_families_that_there_are() -> None:
    (line,) = [line for line in helpers.rules("page_rules").splitlines() if line.startswith("- Fonts:")]
    told = re.findall(
        r'(?:"|for |, | and )([A-Z]\w+(?: [A-Z]\w+)?)(?=[",. ])', line.partition(". At most")[0] + "."
    )
    assert {*told} == {family.name for family in catalogue.families().values()}
    assert f'href="{ICONS}"' in helpers.rules("page_rules") and uses.icons_in('"bi-telephone"')

"""Names of files that every system accepts."""

import pytest

from sitethread.edits.paths import is_inside
from sitethread.file_names import stem_of


@pytest.mark.parametrize(
    ("title", "stem"),
    [
        ("Luna: Café/Bar", "Luna-Café-Bar"),
        ("../..", "sitethread"),
        ("", "sitethread"),
        ("CON", "CON-"),
        ("x" * 99, "x" * 80),
    ],
)
def test_a_title_becomes_a_name(title: str, stem: str) -> None:
    assert stem_of(title) == stem and is_inside(stem)


@pytest.mark.parametrize(
    "path",
    [
        "index.html",
        "images/a b.svg",
        "ünï/ç.txt",
        "写真/カフェ.css",
        "a",
        "console.js",
        "a" * 100,
        "a/" * 9 + "a",
    ],
)
def test_a_path_that_unpacks_anywhere(path: str) -> None:
    assert is_inside(path)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/a",
        "a/",
        "a//b",
        "../a",
        "a/../b",
        "a\\b",
        "C:a",
        ".a",
        "a.",
        "a ",
        "nul.txt",
        "x/CON",
        "a\nb",
        "a" * 101,
        "a..b",
        "e\u0301",
        "a\u202eb",
        "a/" * 10 + "a",
        ("a" * 49 + "/") * 4 + "a",
    ],
)
def test_a_path_that_may_not(path: str) -> None:
    assert not is_inside(path)

"""Names of files that every system accepts."""

import pytest

from sitethread.file_names import is_safe, stem_of


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
    assert stem_of(title) == stem and is_safe(stem)


@pytest.mark.parametrize("path", ["index.html", "images/a b.svg", "ünï/ç.txt", "a", ".well-known"[1:]])
def test_a_path_that_unpacks_anywhere(path: str) -> None:
    assert is_safe(path)


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
    ],
)
def test_a_path_that_may_not(path: str) -> None:
    assert not is_safe(path)

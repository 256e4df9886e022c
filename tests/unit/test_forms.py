"""Forms of published pages: what is put into their source, and that it costs little."""

import pytest

from sitethread.edits import tags
from sitethread.publishing import forms
from sitethread.publishing.replacements import replaced
from tests.growth import MOST, growth


def served(page: str, path: str = "index.html", root: str = "", consent: str = "") -> str:
    return replaced(page, forms.replacements(page, tags.read(page).elements, path, root, consent))


def test_a_form_gets_its_address_and_its_fields_names() -> None:
    page = served(
        "<h2>Write to us!</h2><form action='#'><label>Your name <input></label>"
        "<label for=e>E-mail: *</label><input id=e>"
        "<textarea placeholder=Words></textarea><input name=kept><input type=submit></form>",
        "a/b.html",
        "../",
    )
    assert page.startswith('<h2>Write to us!</h2><form action="../_forms/write-to-us" method="post" enctype=')
    for name in (
        'name="Your name"',
        '<input name="E-mail" id=e>',
        'name="Words"',
        "<input name=kept><input type=submit>",
    ):
        assert name in page
    assert '<input type="hidden" name="_page" value="a/b.html">' in page


def test_forms_are_told_apart_and_named_by_what_is_in_them() -> None:
    page = served("<form id=Contact></form><form name=contact></form><form><h3>Бюро</h3></form><form></form>")
    names = [part.split('"')[0] for part in page.split('action="_forms/')[1:]]
    assert names == ["contact", "contact-2", "бюро", "бюро-2"]


def test_forms_that_lead_elsewhere_and_dialogs_stay() -> None:
    for form in (
        "<form action='mailto:a@b.example'><input></form>", "<form action=https://x.example/><input></form>",
        "<form action=//x.example><input></form>", "<form method=dialog><button>Close</button></form>", "<p>None</p>",
    ):  # fmt: skip
        assert served(form) == form
    assert 'action="_forms/' in served("<form action='javascript:void(0)'></form>")


def test_a_button_can_t_lead_the_form_astray_and_consent_comes_before_it() -> None:
    page = served(
        '<form><input name=a><button formaction="/x" formmethod=get>Go</button></form>',
        consent='Say "yes" <b>',
    )
    assert '<button formaction="_forms/form" formmethod="post" formaction="/x"' in page
    assert page.index("Say &quot;yes&quot; &lt;b&gt;") < page.index("<button")
    assert page.index("_homepage") > page.index("</button>")


@pytest.mark.parametrize(
    "part",
    ["<form><input>", "<input>", "<label><", "<h2>x", "<form id=x><button form=x>", "<form><input name=a "],
)
def test_what_forms_cost_grows_with_the_page(part: str) -> None:
    assert growth(served, lambda size: "<form>" + part * (size // len(part)), 100_000) < MOST


def test_of_endless_forms_and_fields_some_are_changed() -> None:
    many = "<form><input>" * 5_000 + "<form>" + "<input>" * 20_000
    assert len(forms.replacements(many, tags.read(many).elements, "index.html", "")) < 50 * 105


def test_a_free_name_is_looked_for_once() -> None:
    class Counted(set[str]):
        lookups = 0

        def __contains__(self, name: object) -> bool:
            self.lookups += 1
            return super().__contains__(name)

    names = forms.Names()
    names._taken = taken = Counted(f"input {number}" for number in range(2, 1_000))
    assert [names.free("input", " ") for _ in range(3)] == ["input", "input 1000", "input 1001"]
    assert taken.lookups < 1_010

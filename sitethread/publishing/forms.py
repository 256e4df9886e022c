"""Forms of published pages: what is replaced in their source, so that what visitors send arrives without any script."""

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sitethread.edits.tags import Element
from sitethread.publishing.replacements import Replacement
from sitethread.publishing.start_tags import attributes_of
from sitethread.scheduling import giving_way

FOLDER = "_forms"
"""Below a website's address: where its forms are sent to."""
HONEYPOT, PAGE, SECONDS, CONSENT = "_homepage", "_page", "_seconds", "_consent"
"""The names of the fields that are added: people leave the honeypot empty, as they don't see it; of the seconds that a
form was open a script tells."""

# About 5 ms of elements.
_YIELD_EVERY = 1_000
_MOST_FORMS, _MOST_FIELDS, _LONGEST_NAME, _LONGEST_TEXT = 50, 100, 60, 80
_FIELDS = frozenset({"input", "select", "textarea"})
_BUTTON_TYPES = frozenset({"submit", "button", "image", "reset"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_ELSEWHERE = re.compile(r"\s*(?:(?!javascript:)[a-z][a-z0-9+.-]*:|[/\\]{2})", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>?")
_NOT_IN_NAMES = re.compile(r"[\W_]+")
# Out of sight and of the tab order, and out of the flow, so that the page looks as it did.
_HIDDEN = (
    "position:absolute;width:1px;height:1px;margin:0;padding:0;overflow:hidden;clip-path:inset(50%);opacity:0"
)
_ADDED = (
    '<div style="{style}" aria-hidden="true"><label>Leave this empty '
    '<input name="{honeypot}" tabindex="-1" autocomplete="off"></label></div>'
    '<input type="hidden" name="{page}" value="{path}"><input type="hidden" name="{seconds}">'
    "<script>(i=>{{const t=Date.now();"
    "i.form.addEventListener('submit',()=>{{i.value=Math.round((Date.now()-t)/1e3)}})}})"
    "(document.currentScript.previousElementSibling)</script>"
)
_AGREEMENT = (
    '<p style="display:flex;gap:.6em;align-items:baseline;margin:.8em 0">'
    '<input type="checkbox" id="{id}" name="{name}" value="{text}" required style="flex:none;width:auto">'
    '<label for="{id}">{text}</label></p>'
)


class Names:
    """Names that are taken. To find free ones takes time that grows with how many are asked for and taken, once."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._last: dict[str, int] = {}

    def take(self, name: str) -> None:
        self._taken.add(name)

    def free(self, name: str, joint: str) -> str:
        """Return a name, with a number if it is taken, and take it."""
        number = self._last.get(name, 0) + 1
        while (found := name if number == 1 else f"{name}{joint}{number}") in self._taken:
            number += 1
        self._last[name] = number
        self._taken.add(found)
        return found


@dataclass
class Form:
    """A form that is sent to us, with the fields that have no name yet."""

    name: str
    element: Element
    unnamed: list[tuple[Element, str]] = field(default_factory=list)
    names: Names = field(default_factory=Names)
    buttons: list[Element] = field(default_factory=list)
    has_files: bool = False


def replacements(
    page: str, elements: Sequence[Element], path: str, root: str, consent: str = ""
) -> list[Replacement]:
    """Return what is replaced in a page of a path, in order; `elements` are those of its source.

    `root` leads from there to the website's root, `consent` is what visitors must agree to.
    Forms that are sent elsewhere (`mailto:`, another website) stay as they are.
    """
    return sorted(
        replacement
        for form in forms_of(page, elements)
        for replacement in _of_form(page, form, path, root, consent)
    )


def forms_of(page: str, elements: Sequence[Element]) -> list[Form]:
    """Return the forms of a page that are sent to us."""
    if not any(element.tag == "form" for element in elements):
        return []
    return list(_Reader(page).read(elements))


def addresses_elsewhere(page: str, elements: Sequence[Element]) -> Iterator[tuple[Element, str]]:
    """Yield the forms of a page, and their buttons, that send to another address than ours, with that address."""
    for element in giving_way(elements, _YIELD_EVERY):
        name = {"form": "action", "button": "formaction", "input": "formaction"}.get(element.tag)
        if name:
            attributes = attributes_of(page, element)
            address = attributes.get(name, "").strip()
            if _ELSEWHERE.match(address) and attributes.get("method", "").lower() != "dialog":
                yield element, address


class _Reader:
    """Goes through the elements once."""

    def __init__(self, page: str) -> None:
        self._page = page
        self._labels: dict[str, str] = {}
        self._by_id: dict[str, Form] = {}
        self._names = Names()
        self._heading = self._around = ""
        # The heading before a form that names itself by nothing in it.
        self._before: dict[int, str] = {}
        self._around_end = 0

    def read(self, elements: Sequence[Element]) -> Iterator[Form]:
        self._labels = dict(self._labels_in(elements))
        forms, current = list[Form](), None
        for element in giving_way(elements, _YIELD_EVERY):
            if current and element.start >= current.element.end:
                current = None
            if element.tag in _HEADINGS:
                self._heading = _text(self._page, element)
                if current and not current.name:
                    self._name(current, self._heading)
            elif element.tag == "label":
                self._around, self._around_end = _text(self._page, element), element.end
            elif element.tag == "form" and len(forms) < _MOST_FORMS:
                current = self._begun(element)
                forms += [current] if current else []
            elif element.tag in _FIELDS or element.tag == "button":
                self._field(element, current)
        for form in forms:
            if not form.name:
                self._name(form, self._before.get(form.element.start) or "form")
            form.name = form.name or self._names.free("form", "-")
        yield from forms

    def _labels_in(self, elements: Iterable[Element]) -> Iterator[tuple[str, str]]:
        for element in giving_way(elements, _YIELD_EVERY):
            if element.tag == "label" and (target := attributes_of(self._page, element).get("for")):
                yield target, _text(self._page, element)

    def _begun(self, element: Element) -> Form | None:
        attributes = attributes_of(self._page, element)
        if _ELSEWHERE.match(attributes.get("action", "")) or attributes.get("method", "").lower() == "dialog":
            return None
        form = Form("", element)
        said = attributes.get("name") or attributes.get("id") or attributes.get("aria-label")
        self._name(form, said or "")
        self._before[element.start] = self._heading
        if "id" in attributes:
            self._by_id[attributes["id"]] = form
        return form

    def _name(self, form: Form, said: str) -> None:
        """Name a form, unless nothing is left of what is said; no two have one name."""
        stem = _NOT_IN_NAMES.sub("-", unicodedata.normalize("NFKC", said[:_LONGEST_TEXT]).lower())
        stem = stem[:_LONGEST_NAME].strip("-")
        if stem:
            form.name = self._names.free(stem, "-")

    def _field(self, element: Element, around: Form | None) -> None:
        attributes = attributes_of(self._page, element)
        form = self._by_id.get(attributes["form"]) if "form" in attributes else around
        if form is None:
            return
        kind = attributes.get("type", "").lower()
        if element.tag == "button" or kind in _BUTTON_TYPES:
            if (
                kind in {"", "submit", "image"}
                and len(form.buttons) < _MOST_FIELDS
                and not _ELSEWHERE.match(attributes.get("formaction", ""))
            ):
                form.buttons.append(element)
            return
        form.has_files = form.has_files or kind == "file"
        if name := attributes.get("name"):
            form.names.take(name)
        elif len(form.unnamed) < _MOST_FIELDS:
            form.unnamed.append((element, self._called(element, attributes)))

    def _called(self, element: Element, attributes: Mapping[str, str]) -> str:
        around = self._around if element.start < self._around_end else ""
        said = (
            self._labels.get(attributes.get("id", ""), "") or around or attributes.get("aria-label")
            or attributes.get("placeholder") or attributes.get("id") or attributes.get("type") or element.tag
        )  # fmt: skip
        return " ".join(said.split())[:_LONGEST_TEXT].strip(" :*") or element.tag


def _of_form(page: str, form: Form, path: str, root: str, consent: str) -> Iterator[Replacement]:
    action = f"{root}{FOLDER}/{form.name}"
    # Of an attribute that is given twice, the first counts.
    yield _with(form.element, action=action, method="post", enctype="application/x-www-form-urlencoded")
    for button in form.buttons:
        attributes = attributes_of(page, button)
        overridden = {
            "formaction": action,
            "formmethod": "post",
            "formenctype": "application/x-www-form-urlencoded",
        }
        given = {name: value for name, value in overridden.items() if name in attributes}
        if given:
            yield _with(button, **given)
    for element, said in form.unnamed:
        yield _with(element, name=form.names.free(said, " "))
    end = form.element.content_end
    if consent:
        inside = [button.start for button in form.buttons if form.element.start < button.start < end]
        place = inside[-1] if inside else end
        yield Replacement(place, place, _agreement(form.name, consent))
    yield Replacement(end, end, _added(path))


def _with(element: Element, **attributes: str) -> Replacement:
    place = element.start + 1 + len(element.tag)
    text = "".join(f' {name}="{html.escape(value)}"' for name, value in attributes.items())
    return Replacement(place, place, text)


def _added(path: str) -> str:
    return _ADDED.format(style=_HIDDEN, honeypot=HONEYPOT, page=PAGE, path=html.escape(path), seconds=SECONDS)


def _agreement(form: str, consent: str) -> str:
    return _AGREEMENT.format(id=html.escape(f"{form}-consent"), name=CONSENT, text=html.escape(consent))


def _text(page: str, element: Element) -> str:
    source = page[element.content_start : min(element.content_end, element.content_start + 500)]
    return " ".join(html.unescape(_TAG.sub(" ", source)).split())[:_LONGEST_TEXT]

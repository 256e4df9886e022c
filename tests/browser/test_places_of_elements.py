"""The elements that edit mode selects are, as the browser parses many pages, those that their source says."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Route

from sitethread.edits.selectable import selectable
from tests.unit.edits.pages import corpus

PAGES = 400
AT_ONCE = 50
_SOURCES = Path(__file__).resolve().parents[2] / "static" / "js"
_SITE = "http://modules.test"

# For each page: how many elements can be selected, and those of which the source says something else. One is marked in
# the source by an attribute, and the page parsed again: nothing but that element may be another one.
_CHECK = """async (pages) => {
  const { MarkedPage } = await import('/inspector/marked-page.js');
  const inside = (around, text) => {
    const range = document.createRange();
    range.selectNodeContents(around.cloneNode(false));
    return range.createContextualFragment(text);
  };
  let selectable = 0, all = 0;
  const wrong = [];
  for (const [seed, text, places] of pages) {
    const page = new MarkedPage({ text, places, files: {} });
    all += places.length;
    for (const [number, [start, contentStart, contentEnd, end]] of places.entries()) {
      const element = page.original(number);
      if (!element || page.numberOf(element) !== number) continue;
      selectable += 1;
      const slice = text.slice(start, end);
      const fragment = inside(element.parentNode, slice);
      const [only, ...others] = fragment.childNodes;
      const isTag = text.slice(start, contentStart).toLowerCase().startsWith('<' + element.localName.toLowerCase());
      if (others.length || only?.outerHTML !== element.outerHTML || !isTag) wrong.push([seed, slice]);
    }
    const certain = places.map((_, n) => n).filter((n) => page.original(n) && page.numberOf(page.original(n)) === n);
    if (!certain.length) continue;
    const number = certain[(seed * 7919) % certain.length];
    const [start] = places[number];
    const at = start + /^<[a-z][^\\s/>]*/i.exec(text.slice(start))[0].length;
    const parse = (html) => new DOMParser().parseFromString(html, 'text/html');
    const marked = parse(text.slice(0, at) + ' data-mark=""' + text.slice(at));
    const [found, ...more] = marked.querySelectorAll('[data-mark]');
    found?.removeAttribute('data-mark');
    const isSame = marked.isEqualNode(parse(text)) && found.isEqualNode(page.original(number));
    if (more.length || !isSame) wrong.push([seed, 'marked', text.slice(at - 9, at + 9)]);
  }
  return [selectable, all, wrong];
}"""


def in_utf_16(text: str, places: list[tuple[int, ...]]) -> list[list[int]]:
    """Count UTF-16 units instead of code points."""
    return [[len(text[:place].encode("utf-16-le")) // 2 for place in each] for each in places]


def serve(route: Route) -> None:
    path = _SOURCES / route.request.url.removeprefix(f"{_SITE}/")
    if path.is_file():
        route.fulfill(body=path.read_text(encoding="utf-8"), content_type="text/javascript")
    else:
        route.fulfill(body="<!doctype html><title>Modules</title>", content_type="text/html")


def test_the_source_of_every_element_that_can_be_selected_is_that_element(browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.route(f"{_SITE}/**", serve)
    page.goto(_SITE)
    counts = [0, 0]
    wrong: list[Any] = []
    batch: list[Any] = []
    for seed, text in enumerate(corpus(PAGES)):
        batch.append([seed, text, in_utf_16(text, [element[1:] for element in selectable(text)])])
        if len(batch) == AT_ONCE:
            certain, all_, found = page.evaluate(_CHECK, batch)
            counts = [counts[0] + certain, counts[1] + all_]
            wrong += found
            batch = []
    context.close()
    assert wrong == []
    assert counts[0] > 10_000 and counts[0] > 0.9 * counts[1], counts

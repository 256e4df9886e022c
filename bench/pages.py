"""The builder's page with 1,000 chats and a chat of 10,000 messages: first paint, memory, long tasks."""

from collections.abc import Iterator

from playwright.sync_api import Page, expect, sync_playwright

from bench.servers import serving
from tests.browser.builder import Builder
from tests.browser.conftest import sign_in
from tests.fake_model import FakeModel, Pause, Say, Step
from tests.long_chats import add_chat
from tests.machine import browser_on_path

CHATS, MESSAGES = 1_000, 10_000
MOST_PAINT_SECONDS = 1.0
MOST_TASK_MILLISECONDS = 100
SCROLLS = 30
MOST_ROWS = 400
# Characters of a page, and how many of them come every tenth of a second.
PAGE, PIECE = 300_000, 3_000

_PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime / 1000"
_ROWS = "document.querySelectorAll('article').length"
_WATCH_TASKS = """window.tasks = [];
new PerformanceObserver((list) => tasks.push(...list.getEntries().map((entry) => entry.duration)))
  .observe({ type: 'longtask' });"""


def main() -> bool:
    """Print the figures; tell whether all are within bounds."""
    with FakeModel() as model, serving(model.base_url) as (stack, app), sync_playwright() as playwright:
        stack.sql("update private.quotas set allowed = greatest(allowed, 1000000)")
        person = stack.sign_up()
        browser = playwright.chromium.launch(executable_path=browser_on_path(), args=["--no-sandbox"])
        context = browser.new_context(base_url=app.url, viewport={"width": 1440, "height": 900})
        sign_in(context, person)
        builder = Builder(context.new_page())
        website = builder.new_website("Long").split("/websites/")[1].split("/")[0]
        for number in range(CHATS):
            add_chat(stack, person, 0, f"Chat {number}", website)
        session = add_chat(stack, person, MESSAGES, "Long chat", website)
        return measure(builder, model, f"/websites/{website}/chats/{session}")


def measure(builder: Builder, model: FakeModel, path: str) -> bool:
    page = builder.page
    page.add_init_script(_WATCH_TASKS)
    page.goto(path)
    expect(builder.answers.last).to_contain_text("lorem")
    paint, shown, heap = page.evaluate(_PAINT), page.evaluate("performance.now() / 1000"), _heap(page)
    for _ in range(SCROLLS):
        page.locator("#conversation").evaluate("node => { node.scrollTop = 0 }")
        page.wait_for_timeout(200)
    rows, heap_after = page.evaluate(_ROWS), _heap(page)
    page.goto(path)
    expect(builder.answers.last).to_contain_text("lorem")
    page.wait_for_timeout(1000)
    page.evaluate("tasks.length = 0")
    builder.ask("400 words, seed 3, 50 a second", timeout=60_000)
    longest = max(page.evaluate("tasks"), default=0)
    page.evaluate("tasks.length = 0")
    model.enqueue(*_written_page())
    builder.ask("Write a long page", timeout=120_000)
    expect(page.locator("#versions-label")).to_have_text("Version 1")
    longest_of_page = max(page.evaluate("tasks"), default=0)
    print(f"builder with {CHATS:,} chats and a chat of {MESSAGES:,} messages")
    print(f"  first paint                     {paint:6.2f} s    (at most {MOST_PAINT_SECONDS})")
    print(f"  until its messages are shown    {shown:6.2f} s")
    print(f"  messages after {SCROLLS} pages up       {rows:6}      (at most {MOST_ROWS})")
    print(f"  JavaScript heap, before, after  {heap:6.1f}, {heap_after:.1f} MiB")
    print(f"  longest task while streaming    {longest:6.0f} ms   (at most {MOST_TASK_MILLISECONDS})")
    print(
        f"  while a page of {PAGE // 1000} KB is written {longest_of_page:6.0f} ms   (at most {MOST_TASK_MILLISECONDS})"
    )
    longest = max(longest, longest_of_page)
    return paint <= MOST_PAINT_SECONDS and rows <= MOST_ROWS and longest <= MOST_TASK_MILLISECONDS


def _written_page() -> Iterator[Step]:
    section = (
        "<section><h2>Bread {}</h2><p>Rye, wheat and spelt, baked at five in the morning.</p></section>\n"
    )
    sections = "".join(section.format(number) for number in range(PAGE // len(section)))
    document = f"<!doctype html>\n<html lang=en><title>Bread</title><body>\n{sections}</body></html>"
    text = f"Here:\n\n```html\n{document}\n```\n"
    for start in range(0, len(text), PIECE):
        yield Say(text[start : start + PIECE], piece=PIECE)
        yield Pause(0.1)


def _heap(page: Page) -> float:
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    return float(session.send("Runtime.getHeapUsage")["usedSize"]) / 2**20

"""What a model or a page says never runs with the rights of the person who reads it."""

from playwright.sync_api import expect

from tests.browser.builder import Builder
from tests.fake_model import FakeModel, Say

ATTACK = """<img src=x onerror="window.hit=1"> <script>window.hit=1</script>

[click](javascript:window.hit=1) ![p](x"onerror="window.hit=1) <a href="javascript:window.hit=1">x</a>

```js"><script>window.hit=1</script>
let a = "<img src=x onerror=window.hit=1>"
```
"""


def test_nothing_in_an_answer_runs(builder: Builder, model: FakeModel) -> None:
    model.enqueue(Say(ATTACK, piece=7))
    builder.ask("<img src=x onerror=window.hit=1>")
    expect(builder.answers.last).to_contain_text("window.hit=1")
    assert builder.page.evaluate("window.hit") is None
    assert builder.page.locator(".answer :is(script, img, a[href^=javascript])").count() == 0


def test_the_preview_has_no_cookies_no_storage_no_parent(builder: Builder, model: FakeModel) -> None:
    probe = """<script>
const can = (name, run) => { try { run(); document.body.append(name + ' ') } catch { } };
addEventListener('DOMContentLoaded', () => { document.body.append('tried ');
can('cookie', () => { if (!document.cookie) throw 0 }); can('storage', () => localStorage.length);
can('parent', () => parent.document.title); can('leave', () => { top.location = 'about:blank' }) })
</script>"""
    model.enqueue(
        Say(f"```html\n<!doctype html>\n<html><title>t</title>{probe}<body>Ran: </body></html>\n```\n")
    )
    builder.ask("Make a page that looks around")
    expect(builder.preview.locator("body")).to_contain_text("tried")
    assert builder.preview.locator("body").inner_text().split("Ran:")[-1].strip() == "tried"
    # The browser logs what it refused the page; that is what was asked for here.
    builder.complaints.clear()

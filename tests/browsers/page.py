"""A page in some browser, used as a person does: by what is visible on it, with mouse and keys."""

import json
import time
from abc import ABC, abstractmethod
from typing import Any

ENTER, ESCAPE = "\ue007", "\ue00c"
SECONDS = 60

# The visible element of a selector whose text, label or accessible name begins with some words; the last of several.
_FIND = """((selector, words) => [...document.querySelectorAll(selector)].filter((element) => {
  const label = element.labels?.[0]?.innerText || element.ariaLabel || element.innerText || element.value || '';
  return label.trim().startsWith(words) && element.checkVisibility() && !element.disabled;
}).at(-1))(%s, %s)"""
_MIDDLE = """((element) => {
  if (!element) return null;
  element.scrollIntoView({ block: 'nearest' });
  const { x, y, width, height } = element.getBoundingClientRect();
  return [Math.round(x + width / 2), Math.round(y + height / 2)];
})(%s)"""


class Page(ABC):
    """What a browser's protocol gives; the rest is the same for all."""

    @abstractmethod
    def goto(self, url: str) -> None: ...

    @abstractmethod
    def evaluate(self, expression: str) -> Any:
        """Return the value of a JavaScript expression, as JSON."""

    @abstractmethod
    def click_at(self, x: int, y: int) -> None: ...

    @abstractmethod
    def type(self, text: str) -> None:
        """Press the keys of a text."""

    def click(self, selector: str, words: str = "") -> None:
        """Click in the middle of an element, once it is there."""
        find = _MIDDLE % (_FIND % (json.dumps(selector), json.dumps(words)))
        self.click_at(*self.wait_for(find))

    def fill(self, label: str, text: str) -> None:
        self.click("input, textarea", label)
        self.type(text)

    def wait_for(self, expression: str) -> Any:
        """Return the value of an expression once it is one; the page is asked again and again."""
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            if value := self.evaluate(expression):
                return value
            time.sleep(0.1)
        raise AssertionError(
            f"never: {expression}\nThe page shows:\n{self.evaluate('document.body.innerText')}"
        )

    def wait_for_text(self, selector: str, words: str) -> None:
        self.wait_for(f"Boolean({_FIND % (json.dumps(selector), json.dumps(words))})")

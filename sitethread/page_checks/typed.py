"""What a website's owner wrote: brief, questions, hand edits; in the forms in which a page's claims are compared."""

import re
from collections.abc import Iterable
from functools import cached_property

NUMBER = r"\d{1,3}(?:[.,'’ ]\d{3})++(?:[.,]\d{1,2})?(?!\d)|\d++(?:[.,]\d{1,2}(?!\d))?"
_NUMBER = re.compile(NUMBER)
_HOUR = re.compile(r"(?<![\d.,])(\d{1,2})(?:[:.h](\d\d))?(?!\d)\s?(?:([ap])\.?\s?m\b)?", re.IGNORECASE)
_CENTS = re.compile(r"[.,](\d{1,2})$")
_NO_DIGITS = re.compile(r"\D+")
_WITHIN_PHONE = re.compile(r"(?<=\d)[ ()./–-]{1,3}(?=\d)")
_APOSTROPHE = re.compile(r"['’]\s*")
_WORD = re.compile(r"\w+")
_SPELT = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *(
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
        "twenty",
    ),
)
# How many words in a row make two texts alike, and how many of those of a quote have to be in what was typed.
_ROW, _SHARE = 3, 0.5
# The end of a phone number, without what a country puts before it.
_LOCAL_DIGITS = 7


class Typed:
    """The texts of an owner."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._text = "\n".join(texts)

    def has_amount(self, number: str) -> bool:
        return amount(number) in self._amounts

    def has_time(self, text: str) -> bool:
        """Whether an hour is one that was typed, in the morning or the afternoon where it wasn't said."""
        return bool(minutes_in(text) & self._minutes)

    def has_phone(self, text: str) -> bool:
        return digits(text)[-_LOCAL_DIGITS:] in self._digits

    def has(self, text: str) -> bool:
        """Whether some words were typed, in this order."""
        return f" {normal(text)} " in self._words

    def has_quote(self, text: str) -> bool:
        rows = _rows(normal(text))
        return not rows or len(rows & self._rows) >= len(rows) * _SHARE

    @cached_property
    def _amounts(self) -> set[float]:
        spelt = {float(number) for number, word in enumerate(_SPELT) if f" {word} " in self._words}
        return spelt | {amount(found[0]) for found in _NUMBER.finditer(self._text)} | self._plain_numbers

    @cached_property
    def _plain_numbers(self) -> set[float]:
        return {float(found) for found in re.findall(r"\d{1,12}", self._text)}

    @cached_property
    def _minutes(self) -> set[int]:
        return minutes_in(self._text)

    @cached_property
    def _digits(self) -> str:
        return _WITHIN_PHONE.sub("", self._text)

    @cached_property
    def _words(self) -> str:
        return f" {normal(self._text)} "

    @cached_property
    def _rows(self) -> set[str]:
        return _rows(self._words)


def normal(text: str) -> str:
    """Return the words of a text in small letters, with a space between them."""
    return " ".join(_WORD.findall(_APOSTROPHE.sub("", text.casefold())))


def digits(text: str) -> str:
    return _NO_DIGITS.sub("", text)


def amount(number: str) -> float:
    """Return the value of a number, however its cents and thousands are written."""
    cents = _CENTS.search(number)
    whole = digits(number[: cents.start()] if cents else number)
    return float(f"{whole or 0}.{cents[1] if cents else 0}")


def minutes_in(text: str) -> set[int]:
    """Return the times of day in a text, in minutes; both where it isn't said whether it is the morning."""
    found = set[int]()
    for match in _HOUR.finditer(text):
        hour, half = int(match[1]) % 24, (match[3] or "").lower()
        hours = (
            {hour % 12 + (12 if half == "p" else 0)} if half else {hour, hour + 12 if hour <= 12 else hour}
        )
        found |= {one % 24 * 60 + int(match[2] or 0) for one in hours}
    return found


def _rows(words: str) -> set[str]:
    every = words.split()
    return {" ".join(every[at : at + _ROW]) for at in range(len(every) - _ROW + 1)}

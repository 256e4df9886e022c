"""Submissions as a table (CSV, RFC 4180), which spreadsheet programs open without running anything in it."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator

from sitethread.scheduling import giving_way
from sitethread.submissions.inbox import Submission

_MOST_COLUMNS = 100
_YIELD_EVERY = 50
# Excel, LibreOffice and Google Sheets take a cell that begins so for a formula, also behind spaces and in full width.
# Where a comma is a decimal point, cells end at semicolons, and at line ends in quotes that then are none.
_FORMULA = re.compile(r"(^|[;\t\r\n])([^\S\t\r\n]*+)(?=[=+\-@\t\r＝＋－＠])")
_FIRST = ("received", "form", "page", "quarantined")
_REST = "other fields"


def columns_of(submissions: Iterable[Submission]) -> list[str]:
    """Return the names of fields, those that most submissions have, in the order in which they come."""
    counts = Counter(
        field["name"] for each in giving_way(submissions, _YIELD_EVERY) for field in each["fields"]
    )
    common = {name for name, _ in counts.most_common(_MOST_COLUMNS)}
    return [name for name in counts if name in common]


def lines(submissions: Iterable[Submission], columns: list[str]) -> Iterator[str]:
    """Yield the table; it begins with a byte order mark, by which Excel knows that it is UTF-8."""
    yield "\ufeff" + _line([*_FIRST, *columns, _REST])
    for each in giving_way(submissions, _YIELD_EVERY):
        values = {field["name"]: field["value"] for field in each["fields"]}
        known = [values.pop(name, "") for name in columns]
        rest = "\n".join(f"{name}: {value}" for name, value in values.items())
        is_quarantined = "yes" if each["is_quarantined"] else ""
        yield _line([each["created_at"], each["form"], each["page"], is_quarantined, *known, rest])


def _line(cells: Iterable[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow([_FORMULA.sub(r"\1'\2", cell) for cell in cells])
    return text.getvalue()

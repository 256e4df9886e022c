"""Applying edits to files, all or none."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sitethread import errors
from sitethread.edits import paths
from sitethread.edits.changes import Change, Edit, Page, Span
from sitethread.edits.matches import Budget, File, find
from sitethread.edits.nearest import MOST_LINES, lines_at, nearest_lines
from sitethread.edits.omissions import omission_in
from sitethread.edits.problems import new_problems

# In one answer or request.
MOST_EDITS = 200
# Of a website.
MOST_PAGES = 12

_OUTSIDE = "A file's path has letters, digits, . - _ and / alone, and stays within the website."
_IS_THERE = "There is a file of that name already, and an edit with an empty text to find makes a new one."
_NO_FILE = "There is no file of that name. An edit with an empty text to find makes one."
_NO_TEXT = "That file is no text: it can be named, but not written."
_NOT_THERE = "At that place of the file there is another text."
_OMITS = "The new text says that something is left as it was, instead of having it."


def apply(
    files: Mapping[str, str], changes: Sequence[Change], assets: Collection[str] = ()
) -> dict[str, str]:
    """Return the files with all changes made, each on what those before it left; `assets` are paths of other files.

    Raise EditNotFound, EditAmbiguous or EditBreaksPage with the `index` of the change, InvalidField for too many of
    them and for a path that leads out of the website, or TooManyPages. Whole pages are taken as they are, if they leave
    nothing out.
    """
    if len(changes) > MOST_EDITS:
        raise errors.InvalidField(f"At most {MOST_EDITS} edits can be made at once.", field="edits")
    drafts = _Drafts(dict(files))
    for index, change in enumerate(changes):
        if not paths.is_inside(change.path):
            raise errors.InvalidField(_OUTSIDE, field="path", index=index)
        if change.path in assets:
            raise errors.EditNotFound(_NO_TEXT, index=index)
        drafts.make(index, change)
    drafts.check()
    check_count([path for path in drafts.files if paths.is_page(path)])
    return drafts.files


def check_count(pages: Sequence[str]) -> None:
    """Raise TooManyPages for more pages than a website may have."""
    if len(pages) > MOST_PAGES:
        raise errors.TooManyPages


@dataclass
class _Draft:
    """A file while it is edited: its text before the edits, and which edit wrote where."""

    before: str
    file: File
    written: list[tuple[int, Span]] = field(default_factory=list)
    # What was replaced by each edit, in the text that it found, and how much longer the file became.
    moves: list[tuple[Span, int]] = field(default_factory=list)

    def write(self, index: int, span: Span, replacement: str) -> None:
        text, by = self.file.text, len(replacement) - (span.end - span.start)
        self.moves.append((span, by))
        self.file = File(self.file.path, text[: span.start] + replacement + text[span.end :])
        moved = [(other, _moved(old, span, by)) for other, old in self.written]
        self.written = [*moved, (index, Span(span.start, span.start + len(replacement)))]

    def now(self, span: Span) -> Span | None:
        """Return where a part of the text before the edits is, unless one of them has touched it."""
        start, end = span
        for replaced, by in self.moves:
            if start >= replaced.end:
                start, end = start + by, end + by
            elif end > replaced.start:
                return None
        return Span(start, end)

    def writer(self, place: int) -> int:
        """Return the edit that wrote at a place, or nearest to it."""
        return min(self.written, key=lambda one: max(one[1].start - place, place - one[1].end, 0))[0]


def _moved(old: Span, written: Span, by: int) -> Span:
    return Span(
        old.start + by if old.start >= written.end else old.start,
        max(old.start, old.end + by) if old.end >= written.end else old.end,
    )


class _Drafts:
    def __init__(self, files: dict[str, str]) -> None:
        self.files = files
        self._edited: dict[str, _Draft] = {}
        self._budget = Budget()

    def make(self, index: int, change: Change) -> None:
        old = change.find if isinstance(change, Edit) else self.files.get(change.path, "")
        if omission := omission_in(change.html if isinstance(change, Page) else change.replace, old):
            raise errors.EditBreaksPage(_OMITS, index=index, nearest=[omission])
        if isinstance(change, Page):
            self.files[change.path] = change.html
            self._edited.pop(change.path, None)
        elif change.find.strip() or change.span:
            self._replace(index, change)
        else:
            self._create(index, change)

    def _create(self, index: int, edit: Edit) -> None:
        if edit.path in self.files:
            raise errors.EditAmbiguous(_IS_THERE, index=index)
        draft = self._edited[edit.path] = _Draft("", File(edit.path, ""))
        draft.write(index, Span(0, 0), edit.replace)
        self.files[edit.path] = edit.replace

    def _replace(self, index: int, edit: Edit) -> None:
        if edit.path not in self.files:
            raise errors.EditNotFound(_NO_FILE, index=index)
        text = self.files[edit.path]
        draft = self._edited.setdefault(edit.path, _Draft(text, File(edit.path, text)))
        found = self._at(index, edit, draft) if edit.span else self._found(index, edit, draft.file)
        draft.write(index, *found)
        self.files[edit.path] = draft.file.text

    def _at(self, index: int, edit: Edit, draft: _Draft) -> tuple[Span, str]:
        """Return the place that an edit names, and what comes there."""
        span = draft.now(edit.span) if edit.span else None
        if span is None or draft.file.text[span.start : span.end] != edit.find:
            nearest = nearest_lines(draft.file.text, edit.find)
            raise errors.EditNotFound(_NOT_THERE, index=index, nearest=nearest)
        return span, edit.replace

    def _found(self, index: int, edit: Edit, file: File) -> tuple[Span, str]:
        """Return where an edit's text is, and what comes there."""
        readings = [(edit.find, edit.replace), *edit.alternatives]
        found = [(span, replace) for search, replace in readings for span in find(file, search, self._budget)]
        if not found:
            raise errors.EditNotFound(index=index, nearest=nearest_lines(file.text, edit.find))
        if len(found) > 1:
            places = sorted({span.start for span, _ in found})
            raise errors.EditAmbiguous(index=index, nearest=lines_at(file.text, places))
        return found[0]

    def check(self) -> None:
        """Raise EditBreaksPage where edits left tags unclosed or stray that weren't so before."""
        for path, draft in self._edited.items():
            if paths.is_page(path) and (problems := new_problems(draft.before, draft.file.text)):
                nearest = lines_at(draft.file.text, [problem.start for problem in problems[:MOST_LINES]])
                raise errors.EditBreaksPage(index=draft.writer(problems[0].start), nearest=nearest)

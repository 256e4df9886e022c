"""What a request wants done with pictures of the website, which it names by path or in its last line."""

from embedded.assistant.changes import Change
from embedded.assistant.patterns import patterns
from embedded.assistant.section_names import mentioned

P = patterns("picture_requests")
_MOST = 12


def split(request: str) -> tuple[str, tuple[Change, ...]]:
    """Return a request without what it says of pictures, and the changes that this asks for."""
    line = P.line.search(request)
    text = request[: line.start()] if line else request
    listed = line["paths"].split(", ") if line else []
    rest, changes = list[str](), list[Change]()
    for clause in P.clauses.split(text):
        paths = P.path.findall(clause) or (listed if P.refers.search(clause) else [])
        if paths:
            changes += _changes(clause, paths)
            clause = P.phrase.sub(" ", clause)
        if clause and not (paths and P.nothing.fullmatch(clause)):
            rest.append(clause)
    if listed and not changes:
        changes = _changes(text, listed)
    return (" ".join(rest) if changes else request), tuple(changes[:_MOST])


def _changes(clause: str, paths: list[str]) -> list[Change]:
    where = P.phrase_words.sub(" ", clause)
    kinds = [kind for kind in mentioned(where) if kind != "nav"]
    usual = "hero" if len(paths) == 1 else "gallery"
    place = "logo" if P.logo.search(where) else [*kinds, usual][0]
    return [Change("picture", place, path) for path in paths]

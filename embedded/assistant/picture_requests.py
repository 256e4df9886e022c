"""What a request wants done with pictures of the website, which it names by path or in its last line."""

from embedded.assistant.changes import Change
from embedded.assistant.languages import Language
from embedded.assistant.patterns import patterns
from embedded.assistant.section_names import mentioned

P = patterns("picture_requests")
_MOST = 12
# In other languages a clause of so few words says nothing else.
_FEW_WORDS = 8


def split(request: str, language: Language) -> tuple[str, tuple[Change, ...]]:
    """Return a request without what it says of pictures, and the changes that this asks for."""
    line = P.line.search(request)
    text = request[: line.start()] if line else request
    listed = line["paths"].split(", ") if line else []
    refers = P.refers if language.code == "en" else P.refers_elsewhere
    rest, changes = list[str](), list[Change]()
    for clause in P.clauses.split(text):
        paths = P.path.findall(clause) or (listed if refers.search(clause) else [])
        if paths:
            changes += _changes(language.english(clause), paths)
        rest.append(_without(clause, language) if paths else clause)
    if listed and not changes:
        changes = _changes(language.english(text), listed)
    return (" ".join(filter(None, rest)) if changes else request), tuple(changes[:_MOST])


def _without(clause: str, language: Language) -> str:
    """Return a clause without its words about pictures; "" where it has no others."""
    if language.code == "en":
        rest = P.phrase.sub(" ", clause)
        return "" if P.nothing.fullmatch(rest) else rest
    rest = P.path.sub(" ", clause)
    return "" if len(rest.split()) <= _FEW_WORDS else rest


def _changes(clause: str, paths: list[str]) -> list[Change]:
    where = P.phrase_words.sub(" ", clause)
    kinds = [kind for kind in mentioned(where) if kind != "nav"]
    usual = "hero" if len(paths) == 1 else "gallery"
    place = "logo" if P.logo.search(where) else [*kinds, usual][0]
    return [Change("picture", place, path) for path in paths]

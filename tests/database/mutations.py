"""Ways to break the rules of a database, one at a time.

Every policy, constraint, trigger, grant and default is dropped or weakened; every right that nobody has is given away.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg


@dataclass(frozen=True)
class Mutation:
    """One broken rule; `kind` groups those of one sort, `name` says which."""

    kind: str
    name: str
    statement: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.name}"


def all_mutations(connection: psycopg.Connection) -> list[Mutation]:
    """Return every mutation of this database's rules, always in the same order."""
    query = Path(__file__).with_suffix(".sql").read_bytes()
    found = [Mutation(*row) for row in connection.execute(query).fetchall()]
    for name, definition in connection.execute(_FIGURES).fetchall():
        looser = _FIGURE.sub(lambda found: str(int(found[0]) + 1), definition)
        found.append(Mutation("limit moved by one", name, looser))
    for table, name, definition in connection.execute(_CHECKS).fetchall():
        swap = f"alter table {table} drop constraint {name}, add constraint {name}"
        for limit, looser in _with_one_limit_moved(definition):
            found.append(Mutation("limit moved by one", f"{table} {name} ({limit})", f"{swap} {looser}"))
        for choice, looser in _with_one_choice_more(definition):
            found.append(Mutation("choice added", f"{table} {name} ({choice})", f"{swap} {looser}"))
    return found


# Functions that return one figure.
_FIGURES = r"""
select oid::regprocedure::text, pg_get_functiondef(oid) from pg_proc
where pronamespace = 'private'::regnamespace and pg_get_function_sqlbody(oid) ~ '^RETURN \S*\d+\S*$' order by 1
"""
_FIGURE = re.compile(r"\d+(?=\D*$)")
_CHECKS = """
select conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) from pg_constraint
where connamespace in ('public'::regnamespace, 'private'::regnamespace) and contype = 'c' order by 1, 2
"""
_UPPER_LIMIT = r"(?<=<= )\d+|(?<=,)\d+(?=\})|(?<=THEN )\d+|(?<=ELSE )\d+"
_LOWER_LIMIT = r"(?<=>= )\d+"
# What the database's own tests try to store where only certain words may be.
_OUTSIDERS = ("hacker", "model", "system", "done", "backup", "page")


def _with_one_limit_moved(definition: str) -> Iterator[tuple[str, str]]:
    for pattern, step in ((_UPPER_LIMIT, 1), (_LOWER_LIMIT, -1)):
        for number, found in enumerate(re.finditer(pattern, definition), 1):
            looser = f"{definition[: found.start()]}{int(found[0]) + step}{definition[found.end() :]}"
            yield f"{found[0]}, place {number}", looser


def _with_one_choice_more(definition: str) -> Iterator[tuple[str, str]]:
    if "ARRAY['" in definition:
        more = ", ".join(f"'{word}'::text" for word in _OUTSIDERS)
        yield "any", definition.replace("ARRAY['", f"ARRAY[{more}, '", 1)

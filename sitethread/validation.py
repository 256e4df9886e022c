"""Validation of input: the base of all pydantic models of it, and domain errors made of pydantic's.

A field's other names (the camelCase of `website_id`, and what other clients call it) are accepted everywhere. They are
listed in `_ALIASES`.
"""

from functools import cache
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator
from pydantic.alias_generators import to_camel

from sitethread import errors

EMPTY = "empty_message"
"""The pydantic error type of a message that has no visible text."""

_MESSAGES = {
    "string_type": "should be text",
    "list_type": "should be a list",
    "bool_type": "should be true or false",
    "bool_parsing": "should be true or false",
    "int_type": "should be a whole number",
    "int_parsing": "should be a whole number",
    "int_from_float": "should be a whole number",
    "model_type": "should be an object",
    "model_attributes_type": "should be an object",
    "dict_type": "should be an object",
    "string_pattern_mismatch": "is not in a form that is known here",
    "finite_number": "should be a number of ordinary size",
}


_ALIASES: dict[str, tuple[str, ...]] = {
    "website_id": ("project_id", "event_id"),
    "session_id": ("chat_session_id",),
    "title": ("name",),
    "kind": ("type",),
    "completion_tokens": ("tokens",),
}


class Fields(BaseModel):
    """Fields under any of their names. One that is given twice with different values is an InvalidField."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    @model_validator(mode="before")
    @classmethod
    def _use_our_names(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        names = names_of(cls)
        found: dict[str, object] = {}
        for name, value in given.items():
            ours = str(names.get(name, name))
            if ours in found and found[ours] != value:
                raise given_twice(ours)
            found[ours] = value
        return found


def to_domain_error(error: ValidationError) -> errors.DomainError:
    """Return the domain error for pydantic's first finding: it names the field and what is wrong with it."""
    first: Any = error.errors(include_url=False)[0]
    field = ".".join(str(part) for part in first["loc"]) or "body"
    field = field.encode("utf-8", "replace").decode()[:100]
    if first["type"] == EMPTY:
        return errors.EmptyMessage(field=field)
    if first["type"] == "missing":
        return errors.MissingField(f"{field}: this field is required.", field=field)
    if first["type"] == "extra_forbidden":
        return errors.UnknownField(f"{field}: we don't know this field.", field=field)
    return errors.InvalidField(f"{field}: {_describe(first)}.", field=field)


def _describe(finding: Any) -> str:
    kind, facts = finding["type"], finding.get("ctx", {})
    if kind in {"too_long", "string_too_long"}:
        return f"should have at most {_counted(facts['max_length'], finding['input'])}"
    if kind in {"too_short", "string_too_short"}:
        return f"should have at least {_counted(facts['min_length'], finding['input'])}"
    words: str = _MESSAGES.get(kind, finding["msg"])
    for start in ("Value error, ", "Input ", "Value "):
        words = words.removeprefix(start)
    return words.rstrip(".")


def _counted(number: int, given: object) -> str:
    unit = "character" if isinstance(given, str) else "item"
    return f"{number:,} {unit}{'' if number == 1 else 's'}"


@cache
def names_of(model: type[Fields]) -> dict[str, str]:
    names: dict[str, str] = {}
    for ours in model.model_fields:
        for name in (ours, *_ALIASES.get(ours, ())):
            if name == ours or name not in model.model_fields:
                names[name] = names[to_camel(name)] = ours
    return names


def given_twice(field: str) -> errors.InvalidField:
    return errors.InvalidField(f"{field}: given twice, with different values.", field=field)

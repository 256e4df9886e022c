"""What is wrong with a request's fields, in our words rather than pydantic's."""

from typing import Any, NoReturn

from pydantic import ValidationError

from sitethread import errors

EMPTY = "empty_message"
"""The type of the fault that a message says nothing."""

_WORDS = {
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


def refused(error: ValidationError) -> errors.DomainError:
    """Say which field is wrong, and how, from pydantic's first finding."""
    first: Any = error.errors(include_url=False)[0]
    field = ".".join(str(part) for part in first["loc"]) or "body"
    field = field.encode("utf-8", "replace").decode()[:100]
    if first["type"] == EMPTY:
        return errors.EmptyMessage(field=field)
    if first["type"] == "missing":
        return errors.MissingField(f"{field}: this field is required.", field=field)
    if first["type"] == "extra_forbidden":
        return errors.UnknownField(f"{field}: we don't know this field.", field=field)
    return errors.InvalidField(f"{field}: {_in_words(first)}.", field=field)


def raise_refused(error: ValidationError) -> NoReturn:
    """Answer the framework's request for a response with an error of ours."""
    raise refused(error) from None


def _in_words(fault: Any) -> str:
    kind, facts = fault["type"], fault.get("ctx", {})
    if kind in {"too_long", "string_too_long"}:
        return f"should have at most {_counted(facts['max_length'], fault['input'])}"
    if kind in {"too_short", "string_too_short"}:
        return f"should have at least {_counted(facts['min_length'], fault['input'])}"
    words: str = _WORDS.get(kind, fault["msg"])
    for start in ("Value error, ", "Input ", "Value "):
        words = words.removeprefix(start)
    return words.rstrip(".")


def _counted(number: int, given: object) -> str:
    unit = "character" if isinstance(given, str) else "item"
    return f"{number:,} {unit}{'' if number == 1 else 's'}"

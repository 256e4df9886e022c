"""Domain errors made of pydantic's, and the types of number that models share."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationError

from sitethread import errors

EMPTY = "empty_message"
"""The pydantic error type of a message that has no visible text."""


def _whole(number: Any) -> Any:
    """Take 2.0 for 2: JSON has one kind of number."""
    return int(number) if isinstance(number, float) and number.is_integer() else number


Count = Annotated[int, Field(ge=0, le=2**31 - 1, strict=True), BeforeValidator(_whole)]
"""A number that Postgres holds as an integer."""

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

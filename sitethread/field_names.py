"""Aliases of fields: the camelCase of `website_id`, and what other clients call it. Requests and files may use them."""

from functools import cache
from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic.alias_generators import to_camel

from sitethread import errors

_ALIASES: dict[str, tuple[str, ...]] = {
    "website_id": ("project_id", "event_id"),
    "session_id": ("chat_session_id",),
    "title": ("name",),
    "kind": ("type",),
    "completion_tokens": ("tokens",),
}


class Fields(BaseModel):
    """A model whose fields may be given under any of their names; raises InvalidField for two with different values."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    @model_validator(mode="before")
    @classmethod
    def _use_canonical_names(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        names = names_of(cls)
        found: dict[str, object] = {}
        for name, value in given.items():
            canonical = str(names.get(name, name))
            if canonical in found and found[canonical] != value:
                raise given_twice(canonical)
            found[canonical] = value
        return found


@cache
def names_of(model: type[Fields]) -> dict[str, str]:
    """Return the canonical name of each name that a model accepts."""
    names: dict[str, str] = {}
    for canonical in model.model_fields:
        for name in (canonical, *_ALIASES.get(canonical, ())):
            if name == canonical or name not in model.model_fields:
                names[name] = names[to_camel(name)] = canonical
    return names


def given_twice(field: str) -> errors.InvalidField:
    return errors.InvalidField(f"{field}: given twice, with different values.", field=field)

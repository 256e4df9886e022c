"""What comes with a message besides its text: tool calls and sources, in the provider's words.

The database has the same rules: `private.are_tool_calls` and `private.are_sources`.
"""

from typing import Annotated

from pydantic import AfterValidator, Field, JsonValue

from sitethread.limits import LIMITS

JsonObject = dict[str, JsonValue]


def _check_text(value: JsonValue, name: str) -> None:
    if value is not None and not isinstance(value, str):
        raise ValueError(f"{name} should be text")


def _tool_call(call: JsonObject) -> JsonObject:
    _check_text(call.get("name"), "name")
    function = call.get("function")
    if function is not None and not isinstance(function, dict):
        raise ValueError("function should be an object")
    _check_text((function or {}).get("name"), "function.name")
    return call


def _source(source: JsonObject) -> JsonObject:
    _check_text(source.get("url"), "url")
    _check_text(source.get("title"), "title")
    return source


_AT_MOST = Field(max_length=LIMITS.tool_calls, fail_fast=True)
ToolCalls = Annotated[list[Annotated[JsonObject, AfterValidator(_tool_call)]], _AT_MOST]
Sources = Annotated[list[Annotated[JsonObject, AfterValidator(_source)]], _AT_MOST]

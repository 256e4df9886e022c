"""The helpers that people talk to: who they are, how they greet, and what the model is told to be.

Each is a Markdown file in this folder: TOML between two lines of `+++`, then the prompt. The files whose names begin
with an underscore are rules: all prompts end with those of pages and manners, and one of the two that say how a page
reaches the site follows them.
"""

import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

from pydantic import GetPydanticSchema
from pydantic_core import core_schema

from sitethread import errors

_FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Helper:
    """One helper; `prompt` is for the model alone, the rest is shown."""

    name: str
    label: str
    description: str
    greeting: str
    suggestions: list[str]
    prompt: str
    kind: str
    order: int


def _load(file: Path) -> Helper:
    _, facts, prompt = file.read_text(encoding="utf-8").split("+++\n", 2)
    return Helper(
        name=file.stem,
        prompt="\n\n".join([prompt.strip(), rules("page_rules"), rules("manners")]),
        **tomllib.loads(facts),
    )


def rules(name: str) -> str:
    """Return the rules of a file whose name begins with an underscore."""
    return (_FOLDER / f"_{name}.md").read_text(encoding="utf-8").strip()


HELPERS = {
    helper.name: helper
    for helper in sorted(map(_load, _FOLDER.glob("[!_]*.md")), key=lambda helper: helper.order)
}

HelperName = Annotated[str, GetPydanticSchema(lambda _type, _handler: core_schema.literal_schema([*HELPERS]))]
"""The name of a helper, as a type for pydantic."""


def find(name: str) -> Helper:
    """Return a helper; raise NotFound."""
    try:
        return HELPERS[name]
    except KeyError:
        raise errors.NotFound from None


def shown() -> list[dict[str, object]]:
    """Return what people see of all helpers."""
    hidden = {"prompt", "order"}
    return [{k: v for k, v in asdict(helper).items() if k not in hidden} for helper in HELPERS.values()]

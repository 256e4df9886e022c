"""The domain of Sitethread: websites, chats, answers. Nothing here imports Flask."""

import tomllib
from pathlib import Path

_PROJECT = Path(__file__).parent.parent / "pyproject.toml"

__version__: str = tomllib.loads(_PROJECT.read_text(encoding="utf-8"))["project"]["version"]

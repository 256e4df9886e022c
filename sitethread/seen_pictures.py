"""The pictures that a question names, as data URLs for a model that sees."""

import base64
import logging
from collections.abc import Iterator

from sitethread import contents, errors
from sitethread.answers.turns import StartedTurn, TurnAsset, assets_of
from sitethread.database import Rows

MOST_PICTURES, MOST_BYTES = 4, 2_000_000
# A question is looked through once for each picture, in its characters from the end, where it names them.
_NAMES_PICTURES = 10_000

log = logging.getLogger("sitethread")


def pictures_of(rows: Rows, turn: StartedTurn) -> list[str]:
    """Return at most MOST_PICTURES of MOST_BYTES each; without those that can't be read."""
    return [url for asset in _named(turn)[:MOST_PICTURES] for url in _read(rows, asset)]


def _named(turn: StartedTurn) -> list[TurnAsset]:
    question = turn["history"][-1]["content"][-_NAMES_PICTURES:] if turn["history"] else ""
    pictures = [asset for asset in assets_of(turn.get("page")) if asset["media_type"].startswith("image/")]
    return [asset for asset in pictures if asset["path"] in question and asset["size"] <= MOST_BYTES]


def _read(rows: Rows, asset: TurnAsset) -> Iterator[str]:
    try:
        content = contents.get(rows, asset["sha256"])
    except errors.DomainError as error:
        log.warning("a picture was not sent to the model", extra={"facts": {"error_code": error.code}})
        return
    yield f"data:{asset['media_type']};base64,{base64.b64encode(content).decode()}"

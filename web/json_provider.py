"""JSON responses, by msgspec: as fast as orjson, which would lose integers of more than 64 bits."""

from typing import Any

import msgspec
from flask import Flask, Response
from flask.json.provider import DefaultJSONProvider


class JsonProvider(DefaultJSONProvider):
    """Keeps the order of keys, and letters as they are."""

    sort_keys = False
    ensure_ascii = False

    def response(self, *args: Any, **kwargs: Any) -> Response:
        content = msgspec.json.encode(self._prepare_response_obj(args, kwargs))
        return Response(content + b"\n", mimetype=self.mimetype)


def init_app(app: Flask) -> None:
    app.json = JsonProvider(app)

"""JSON responses that end with a long array, which is read while they are sent."""

from collections.abc import Iterator, Sequence

import msgspec
from flask import Response
from werkzeug.wrappers import Response as BaseResponse


def continue_array(response: BaseResponse, end: str, pages: Iterator[Sequence[object]]) -> Response:
    """Return a JSON response with more items in its last array, which is not empty.

    `end` is all of its text from the end of that array on. When a page can't be read, the connection is closed before
    the response is complete, as its framing tells the client.
    """
    text = response.get_data().rstrip(b"\n")
    closing = end.encode()
    if not text.endswith(b"}" + closing):
        raise ValueError("the array is not the last thing in the response")

    def body() -> Iterator[bytes]:
        yield text.removesuffix(closing)
        for page in pages:
            if page:
                yield b"," + msgspec.json.encode(page)[1:-1]
        yield closing + b"\n"

    return Response(body(), response.status_code, mimetype="application/json")

"""Responses that stream a whole chat: a person gets few of them at once from each worker."""

from collections import Counter

from flask import Response, current_app

from sitethread import errors
from web.authentication import current_user

AT_ONCE = 2


def count(response: Response) -> Response:
    """Return the response, which counts until its last byte is sent; raise TooManyReads beside two others."""
    running: Counter[str] = current_app.extensions.setdefault("large_reads", Counter())
    user_id = current_user().id
    if running[user_id] >= AT_ONCE:
        raise errors.TooManyReads
    running[user_id] += 1

    def end() -> None:
        running[user_id] -= 1
        if not running[user_id]:
            del running[user_id]

    # Also when the client goes away.
    response.call_on_close(end)
    return response

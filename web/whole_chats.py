"""Responses that stream a whole chat: a person gets few of them at once from each worker."""

from flask import Response

from sitethread import errors
from web.authentication import current_user
from web.extensions import whole_chats

AT_ONCE = 2


def check() -> None:
    """Raise TooManyReads when the signed-in user has as many as they may."""
    if whole_chats()[current_user().id] >= AT_ONCE:
        raise errors.TooManyReads


def count(response: Response) -> Response:
    """Return the response, which counts until its last byte is sent; raise TooManyReads beside two others."""
    check()
    running, user_id = whole_chats(), current_user().id
    running[user_id] += 1

    def end() -> None:
        running[user_id] -= 1
        if not running[user_id]:
            del running[user_id]

    # Also when the client goes away.
    response.call_on_close(end)
    return response

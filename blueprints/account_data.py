"""/api/account: deleting it, and all of it as one file."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, cast

from flask import Response, current_app, request
from pydantic import Field

from sitethread import account_imports, accounts, errors
from sitethread.account_files import writing
from sitethread.account_files.reading import Account
from sitethread.account_files.zip_reading import ZipArchive
from sitethread.limits import LIMITS
from web import authentication, whole_chats
from web.api import responses
from web.api.blueprint import ApiBlueprint, success
from web.api.request_models import Body
from web.authentication import current_user
from web.downloads import attachment
from web.extensions import database
from web.rate_limits import limit_attempts, limit_guesses
from web.requests import StrictRequest

# In one worker, of different people. Each takes the file's size on disk, and up to 100 MiB.
AT_ONCE = 2
_ZIP = "application/zip"
_TYPES = (_ZIP, "application/x-zip-compressed", "application/octet-stream")

bp = ApiBlueprint("account_data", __name__, "Account")


class Deletion(Body):
    password: str = Field(min_length=1, max_length=1000, description="The account's, once more.")


_FILE = {
    "description": f"The zip that `/api/account/export` returned, at most {LIMITS.account} bytes.",
    "content": {_ZIP: {"schema": {"type": "string", "format": "binary"}}},
}


@bp.delete("/account", responses={200: responses.Success})
@limit_attempts
def delete_account(body: Deletion) -> Response:
    """Delete the account and everything in it, at once and for good.

    `wrong_password` for another password than the account's. Every device is signed out, and what is being written
    ends.
    """
    user = current_user()
    email = accounts.current_email(database(), user.access_token)
    with limit_guesses(email):
        accounts.delete(database(), user.id, email, body.password)
    authentication.end_sign_in()
    return success()


@bp.get("/account/export", responses={200: responses.ACCOUNT_FILE})
def export_account() -> Response:
    """Download all websites with their versions, and all chats, as one zip, which can be imported again.

    What is in the trash is not in it.
    """
    whole_chats.check()
    file = attachment(writing.archive(authentication.current_rows()), _ZIP, "sitethread account", "zip")
    return whole_chats.count(file)


@bp.post("/account/import", responses={200: responses.AccountImport}, file_description=_FILE)
def import_account() -> Response:
    """Bring back what an exported account holds, under the ids it had.

    The file is checked before anything is stored. What is there already stays as it is: the same file may be sent
    again, after an error too, and adds only what is missing.
    """
    with _one_of_few(), tempfile.TemporaryFile() as file:
        try:
            _receive(file)
            account = Account(ZipArchive(file))
        except errors.DomainError:
            _request().drop_the_rest()
            raise
        return success(imported=account_imports.bring_back(authentication.slow_rows(), account))


def _receive(file: IO[bytes]) -> None:
    for piece in _request().pieces(LIMITS.account, *_TYPES):
        file.write(piece)
    file.flush()


@contextmanager
def _one_of_few() -> Iterator[None]:
    """Raise TooManyImports beside another one of the same person, or two of others, in this worker."""
    running: set[str] = current_app.extensions.setdefault("account_imports", set())
    user_id = current_user().id
    if user_id in running or len(running) >= AT_ONCE:
        _request().drop_the_rest(LIMITS.account)
        raise errors.TooManyImports
    running.add(user_id)
    try:
        yield
    finally:
        running.discard(user_id)


def _request() -> StrictRequest:
    return cast(StrictRequest, request)

"""Who reads the mails of an address confirms that notices go there, by a link that only the app can make."""

import json
import time

from sitethread import errors
from sitethread.database import Rows
from sitethread.notices import settings as form_settings
from sitethread.publishing import proofs
from sitethread.sealing import Sealer

_CONTEXT = "confirm notices"
_SECONDS = 7 * 24 * 3600
# Somebody may save settings, or confirm another address, at the same time.
_ATTEMPTS = 3


def token_for(sealer: Sealer, user_id: str, website_id: str, mail: str) -> str:
    """Return what confirms an address for a website within a week."""
    until = int(time.time()) + _SECONDS
    return sealer.seal(json.dumps([user_id, website_id, mail, until]), _CONTEXT)


def mail_of(sealer: Sealer | None, token: str) -> str:
    """Return the address that a token confirms; raise LinkExpired."""
    return _opened(sealer, token)[2]


def confirm(rows: Rows, sealer: Sealer | None, secret: str | None, token: str) -> None:
    """Have notices mailed to the address of a token; raise LinkExpired, also where it is the website's no more."""
    user_id, website_id, mail = _opened(sealer, token)
    website = {
        "user_id": user_id,
        "website_id": website_id,
        "proof": proofs.proof_of(secret or "", website_id),
    }
    for _ in range(_ATTEMPTS):
        was = rows.call("read_sealed_notices", website) or ""
        channels = form_settings.opened(sealer, was, user_id, website_id)
        if mail not in channels["mails"]:
            raise errors.LinkExpired
        if mail in channels["confirmed"]:
            return
        channels["confirmed"].append(mail)
        sealed = form_settings.sealed(sealer, channels, user_id, website_id)
        if rows.call("confirm_notices", {**website, "was": was, "sealed": sealed}):
            return
    raise errors.Conflict


def _opened(sealer: Sealer | None, token: str) -> tuple[str, str, str]:
    text = sealer.open(token, _CONTEXT) if sealer else None
    user_id, website_id, mail, until = json.loads(text) if text else ("", "", "", 0)
    if until < time.time():
        raise errors.LinkExpired
    return user_id, website_id, mail

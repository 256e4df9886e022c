"""What the owner of a website set for its forms. Addresses are stored sealed: without a secret there are none."""

import json
import secrets
from collections.abc import Sequence

from typing_extensions import TypedDict

from sitethread import errors
from sitethread.database import Rows, pick
from sitethread.publishing import proofs
from sitethread.sealing import Sealer


class Channels(TypedDict):
    """Where notices go; `signing_key` is what a webhook's signatures are made with, empty without one.

    Of the `mails`, notices go to those that are `confirmed`.
    """

    mails: list[str]
    confirmed: list[str]
    webhook: str
    signing_key: str


class FormRules(TypedDict):
    """`consent` is what visitors must agree to; empty for nothing."""

    retention_days: int
    consent: str


class FormSettings(Channels, FormRules):
    """All that is set for a website's forms."""


_AT_FIRST: FormRules = {"retention_days": 365, "consent": ""}


def none() -> Channels:
    """Return channels that lead nowhere."""
    return {"mails": [], "confirmed": [], "webhook": "", "signing_key": ""}


def read(rows: Rows, sealer: Sealer | None, website_id: str) -> FormSettings:
    """Return a website's settings; raise NotFound."""
    stored = rows.call("read_form_settings", {"website_id": website_id})
    channels = opened(sealer, stored["sealed"], rows.user_id, website_id)
    return {**channels, "retention_days": stored["retention_days"], "consent": stored["consent"]}


def read_rules(rows: Rows, website_id: str) -> FormRules | None:
    """Return what is set besides addresses, None where that is as at first; raise NotFound."""
    found = pick(rows.call("read_form_settings", {"website_id": website_id}), FormRules)
    return None if found == _AT_FIRST else found


def bring_back(rows: Rows, website_id: str, retention_days: int, consent: str) -> None:
    """Set what a website had besides addresses, unless something is set already; raise NotFound."""
    stored = rows.call("read_form_settings", {"website_id": website_id})
    if not stored["sealed"] and pick(stored, FormRules) == _AT_FIRST:
        _store(rows, website_id, {"retention_days": retention_days, "consent": consent})


def opened(sealer: Sealer | None, sealed: str, user_id: str, website_id: str) -> Channels:
    """Return the channels that were sealed for this website; none where they can't be opened."""
    text = sealer.open(sealed, "notices", user_id, website_id) if sealer and sealed else None
    if text is None:
        return none()
    channels: Channels = {**none(), **json.loads(text)}
    return channels


def sealed(sealer: Sealer | None, channels: Channels, user_id: str, website_id: str) -> str:
    """Return channels as they are stored; empty when they lead nowhere."""
    if sealer is None or not (channels["mails"] or channels["webhook"]):
        return ""
    return sealer.seal(json.dumps(channels), "notices", user_id, website_id)


def save(
    rows: Rows,
    sealer: Sealer | None,
    secret: str | None,
    website_id: str,
    mails: Sequence[str],
    webhook: str,
    retention_days: int,
    consent: str,
    own_mail: str,
) -> FormSettings:
    """Save a website's settings and return them; raise NotFound, NoticesOff.

    Of the mails, `own_mail`, which is the account's, and those that are confirmed already need no confirmation.
    """
    before = read(rows, sealer, website_id)
    key = before["signing_key"] or f"whsec_{secrets.token_urlsafe(32)}"
    known = {*before["confirmed"], own_mail}
    channels: Channels = {
        "mails": list(mails),
        "confirmed": [mail for mail in mails if mail in known],
        "webhook": webhook,
        "signing_key": key if webhook else "",
    }
    if (mails or webhook) and (sealer is None or secret is None):
        raise errors.NoticesOff
    rules: FormRules = {"retention_days": retention_days, "consent": consent}
    proof_hash = proofs.hash_of(proofs.proof_of(secret, website_id)) if secret else ""
    _store(
        rows,
        website_id,
        rules,
        sealed(sealer, channels, rows.user_id, website_id),
        has_mail=bool(channels["confirmed"]),
        has_webhook=bool(webhook),
        proof_hash=proof_hash,
    )
    return {**channels, **rules}


def _store(
    rows: Rows,
    website_id: str,
    rules: FormRules,
    sealed: str = "",
    *,
    has_mail: bool = False,
    has_webhook: bool = False,
    proof_hash: str = "",
) -> None:
    channels = {"sealed": sealed, "has_mail": has_mail, "has_webhook": has_webhook, "proof_hash": proof_hash}
    rows.call("save_form_settings", {"website_id": website_id, **rules, **channels})

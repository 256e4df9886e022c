"""What all requests of a process share: settings, database clients and running answers, in `app.extensions`."""

import secrets
import threading
from collections import Counter
from functools import partial

from flask import Flask, current_app

from sitethread import accounts, imports
from sitethread.accounts import Renewals
from sitethread.answers.engine import AnswerEngine
from sitethread.answers.following import Followers
from sitethread.database import Database
from sitethread.model.client import Model
from sitethread.notices.delivery import Notices
from sitethread.publishing.domains import Domains, resolver
from sitethread.publishing.sites import Sites
from sitethread.publishing.views import Views
from sitethread.sealing import Sealer
from sitethread.settings import Settings
from sitethread.tokens import Tokens


def init_app(app: Flask, settings: Settings) -> None:
    database = Database(settings)
    sealer = Sealer(settings.secret) if settings.secret else None
    app.extensions |= {
        "settings": settings,
        "database": database,
        "renewals": Renewals(partial(accounts.renew, database)),
        "tokens": Tokens(database.signing_keys, database.check_token),
        "answer_engine": AnswerEngine(Model(settings), database.as_anonymous(), sealer),
        "followers": Followers(),
        "sites": Sites(database.as_anonymous()),
        "domains": Domains(database.as_anonymous(), resolver(settings.dns_server)),
        "views": Views(database.as_anonymous(), settings.secret),
        "imports": threading.BoundedSemaphore(imports.AT_ONCE),
        "whole_chats": Counter(),
        "sealer": sealer,
        "notices": Notices(database, sealer, settings),
        # Without a secret each worker has a key of its own: its limits hold all the same.
        "sender_key": (settings.secret or secrets.token_hex(32)).encode(),
        "importers": Counter(),
    }


def settings() -> Settings:
    found: Settings = current_app.extensions["settings"]
    return found


def database() -> Database:
    found: Database = current_app.extensions["database"]
    return found


def renewals() -> Renewals:
    found: Renewals = current_app.extensions["renewals"]
    return found


def tokens() -> Tokens:
    found: Tokens = current_app.extensions["tokens"]
    return found


def answer_engine() -> AnswerEngine:
    found: AnswerEngine = current_app.extensions["answer_engine"]
    return found


def followers() -> Followers:
    found: Followers = current_app.extensions["followers"]
    return found


def sites() -> Sites:
    """Return the published websites as this worker serves them."""
    found: Sites = current_app.extensions["sites"]
    return found


def domains() -> Domains:
    """Return which websites are shown at domains of their owners'."""
    found: Domains = current_app.extensions["domains"]
    return found


def views() -> Views:
    """Return what counts views of published pages."""
    found: Views = current_app.extensions["views"]
    return found


def running_imports() -> threading.BoundedSemaphore:
    """Return the places of imports."""
    found: threading.BoundedSemaphore = current_app.extensions["imports"]
    return found


def importers() -> Counter[str]:
    """Return how many files are being read of each user, by their id."""
    found: Counter[str] = current_app.extensions["importers"]
    return found


def sealer() -> Sealer | None:
    """Return what seals with the secret, None without one."""
    found: Sealer | None = current_app.extensions["sealer"]
    return found


def notices() -> Notices:
    """Return what tells owners of submissions."""
    found: Notices = current_app.extensions["notices"]
    return found


def sender_key() -> bytes:
    """Return the key that visitors' addresses are hashed with."""
    found: bytes = current_app.extensions["sender_key"]
    return found


def whole_chats() -> Counter[str]:
    """Return how many responses with a whole chat are being sent to each user, by their id."""
    found: Counter[str] = current_app.extensions["whole_chats"]
    return found

"""What all requests of a process share: settings, database clients and running answers, in `app.extensions`."""

from flask import Flask, current_app

from sitethread.accounts import Renewals
from sitethread.answers.engine import AnswerEngine
from sitethread.database import Database
from sitethread.model.client import Model
from sitethread.settings import Settings
from sitethread.signatures import Signatures


def init_app(app: Flask, settings: Settings) -> None:
    database = Database(settings)
    app.extensions |= {
        "settings": settings,
        "database": database,
        "renewals": Renewals.over(database),
        "signatures": Signatures.over(database),
        "answer_engine": AnswerEngine(Model(settings), database.as_anonymous()),
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


def signatures() -> Signatures:
    found: Signatures = current_app.extensions["signatures"]
    return found


def answer_engine() -> AnswerEngine:
    found: AnswerEngine = current_app.extensions["answer_engine"]
    return found

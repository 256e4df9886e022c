"""The parts of the app that every request shares."""

from flask import current_app

from sitethread.accounts import Renewals
from sitethread.answers.engine import AnswerEngine
from sitethread.database import Database
from sitethread.settings import Settings
from sitethread.signatures import Signatures


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

"""The parts of the app that every request shares."""

from flask import current_app

from sitethread.accounts import Renewals
from sitethread.answers.turns import Answers
from sitethread.database import Database
from sitethread.settings import Settings
from sitethread.tokens import Tokens


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


def answers() -> Answers:
    found: Answers = current_app.extensions["answers"]
    return found

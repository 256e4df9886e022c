"""The application: settings, the parts every request shares, and its doors."""

from flask_openapi3.models.info import Info
from flask_openapi3.openapi import OpenAPI
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import BaseConverter

from blueprints import (
    accounts,
    chat,
    health,
    helpers,
    hosting_chats,
    imports,
    messages,
    pages,
    previews,
    project_chats,
    searches,
    sessions,
    shares,
    trash,
    usage,
    versions,
    websites,
)
from sitethread import validation
from sitethread.accounts import Renewals
from sitethread.answers.engine import AnswerEngine
from sitethread.database import Database
from sitethread.model.client import Model
from sitethread.settings import LIMITS, Settings
from sitethread.signatures import Signatures
from web import error_handlers, logs, rate_limits, security
from web.api import blueprints as api
from web.api import responses
from web.requests import StrictRequest

_ABOUT = """\
Everything that the pages do, for scripts. Send `Authorization: Bearer <Supabase access token>`, or the cookies of a
sign-in together with `Sec-Fetch-Site: same-origin`. Request fields may be written in snake_case or camelCase; answers
are snake_case. Every error is `{"success": false, "error": {"code", "message", "request_id"}}`."""


class Application(OpenAPI):
    request_class = StrictRequest


class IdConverter(BaseConverter):
    """Matches ids as we write them, so that any other form is simply not found."""

    regex = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"


def create_app(settings: Settings | None = None) -> Application:
    """Make the WSGI application; with a wrong setting, end the process with one line that names it."""
    settings = settings or Settings.from_env_or_exit()
    app = Application(
        "sitethread",
        root_path=__file__.rpartition("/")[0] or ".",
        info=Info(title="Sitethread", version="0.1.0", description=_ABOUT),
        security_schemes=api.SECURITY_SCHEMES,
        validation_error_model=responses.ErrorAnswer,
        validation_error_callback=validation.raise_refused,
        doc_ui=False,
    )
    app.config.update(MAX_CONTENT_LENGTH=LIMITS.body)
    app.url_map.converters["id"] = IdConverter
    # An address with // is not there, rather than moved.
    app.url_map.merge_slashes = False
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.json.ensure_ascii = False  # type: ignore[attr-defined]

    database = Database(settings)
    app.extensions |= {
        "settings": settings,
        "database": database,
        "renewals": Renewals.over(database),
        "signatures": Signatures.over(database),
        "answer_engine": AnswerEngine(Model(settings), database.as_anonymous()),
    }

    logs.init_app(app, settings.log_level)
    security.init_app(app)
    error_handlers.init_app(app)
    pages.init_app(app)
    for blueprint in (accounts.bp, health.bp, previews.bp, shares.pages):
        app.register_blueprint(blueprint)
    for door in (
        websites, sessions, messages, versions, chat, hosting_chats, project_chats, trash, searches, imports, shares,
        usage,
    ):  # fmt: skip
        app.register_api(door.bp)
    app.register_api(shares.public)
    app.register_api(helpers.bp)

    rate_limits.init_app(app)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app

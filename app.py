"""The application: its settings, what all requests share, and its routes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import BaseConverter

from blueprints import (
    account_data,
    accounts,
    api_docs,
    chat,
    domains,
    figures,
    hand_edits,
    health,
    helpers,
    hosting_chats,
    imports,
    messages,
    notice_mails,
    page_comments,
    page_shares,
    pages,
    previews,
    project_chats,
    publications,
    published,
    saved_prompts,
    searches,
    sessions,
    shares,
    submissions,
    trash,
    usage,
    versions,
    visitor_forms,
    website_files,
    website_pages,
    websites,
)
from sitethread import ids
from sitethread.limits import LIMITS
from sitethread.publishing import slugs
from sitethread.settings import Settings
from web import (
    assets,
    authentication,
    csrf,
    error_handlers,
    extensions,
    hosts,
    json_provider,
    logs,
    page_context,
    published_sites,
    rate_limits,
    requests,
    security_headers,
)
from web.api import document


class Application(Flask):
    request_class = requests.StrictRequest

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function: no view or hook is a coroutine, and Flask would check that at each call."""
        return func


class IdConverter(BaseConverter):
    """Matches ids as we write them, so that any other form is simply not found."""

    regex = ids.PATTERN


class SlugConverter(BaseConverter):
    """Matches slugs of published websites."""

    regex = slugs.PATTERN


def create_app(settings: Settings | None = None) -> Application:
    """Make the WSGI application; with a wrong setting, end the process with one line that names it."""
    settings = settings or Settings.from_env_or_exit()
    app = Application("sitethread", root_path=str(Path(__file__).parent))
    app.config["MAX_CONTENT_LENGTH"] = LIMITS.body
    app.url_map.converters["id"] = IdConverter
    app.url_map.converters["slug"] = SlugConverter
    # 404 for // in a path instead of a redirect.
    app.url_map.merge_slashes = False

    extensions.init_app(app, settings)
    json_provider.init_app(app)
    logs.init_app(app)
    hosts.init_app(app)
    requests.init_app(app)
    csrf.init_app(app)
    authentication.init_app(app)
    security_headers.init_app(app)
    error_handlers.init_app(app)
    rate_limits.init_app(app)
    page_context.init_app(app)
    assets.init_app(app)

    app.register_blueprint(websites.bp)
    app.register_blueprint(website_files.bp)
    app.register_blueprint(website_pages.bp)
    app.register_blueprint(sessions.bp)
    app.register_blueprint(messages.bp)
    app.register_blueprint(versions.bp)
    app.register_blueprint(hand_edits.bp)
    app.register_blueprint(chat.bp)
    app.register_blueprint(hosting_chats.bp)
    app.register_blueprint(project_chats.bp)
    app.register_blueprint(trash.bp)
    app.register_blueprint(searches.bp)
    app.register_blueprint(imports.bp)
    app.register_blueprint(shares.bp)
    app.register_blueprint(shares.public)
    app.register_blueprint(shares.pages)
    app.register_blueprint(page_shares.bp)
    app.register_blueprint(page_shares.public)
    app.register_blueprint(page_shares.pages)
    app.register_blueprint(figures.bp)
    app.register_blueprint(page_comments.bp)
    app.register_blueprint(page_comments.public)
    app.register_blueprint(publications.bp)
    app.register_blueprint(published.bp)
    app.register_blueprint(domains.bp)
    app.register_blueprint(domains.proxies)
    app.register_blueprint(visitor_forms.bp)
    app.register_blueprint(submissions.bp)
    app.register_blueprint(notice_mails.bp)
    app.register_blueprint(saved_prompts.bp)
    app.register_blueprint(usage.bp)
    app.register_blueprint(helpers.bp)
    app.register_blueprint(api_docs.bp)
    app.register_blueprint(account_data.bp)
    app.register_blueprint(accounts.bp)
    app.register_blueprint(pages.bp)
    app.register_blueprint(previews.bp)
    app.register_blueprint(health.bp)
    document.init_app(app)

    published_sites.init_app(app)
    hops = settings.trusted_proxies
    if hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app

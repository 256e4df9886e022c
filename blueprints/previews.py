"""The preview of a version: its page in a sandbox that reaches neither the app nor the network.

With PREVIEW_ORIGIN it runs on that other domain, where no sign-in works. So a small page of ours loads an empty frame
from there and posts the version's page to it.
"""

from collections.abc import Mapping
from functools import partial
from urllib.parse import quote

from flask import Blueprint, Response, jsonify, request

from sitethread import (
    contents,
    errors,
    messages,
    page_files,
    page_shares,
    prompts,
    shares,
    versions,
    website_pages,
)  # fmt: skip
from sitethread.database import Rows
from sitethread.edits.paths import is_inside, is_page
from sitethread.versions import Asset
from web import preview_documents, security_headers
from web.authentication import current_rows, require_user
from web.extensions import database, settings
from web.preview_documents import CHECKER, INSPECTOR
from web.share_tickets import ticket_of

bp = Blueprint("previews", __name__)

_NO_FILES: Mapping[str, str] = {}


@bp.get("/preview/<id:version_id>")
def show(version_id: str) -> Response:
    """Show a page of a version in its sandbox, `?page=` or index.html; with `?scripts=on`, run its scripts."""
    require_user()
    rows = current_rows()
    path, page, assets = _asked_page(rows, version_id)
    files = page_files.data_urls(assets, partial(contents.get, rows))
    return _with_page(page, f"{version_id}-{quote(path)}", files, path)


@bp.get("/preview/<id:version_id>/files")
def get_files(version_id: str) -> Response:
    """Get what a page of a version shows, as data URLs by path; with `?small=on`, at most 1 MB.

    The builder gives them to the frame of edit mode, to pages while they are written, and to thumbnails.
    """
    require_user()
    rows = current_rows()
    _, _, assets = _asked_page(rows, version_id)
    most = page_files.MOST_BYTES_SMALL if request.args.get("small") == "on" else page_files.MOST_BYTES
    return jsonify(page_files.data_urls(assets, partial(contents.get, rows), most))


@bp.get("/preview/messages/<id:message_id>/<int:number>")
def show_page_of_message(message_id: str, number: int) -> Response:
    """Show a page that a message has; `number` counts its pages from 0.

    It shows files of the version that the message made, else of its website's newest one.
    """
    require_user()
    rows = current_rows()
    message = messages.get(rows, message_id)
    path, page = _page_of(message["content"], number)
    assets = website_pages.files_beside(rows, message, path)
    return _with_page(page, files=page_files.data_urls(assets, partial(contents.get, rows)), path=path)


@bp.get("/preview/shared-chats/<token>/<int:seq>/<int:number>")
def show_page_of_shared_chat(token: str, seq: int, number: int) -> Response:
    """Show a page that a message of a shared chat has, with its files as they were then; needs no sign-in."""
    rows = database().as_anonymous()
    path, page = _page_of(shares.read_message(rows, token, seq)["content"], number)
    shown = {"token": token, "seq": seq, "path": path}
    assets = shares.files_of_message(rows, shown)
    files = page_files.data_urls(assets, partial(contents.get_shared_by_chat, rows, shown))
    return security_headers.unlisted(_with_page(page, files=files, path=path))


@bp.get("/preview/shared-pages/<token>")
def show_shared_page(token: str) -> Response:
    """Show a page behind a link, `?page=` or index.html; needs no sign-in."""
    path, page, files = _asked_shared_page(token)
    return security_headers.unlisted(_with_page(page, files=files, path=path))


@bp.get("/preview/shared-pages/<token>/files")
def get_shared_files(token: str) -> Response:
    """Get what such a page shows, as data URLs by path: for the frame in which its elements are commented on."""
    _, _, files = _asked_shared_page(token)
    return security_headers.unlisted(jsonify(files))


@bp.get("/preview-frame")
def frame() -> Response:
    """Show an empty frame for a page that it gets from the page around it; with `?edit=on` or `?check=on` for that."""
    if request.args.get("edit") == "on":
        document, policy = preview_documents.inspector(), preview_documents.policy_for(INSPECTOR)
    elif request.args.get("check") == "on":
        document, policy = preview_documents.checker(), preview_documents.policy_for(CHECKER)
    else:
        document, policy = preview_documents.empty(), preview_documents.policy(runs_scripts=_runs_scripts())
    response = Response(document, mimetype="text/html")
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return _closed(response, policy)


@bp.get("/preview-check")
def check() -> Response:
    """Show an empty page that may reach its own address alone, if the browser has Connection-Allowlist."""
    response = Response("<!doctype html><title>Check</title>", mimetype="text/html")
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; connect-src 'self'; frame-ancestors 'self'"
    )
    response.headers["Connection-Allowlist"] = f'("*://*:*{request.path}")'
    return response


def _asked_page(rows: Rows, version_id: str) -> tuple[str, str, list[Asset]]:
    """Return the path, the text and what is shown of the page that the request is about; raise NotFound."""
    path = request.args.get("page", versions.INDEX)
    found = versions.get_page(rows, version_id, path) if is_inside(path) and is_page(path) else None
    if found is None or found["page"] is None:
        raise errors.NotFound
    return path, found["page"], found["assets"]


def _asked_shared_page(token: str) -> tuple[str, str, Mapping[str, str]]:
    """Return the path, the text and what is shown of the page behind a link that the request is about."""
    rows, path, ticket = database().as_anonymous(), request.args.get("page", versions.INDEX), ticket_of(token)
    found = page_shares.read_shown(rows, token, path, ticket)
    if found["page"] is None:
        raise errors.NotFound
    shown = {"token": token, "path": path, "ticket": ticket}
    return (
        path,
        found["page"],
        page_files.data_urls(found["assets"], partial(contents.get_shared, rows, shown)),
    )


def _page_of(content: str, number: int) -> prompts.MessagePage:
    pages = prompts.pages_in(content)
    if number >= len(pages):
        raise errors.NotFound
    return pages[number]


def _with_page(
    page: str,
    etag: str | None = None,
    files: Mapping[str, str] = _NO_FILES,
    path: str = versions.INDEX,
) -> Response:
    """Show a page in its sandbox; `etag` names it, where its text can never change, `files` are what it shows."""
    runs_scripts = _runs_scripts() and _is_asked_by_us()
    document = preview_documents.with_page(page, path, files, runs_scripts=runs_scripts)
    origin = settings().preview_origin
    if origin:
        return _on_preview_domain(
            document, f"{origin}/preview-frame?scripts={'on' if runs_scripts else 'off'}"
        )
    return _on_own_domain(document, etag, runs_scripts)


def _runs_scripts() -> bool:
    return request.args.get("scripts") == "on"


def _is_asked_by_us() -> bool:
    # Not by another site's link. Browsers too old to tell show the page without its scripts.
    return request.headers.get("Sec-Fetch-Site") in {"same-origin", "none"}


def _on_own_domain(document: str, etag: str | None, runs_scripts: bool) -> Response:
    response = Response(document, mimetype="text/html")
    # A version never changes, but whether this person may see it can.
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Cookie, Sec-Fetch-Site"
    if etag:
        response.set_etag(f"{etag}-{preview_documents.revision()}-{'on' if runs_scripts else 'off'}")
    policy = preview_documents.policy(runs_scripts=runs_scripts)
    _closed(response, f"{policy}; frame-ancestors 'self'")
    response.make_conditional(request)
    return response


def _on_preview_domain(document: str, frame_url: str) -> Response:
    nonce = security_headers.csp_nonce()
    page = preview_documents.frame_around(document, frame_url, nonce)
    policy = (
        f"sandbox allow-scripts; default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; "
        f"frame-src {settings().preview_origin}; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    )
    return _without_referrer(Response(page, mimetype="text/html"), policy)


def _closed(response: Response, policy: str) -> Response:
    # Browsers connect ahead of a navigation that the policy then blocks; the host name could leak data.
    response.headers["Connection-Allowlist"] = "()"
    return _without_referrer(response, policy)


def _without_referrer(response: Response, policy: str) -> Response:
    response.headers["Content-Security-Policy"] = policy
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-DNS-Prefetch-Control"] = "off"
    return response

"""Tickets of links with a password: a header of API clients, a cookie of browsers, one for each link."""

import hashlib

from flask import Response, request

from sitethread.ids import is_id
from web.authentication import is_https

HEADER = "X-Share-Ticket"


def ticket_of(token: str) -> str | None:
    """Return the ticket that the request has for a link; None when it has none."""
    ticket = request.headers.get(HEADER) or request.cookies.get(_cookie(token), "")
    return ticket if is_id(ticket) else None


def keep_ticket(response: Response, token: str, ticket: str) -> None:
    """Have the browser send a ticket with what it asks of this link, until it is closed."""
    response.set_cookie(_cookie(token), ticket, path="/", secure=is_https(), httponly=True, samesite="Lax")


def _cookie(token: str) -> str:
    name = "sitethread_link_" + hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()[:16]
    return f"__Host-{name}" if is_https() else name

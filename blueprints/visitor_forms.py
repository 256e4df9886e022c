"""/s/…/_forms/…: what visitors send by the forms of published pages. Nobody is signed in, no cookie is read or set."""

from typing import cast

from flask import Blueprint, Response, request
from limits import parse_many

from sitethread import errors
from sitethread.publishing import forms, proofs, thanks
from sitethread.publishing.places import Place, Site
from sitethread.publishing.sites import Moved
from sitethread.submissions import bodies, receiving
from sitethread.submissions.bodies import FormBody
from sitethread.submissions.marks import sender_hash
from web import form_bodies
from web.extensions import database, notices, sender_key, settings, sites
from web.hosts import is_of_published_site, own_origin
from web.published_sites import current_site, for_visitors, page_policy, root_of
from web.rate_limits import client_network, is_within
from web.requests import StrictRequest

bp = Blueprint("visitor_forms", __name__)

# What comes from one address beyond that is not stored. The database has finer limits, with a quarantine.
_MOST = parse_many("2000 per minute")


@bp.post(f"/s/<slug:slug>/{forms.FOLDER}/<path:form>")
def receive(slug: str, form: str) -> Response:
    """Take what a visitor sent, whatever it is, and lead to the page that thanks."""
    here = current_site()
    site = _live(here.slug)
    sent = cast(StrictRequest, request)
    data = sent.beginning(bodies.BYTES + 1)
    boundary = sent.mimetype_params.get("boundary", "")
    if is_within(_MOST, "forms", here.slug, client_network()):
        _store(site, form, form_bodies.parse(data, sent.mimetype, boundary))
    root = here.root if site.slug == here.slug else root_of(site.slug)
    address = root + (thanks.OWN if site.is_text(thanks.OWN) else thanks.PATH)
    return for_visitors(Response(status=303, headers={"Location": address}, mimetype="text/plain"))


@bp.get(f"/s/<slug:slug>/{thanks.PATH}")
def show_thanks(slug: str) -> Response:
    """Thank for what was sent, in the style of the website."""
    here = current_site()
    body = sites().thanks(Place(_live(here.slug), here.root))
    response = Response(body.data, content_type=body.media_type)
    response.headers["Content-Security-Policy"] = page_policy(here)
    response.headers["X-Robots-Tag"] = "noindex"
    return for_visitors(response)


def _live(slug: str) -> Site:
    """Return the website of a slug, also of one that it had."""
    found = sites().live(slug)
    if isinstance(found, Moved):
        found = sites().live(found.slug)
    if isinstance(found, Moved):
        raise errors.NotFound
    return found


def _store(site: Site, form: str, body: FormBody) -> None:
    if body.is_empty:
        return
    secret = settings().secret
    proof = proofs.proof_of(secret, site.website_id) if secret else ""
    sender = sender_hash(sender_key(), client_network())
    received = receiving.receive(database().as_anonymous(), site.slug, form, body, sender, proof)
    if received and received.sealed:
        # The host of a website leads to no inbox.
        origin = settings().public_url if is_of_published_site() else own_origin()
        notices().tell(received, f"{origin}/websites/{site.website_id}?inbox" if origin else "")

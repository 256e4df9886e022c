"""/api/websites/…/domain, and what a proxy asks before it gets a certificate for a host."""

from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, request
from pydantic import Field

from sitethread import errors
from sitethread.publishing import domains
from sitethread.publishing.domains import Claim, Domain
from sitethread.publishing.sites import Moved
from web.api import responses
from web.api.blueprint import ApiBlueprint, success
from web.api.request_models import Body
from web.authentication import current_rows
from web.extensions import domains as known_domains
from web.extensions import settings, sites
from web.hosts import is_own_name
from web.published_sites import slug_of_host

bp = ApiBlueprint("domains", __name__, "Publishing")
proxies = Blueprint("hosts_for_proxies", __name__)


class ClaimedDomain(Body):
    domain: str = Field(
        max_length=240,
        description="Such as `www.luna.example`; letters other than a to z as `xn--…`.",
        json_schema_extra={
            "pattern": r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$"
        },
    )


@bp.put("/websites/<id:website_id>/domain", responses={200: responses.DomainResponse})
def claim_domain(website_id: str, body: ClaimedDomain) -> Response:
    """Show a website at a domain of one's own, once the domain has the TXT record that the response tells."""
    if not domains.is_domain(body.domain) or _is_ours(body.domain):
        raise errors.InvalidDomain(field="domain")
    return success(domain=_domain(domains.claim(current_rows(), website_id, body.domain)))


@bp.get("/websites/<id:website_id>/domain", responses={200: responses.DomainOrNone})
def get_domain(website_id: str) -> Response:
    """Get the domain of a website, and whether it has the record now; null where there is none."""
    found = domains.claim_of(current_rows(), website_id)
    return success(domain=found and _domain(found))


@bp.delete("/websites/<id:website_id>/domain", responses={200: responses.Success})
def give_domain_up(website_id: str) -> Response:
    """Give the domain of a website up, if it has one."""
    domains.give_up(current_rows(), website_id)
    return success()


@proxies.get("/published-hosts")
def check_host() -> Response:
    """Tell a proxy whether a website is published at `?domain=`: 200 if so, else 404. Caddy's on-demand TLS asks."""
    domain = request.args.get("domain", "").lower()
    slug = slug_of_host(domain, settings()) or (
        known_domains().slug_of(domain) if domains.is_domain(domain) else None
    )
    if slug is None or isinstance(sites().live(slug), Moved):
        raise errors.NotFound
    return Response("yes\n", mimetype="text/plain")


def _domain(claim: Claim) -> Domain:
    return {
        "domain": claim["domain"],
        "record": domains.record_of(claim),
        "is_proved": known_domains().has_record(claim),
    }


def _is_ours(domain: str) -> bool:
    ours = {
        urlsplit(origin).hostname for origin in (settings().sites_origin, settings().preview_origin) if origin
    }
    return is_own_name(domain, current_app) or any(
        domain == host or domain.endswith(f".{host}") for host in ours
    )

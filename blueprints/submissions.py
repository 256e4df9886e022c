"""/api/…/submissions, /api/websites/…/notices: what visitors sent, and how its owner hears of it"""

import hashlib
from typing import Annotated, Any, Literal

from flask import Response
from limits import parse_many
from pydantic import AfterValidator, BeforeValidator, Field

from sitethread import accounts, errors, websites
from sitethread.mail_servers import ADDRESS
from sitethread.notices import confirmations, webhooks
from sitethread.notices import settings as form_settings
from sitethread.notices.settings import FormSettings
from sitethread.submissions import inbox, tables
from sitethread.texts import clean_line
from web.api import responses
from web.api.blueprint import ApiBlueprint, success
from web.api.fields import Flag, SearchText, as_number, optional_not_null
from web.api.request_models import Body, PageQuery, Query
from web.authentication import current_rows, current_user
from web.downloads import attachment
from web.extensions import database, notices, sealer, settings
from web.hosts import own_origin
from web.rate_limits import is_within

bp = ApiBlueprint("submissions", __name__, "Submissions")

PAGE_SIZE = 30
_CONFIRMATIONS, _TO_ONE_ADDRESS = parse_many("10 per hour; 30 per day"), parse_many("3 per day")
_FLAGS = {"true": True, "false": False}


def _mail_address(text: str) -> str:
    if not ADDRESS.fullmatch(text) or "." not in text.rpartition("@")[2]:
        raise ValueError("Value should be a mail address")
    return text


def _webhook(url: str) -> str:
    if url and not webhooks.is_sendable(url):
        raise ValueError("Value should be an address that begins with https:// or http://")
    return url


class SubmissionQuery(PageQuery):
    q: SearchText | None = Field(None, description="A text that is in one of its fields.")
    form: str | None = Field(None, max_length=100)
    quarantined: Literal["true", "false"] | None = Field(
        None, description="Those in quarantine, or all others."
    )


class TableQuery(Query):
    form: str | None = Field(None, max_length=100)
    quarantined: Literal["true", "false"] | None = None


class QuarantineQuery(Query):
    quarantined: Literal["true"] = Field(description="Nothing else is deleted all at once.")


class SubmissionChanges(Body):
    is_read: Flag = optional_not_null()
    is_quarantined: Flag = optional_not_null()


MailAddress = Annotated[str, Field(max_length=254), AfterValidator(_mail_address)]


class Unconfirmed(Body):
    mail: MailAddress


class NewNotices(Body):
    mails: list[MailAddress] = Field([], max_length=3)
    webhook: Annotated[str, Field(max_length=1000), AfterValidator(_webhook)] = ""
    retention_days: Annotated[int, Field(ge=1, le=3650), BeforeValidator(as_number)] = 365
    consent: Annotated[str, BeforeValidator(clean_line), Field(max_length=300)] = ""


@bp.get("/websites/<id:website_id>/submissions", responses={200: responses.SubmissionList})
def list_submissions(website_id: str, query: SubmissionQuery) -> Response:
    """List what visitors sent by forms, the newest first; those in quarantine are in the list, marked."""
    rows = current_rows()
    if query.cursor is None:
        inbox.sweep(rows, website_id)
    limit, quarantined = query.limit or PAGE_SIZE, _FLAGS.get(query.quarantined or "")
    page = inbox.list_page(rows, website_id, limit, query.cursor, query.q, query.form, quarantined)
    return success(submissions=page.items, next_cursor=page.next_cursor, **inbox.count(rows, website_id))


@bp.get("/websites/<id:website_id>/submissions.csv", responses={200: responses.TABLE})
def download_submissions(website_id: str, query: TableQuery) -> Response:
    """Download submissions as a table; without `quarantined`, those that are in none."""
    rows = current_rows()
    website = websites.get(rows, website_id)
    quarantined = _FLAGS[query.quarantined or "false"]
    columns = tables.columns_of(inbox.all_of(rows, website_id, query.form, is_quarantined=quarantined))
    found = inbox.all_of(rows, website_id, query.form, is_quarantined=quarantined)
    return attachment(tables.lines(found, columns), "text/csv", website["name"], "csv")


@bp.delete("/websites/<id:website_id>/submissions", responses={200: responses.DeletedSubmissions})
def empty_quarantine(website_id: str, query: QuarantineQuery) -> Response:
    """Delete all that is quarantined."""
    rows = current_rows()
    websites.get(rows, website_id)
    return success(deleted=inbox.empty_quarantine(rows, website_id))


@bp.get("/submissions/<id:submission_id>", responses={200: responses.SubmissionResponse})
def get_submission(submission_id: str) -> Response:
    """Get what a visitor sent."""
    return success(submission=inbox.get(current_rows(), submission_id))


@bp.patch("/submissions/<id:submission_id>", responses={200: responses.SubmissionResponse})
def mark_submission(submission_id: str, body: SubmissionChanges) -> Response:
    """Mark a submission as read, or as no spam."""
    changes = body.model_dump(exclude_unset=True)
    rows = current_rows()
    found = inbox.change(rows, submission_id, changes) if changes else inbox.get(rows, submission_id)
    return success(submission=found)


@bp.delete("/submissions/<id:submission_id>", responses={200: responses.Success})
def delete_submission(submission_id: str) -> Response:
    """Delete a submission, for good."""
    inbox.delete(current_rows(), submission_id)
    return success()


@bp.post("/submissions/<id:submission_id>/notices", responses={202: responses.SubmissionResponse})
def send_notices_again(submission_id: str) -> Response:
    """Send the notices of a submission that were not delivered once more."""
    rows = current_rows()
    submission = inbox.get(rows, submission_id)
    website = websites.get(rows, submission["website_id"])
    channels = form_settings.read(rows, sealer(), website["id"])
    inbox_url = f"{own_origin()}/websites/{website['id']}?inbox"
    if not notices().tell_again(rows.user_id, submission, channels, website["name"], inbox_url):
        raise errors.NothingToSend
    return success(202, submission=inbox.get(rows, submission_id))


@bp.get("/websites/<id:website_id>/notices", responses={200: responses.NoticesResponse})
def get_notices(website_id: str) -> Response:
    """Get where notices of submissions go, how long these are kept, and what visitors agree to."""
    return success(**_shown(form_settings.read(current_rows(), sealer(), website_id)))


@bp.put("/websites/<id:website_id>/notices", responses={200: responses.NoticesResponse})
def save_notices(website_id: str, body: NewNotices) -> Response:
    """Say where notices of submissions go, how long these are kept, and what visitors agree to; replaces all of it.

    An address that is new is mailed a link, but for the account's own; until it is opened, no notice goes there.
    """
    rows, user = current_rows(), current_user()
    known = form_settings.read(rows, sealer(), website_id)["mails"]
    own_mail = accounts.confirmed_email(database(), user.access_token) if body.mails else ""
    new = [mail for mail in body.mails if mail not in {*known, own_mail}] if notices().has_mail_server else []
    for mail in new:
        _count_confirmation(mail)
    saved = form_settings.save(
        rows, sealer(), settings().secret, website_id, **body.model_dump(), own_mail=own_mail
    )
    for mail in new:
        _ask_to_confirm(website_id, mail)
    return success(**_shown(saved))


@bp.post("/websites/<id:website_id>/notices/confirmations", responses={202: responses.Success})
def send_confirmation_again(website_id: str, body: Unconfirmed) -> Response:
    """Mail the link once more by which the reader of an address confirms it."""
    found = form_settings.read(current_rows(), sealer(), website_id)
    if body.mail not in found["mails"] or body.mail in found["confirmed"]:
        raise errors.NothingToSend
    _count_confirmation(body.mail)
    _ask_to_confirm(website_id, body.mail)
    return success(202)


def _count_confirmation(mail: str) -> None:
    """Raise RateLimited after many mails of one person, or some to one address."""
    address = hashlib.sha256(mail.lower().encode()).hexdigest()
    if not (
        is_within(_CONFIRMATIONS, "confirmations", current_user().id)
        and is_within(_TO_ONE_ADDRESS, "confirmations to", address)
    ):
        raise errors.RateLimited(retry_after=3600)


def _ask_to_confirm(website_id: str, mail: str) -> None:
    seals = sealer()
    if seals is None:
        raise errors.NoticesOff
    token = confirmations.token_for(seals, current_user().id, website_id, mail)
    notices().ask_to_confirm(mail, f"{own_origin()}/notices/confirm?token={token}")


def _shown(found: FormSettings) -> dict[str, Any]:
    has_secret = settings().secret is not None
    return {
        "notices": found,
        "can_mail": has_secret and notices().has_mail_server,
        "can_call_webhooks": has_secret,
    }

"""/api/…/submissions, /api/websites/…/notices: what visitors sent, and how its owner hears of it"""

from typing import Annotated, Any, Literal

from flask import Response
from pydantic import AfterValidator, BeforeValidator, Field

from sitethread import errors, websites
from sitethread.mail_servers import ADDRESS
from sitethread.notices import settings as form_settings
from sitethread.notices import webhooks
from sitethread.notices.settings import FormSettings
from sitethread.submissions import inbox, tables
from sitethread.texts import clean_line
from web.api import responses
from web.api.blueprint import ApiBlueprint, success
from web.api.fields import Flag, SearchText, as_number, optional_not_null
from web.api.request_models import Body, PageQuery, Query
from web.authentication import current_rows
from web.downloads import attachment
from web.extensions import notices, sealer, settings
from web.hosts import own_origin

bp = ApiBlueprint("submissions", __name__, "Submissions")

PAGE_SIZE = 30
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


class NewNotices(Body):
    mails: list[Annotated[str, Field(max_length=254), AfterValidator(_mail_address)]] = Field(
        [], max_length=3
    )
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
    """Say where notices of submissions go, how long these are kept, and what visitors agree to; replaces all of it."""
    saved = form_settings.save(current_rows(), sealer(), settings().secret, website_id, **body.model_dump())
    return success(**_shown(saved))


def _shown(found: FormSettings) -> dict[str, Any]:
    has_secret = settings().secret is not None
    return {
        "notices": found,
        "can_mail": has_secret and notices().has_mail_server,
        "can_call_webhooks": has_secret,
    }

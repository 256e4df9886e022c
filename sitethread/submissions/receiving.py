"""Taking what a visitor sent by a form. Where it belongs, and whether there is room for it, is decided in SQL."""

from typing import NamedTuple

from sitethread.database import Rows, pick
from sitethread.submissions.bodies import FormBody, line
from sitethread.submissions.inbox import Submission
from sitethread.submissions.marks import content_hash, marks_of

_LONGEST_FORM = 100


class Received(NamedTuple):
    """A submission that is stored, and how its owner hears of it, as it is sealed; empty for not at all."""

    submission: Submission
    user_id: str
    website_name: str
    sealed: str


def receive(rows: Rows, slug: str, form: str, body: FormBody, sender: str, proof: str) -> Received | None:
    """Store a submission, in quarantine if it looks like a machine's; None when nothing is stored.

    Raise NotFound when the slug leads nowhere.
    """
    params = {
        "slug": slug,
        "form": line(form)[:_LONGEST_FORM],
        "page": body.page,
        "fields": body.fields,
        "marks": marks_of(body),
        "sender": sender,
        "content_hash": content_hash(body),
        "proof": proof,
    }
    stored = rows.call("submit_form", params)
    if "submission" not in stored:
        return None
    submission = pick(stored["submission"], Submission)
    return Received(submission, stored["submission"]["user_id"], stored["website_name"], stored["sealed"])

"""The mails that tell the owner of a website what was sent. What a visitor wrote can't become a header of them."""

from collections.abc import Sequence
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from sitethread.mail_servers import ADDRESS
from sitethread.submissions.inbox import Submission

_LONGEST_LINE = 200
_LONGEST_VALUE = 5_000


def notice_of(
    submission: Submission, website: str, inbox_url: str, sender: str, to: Sequence[str]
) -> EmailMessage:
    """Return the mail that tells the owner of a submission."""
    message = _mail(_line(f"{website}: {submission['form']}"), sender, to)
    if reply_to := _address_in(submission):
        message["Reply-To"] = reply_to
    fields = "\n\n".join(
        f"{_line(each['name'])}:\n{each['value'][:_LONGEST_VALUE]}" for each in submission["fields"]
    )
    link = f"\n\nIn your inbox: {inbox_url}" if inbox_url else ""
    about = f"Somebody sent the form “{_line(submission['form'])}” of {_line(website)}."
    message.set_content(f"{about}\n\n{fields}{link}\n")
    return message


def confirmation_of(to: str, link: str, sender: str) -> EmailMessage:
    """Return the mail with the link that confirms an address. It has no text of whoever asked for it."""
    message = _mail("Notices by mail", sender, [to])
    message.set_content(
        "Somebody who makes a website wants what visitors send by its forms to be mailed to this address.\n\n"
        f"If you know of it, open this link within a week:\n{link}\n\nElse do nothing: nothing more is mailed to you.\n"
    )
    return message


def _mail(subject: str, sender: str, to: Sequence[str]) -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = subject
    message["From"] = sender
    message["To"] = ", ".join(to)
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    return message


def _address_in(submission: Submission) -> str | None:
    """Return the one mail address that is the whole value of a field."""
    found = {
        each["value"].strip() for each in submission["fields"] if ADDRESS.fullmatch(each["value"].strip())
    }
    return found.pop() if len(found) == 1 else None


def _line(text: str) -> str:
    return " ".join(text.split())[:_LONGEST_LINE]

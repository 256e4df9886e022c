"""Sends notices outside of requests: at once, and again after 1, 10 and 60 minutes where that fails.

What a worker has not sent when it ends stays `waiting` in the database; the inbox offers to send it again.
"""

import heapq
import itertools
import logging
import smtplib
import threading
import time
from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass

from sitethread import errors
from sitethread.database import Database
from sitethread.mail_servers import MailServer
from sitethread.notices import mails, webhooks
from sitethread.notices.settings import Channels, none, opened
from sitethread.publishing import proofs
from sitethread.sealing import Sealer
from sitethread.settings import Settings
from sitethread.submissions.inbox import Submission
from sitethread.submissions.receiving import Received

PAUSES = (60, 600, 3600)
"""Seconds before it is tried again."""
# Of one person few: whoever has slow webhooks keeps no others' notices waiting.
_AT_ONCE, _AT_ONCE_OF_ONE = 8, 2
_MOST_WAITING, _MOST_WAITING_OF_ONE = 1_000, 100
# To one person, whatever their websites are.
_MAILS_AN_HOUR = 100

log = logging.getLogger("sitethread")


@dataclass
class Notice:
    """One submission to tell its owner of, by the channels that are left."""

    user_id: str
    submission: Submission
    website: str
    inbox_url: str
    channels: Channels
    attempts: int = 0


class Notices:
    """Any thread or greenlet may hand a notice over; threads of its own send them."""

    def __init__(self, database: Database, sealer: Sealer | None, settings: Settings) -> None:
        self._rows = database.as_anonymous()
        self._sealer, self._secret = sealer, settings.secret
        self._mail_server = MailServer.from_url(settings.smtp_url) if settings.smtp_url else None
        self._may_be_private = settings.webhook_addresses == "any"
        self.pauses: tuple[float, ...] = PAUSES
        self._due: list[tuple[float, int, Notice]] = []
        self._numbers = itertools.count()
        self._change = threading.Condition()
        self._threads = 0
        # By person: how many are due or held, how many are being sent, and those that wait for these.
        self._waiting: Counter[str] = Counter()
        self._sending: Counter[str] = Counter()
        self._held: dict[str, deque[Notice]] = {}
        self._sent: OrderedDict[str, tuple[float, int]] = OrderedDict()

    @property
    def has_mail_server(self) -> bool:
        return self._mail_server is not None

    def tell(self, received: Received, inbox_url: str) -> None:
        """Have the owner of a website told of a submission, soon."""
        submission = received.submission
        channels = self._opened(received.sealed, received.user_id, submission["website_id"])
        channels = {**channels, "mails": channels["confirmed"]}
        self._put(Notice(received.user_id, submission, received.website_name, inbox_url, channels), 0)

    def tell_again(
        self, user_id: str, submission: Submission, channels: Channels, website_name: str, inbox_url: str
    ) -> bool:
        """Have a submission told by the channels that did not take it yet; False if there are none."""
        left: Channels = {
            "mails": [] if submission["mail_notice"] == "sent" else channels["confirmed"],
            "confirmed": channels["confirmed"],
            "webhook": "" if submission["webhook_notice"] == "sent" else channels["webhook"],
            "signing_key": channels["signing_key"],
        }
        if not self._secret or not (left["mails"] or left["webhook"]):
            return False
        notice = Notice(user_id, submission, website_name, inbox_url, left)
        self._record(notice, "waiting" if left["mails"] else None, "waiting" if left["webhook"] else None)
        self._put(notice, 0)
        return True

    def ask_to_confirm(self, mail: str, link: str) -> None:
        """Mail an address the link by which its reader confirms that notices go there; raise MailNotSent."""
        try:
            if self._mail_server is None:
                raise OSError("no mail server")
            self._mail_server.send(mails.confirmation_of(mail, link, self._mail_server.sender))
        except (OSError, smtplib.SMTPException, ValueError) as error:
            log.warning("confirmation not sent", extra={"facts": {"problem": type(error).__name__}})
            raise errors.MailNotSent from None

    def _opened(self, sealed: str, user_id: str, website_id: str) -> Channels:
        return opened(self._sealer, sealed, user_id, website_id) if self._secret else none()

    def _put(self, notice: Notice, seconds: float) -> None:
        with self._change:
            if (
                self._waiting.total() >= _MOST_WAITING
                or self._waiting[notice.user_id] >= _MOST_WAITING_OF_ONE
            ):
                # It stays waiting, and the inbox offers to send it.
                return
            self._waiting[notice.user_id] += 1
            heapq.heappush(self._due, (time.monotonic() + seconds, next(self._numbers), notice))
            if self._threads < _AT_ONCE:
                self._threads += 1
                threading.Thread(target=self._run, daemon=True, name="notices").start()
            self._change.notify()

    def _run(self) -> None:
        while (notice := self._next()) is not None:
            try:
                self._send(notice)
            except Exception:
                log.exception("notice failed")
            finally:
                self._end(notice)

    def _next(self) -> Notice | None:
        """Wait for a notice that is due, and take it; None once there is nothing to do."""
        with self._change:
            while True:
                if self._due and self._due[0][0] <= time.monotonic():
                    notice = heapq.heappop(self._due)[2]
                    if self._sending[notice.user_id] < _AT_ONCE_OF_ONE:
                        self._begin(notice)
                        return notice
                    self._held.setdefault(notice.user_id, deque()).append(notice)
                    continue
                left = self._due[0][0] - time.monotonic() if self._due else 30
                if not self._change.wait(max(left, 0.001)) and not self._due:
                    self._threads -= 1
                    return None

    def _begin(self, notice: Notice) -> None:
        self._sending[notice.user_id] += 1
        self._waiting -= Counter([notice.user_id])

    def _end(self, notice: Notice) -> None:
        """Have the next one of this person's that is held be due."""
        with self._change:
            self._sending -= Counter([notice.user_id])
            if held := self._held.get(notice.user_id):
                heapq.heappush(self._due, (time.monotonic(), next(self._numbers), held.popleft()))
                self._change.notify()
            if not held:
                self._held.pop(notice.user_id, None)

    def _send(self, notice: Notice) -> None:
        is_last = notice.attempts >= len(self.pauses)
        mail = self._outcome(self._mail, notice, is_last=is_last) if notice.channels["mails"] else None
        webhook = (
            self._outcome(self._webhook, notice, is_last=is_last) if notice.channels["webhook"] else None
        )
        if mail == "sent":
            notice.channels = {**notice.channels, "mails": []}
        if webhook == "sent":
            notice.channels = {**notice.channels, "webhook": ""}
        self._record(notice, mail, webhook)
        if not is_last and (notice.channels["mails"] or notice.channels["webhook"]):
            notice.attempts += 1
            self._put(notice, self.pauses[notice.attempts - 1])

    def _outcome(self, send: Callable[[Notice], None], notice: Notice, *, is_last: bool) -> str:
        try:
            send(notice)
        except (OSError, smtplib.SMTPException, webhooks.WebhookFailed, ValueError) as error:
            log.warning("notice not sent", extra={"facts": {"problem": type(error).__name__}})
            return "failed" if is_last else "waiting"
        return "sent"

    def _mail(self, notice: Notice) -> None:
        if self._mail_server is None:
            raise OSError("no mail server")
        if not self._may_mail(notice.user_id):
            raise OSError("too many mails")
        server, channels = self._mail_server, notice.channels
        server.send(
            mails.notice_of(
                notice.submission, notice.website, notice.inbox_url, server.sender, channels["mails"]
            )
        )

    def _webhook(self, notice: Notice) -> None:
        channels = notice.channels
        body = webhooks.body_of(notice.submission)
        webhooks.send(channels["webhook"], channels["signing_key"], body, may_be_private=self._may_be_private)

    def _may_mail(self, user_id: str) -> bool:
        """Whether a person may have one more mail in this hour from this worker."""
        hour = time.monotonic() // 3600
        with self._change:
            at, sent = self._sent.pop(user_id, (hour, 0))
            sent = sent if at == hour else 0
            self._sent[user_id] = (hour, sent + 1)
            while len(self._sent) > 10_000:
                self._sent.popitem(last=False)
        return sent < _MAILS_AN_HOUR

    def _record(self, notice: Notice, mail: str | None, webhook: str | None) -> None:
        submission = notice.submission
        params = {
            "website_id": submission["website_id"],
            "submission_id": submission["id"],
            "proof": proofs.proof_of(self._secret or "", submission["website_id"]),
            "mail": mail,
            "webhook": webhook,
        }
        try:
            self._rows.call("record_notice", params)
        except errors.DomainError:
            log.warning("notice not recorded")

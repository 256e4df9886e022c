"""Mail servers: where mails are handed over, as SMTP_URL says.

smtp://user:password@host:587 uses STARTTLS where it is offered, smtps:// is TLS from the start.
"""

import re
import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from urllib.parse import parse_qs, unquote, urlsplit

SECONDS = 20
ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,8}")
"""A mail address that is safe in a header."""


@dataclass(frozen=True)
class MailServer:
    """Where mails are handed over."""

    host: str
    port: int
    is_tls: bool
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def from_url(cls, url: str) -> "MailServer":
        """Read SMTP_URL; `?from=` names the sender. Raise ValueError."""
        parts = urlsplit(url)
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
            raise ValueError("no smtp address")
        user = unquote(parts.username or "")
        sender = parse_qs(parts.query).get("from", [user if "@" in user else f"sitethread@{parts.hostname}"])[
            0
        ]
        is_tls = parts.scheme == "smtps"
        if not ADDRESS.fullmatch(sender):
            raise ValueError("no sender")
        return cls(
            parts.hostname,
            parts.port or (465 if is_tls else 587),
            is_tls,
            sender,
            user,
            unquote(parts.password or ""),
        )

    def send(self, message: EmailMessage) -> None:
        """Hand a mail over; raise OSError, smtplib.SMTPException."""
        context = ssl.create_default_context()
        made = (
            smtplib.SMTP_SSL(self.host, self.port, timeout=SECONDS, context=context)
            if self.is_tls
            else smtplib.SMTP(self.host, self.port, timeout=SECONDS)
        )
        with made as server:
            server.ehlo()
            if not self.is_tls and server.has_extn("starttls"):
                server.starttls(context=context)
                server.ehlo()
            if self.user:
                if not self.is_tls and not isinstance(server.sock, ssl.SSLSocket):
                    raise smtplib.SMTPNotSupportedError("no TLS for the password")
                server.login(self.user, self.password)
            server.send_message(message)

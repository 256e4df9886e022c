"""What the app is told by its environment, read once and checked."""

import base64
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Self, TypeVar
from urllib.parse import urlsplit

from dotenv import dotenv_values

from sitethread.mail_servers import MailServer

OFFLINE_MODEL = "offline-assistant"
Choice = TypeVar("Choice", bound=str)
SECRET_CHARACTERS = 32


class SettingsError(Exception):
    """Says in one line which variable is wrong and how to put it right."""


@dataclass(frozen=True)
class Settings:
    supabase_url: str
    supabase_key: str = field(repr=False)
    public_url: str | None = None
    preview_origin: str | None = None
    sites_origin: str | None = None
    dns_server: str | None = None
    trusted_hosts: tuple[str, ...] = ()
    trusted_proxies: int = 0
    openai_api_key: str | None = field(default=None, repr=False)
    openai_base_url: str | None = None
    openai_model: str = "gpt-5-mini"
    openai_api: Literal["chat", "responses"] = "chat"
    openai_edits: Literal["on", "off"] = "on"
    openai_vision: Literal["on", "off"] = "off"
    model_timeout: int = 60
    outbox_url: str | None = None
    log_level: str = "INFO"
    metrics_token: str | None = field(default=None, repr=False)
    secret: str | None = field(default=None, repr=False)
    smtp_url: str | None = field(default=None, repr=False)
    webhook_addresses: Literal["public", "any"] = "public"
    database_pool: int = 200
    sign_in_limit: str = "100 per minute"
    ratelimit_storage_uri: str = field(default="memory://", repr=False)
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 2

    @property
    def is_offline_demo(self) -> bool:
        """Whether the model is the embedded stack's offline assistant."""
        return self.openai_base_url == f"{self.supabase_url}/llm/v1" or self.openai_model == OFFLINE_MODEL

    @property
    def model_problem(self) -> str | None:
        """Say what is missing before a model can answer; None when nothing is."""
        if self.openai_api_key or self.openai_base_url:
            return None
        return "OPENAI_API_KEY is not set: put your key there, or a model's address in OPENAI_BASE_URL."

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Self:
        """Read the environment, and `.env` beneath it; raise SettingsError naming the first thing wrong."""
        if environ is None:
            environ = {**{k: v for k, v in dotenv_values(".env").items() if v is not None}, **os.environ}
        env = _Environment(environ)
        supabase_url = env.origin(
            "SUPABASE_URL", "the address of your Supabase project, or leave it empty and run `make run`"
        )
        if supabase_url is None:
            raise SettingsError(
                "SUPABASE_URL is not set: put the address of your Supabase project there, or run `make run`."
            )
        base_url = env.url("OPENAI_BASE_URL", "an address such as http://127.0.0.1:11434/v1")
        offline = base_url == f"{supabase_url}/llm/v1"
        return cls(
            supabase_url=supabase_url,
            supabase_key=env.publishable_key(),
            public_url=env.origin(
                "PUBLIC_URL", "the address people open, such as https://sitethread.example"
            ),
            preview_origin=env.origin("PREVIEW_ORIGIN", "an address such as https://preview.example"),
            sites_origin=env.sites_origin(),
            dns_server=env.address("DNS_SERVER"),
            trusted_hosts=tuple(
                h.strip().lower() for h in env.text("TRUSTED_HOSTS", "").split(",") if h.strip()
            ),
            trusted_proxies=env.number("TRUSTED_PROXIES", 0, 0, 10),
            openai_api_key=env.text("OPENAI_API_KEY", "") or None,
            openai_base_url=base_url,
            # What the offline assistant says is never shown as a model's.
            openai_model=OFFLINE_MODEL if offline else env.text("OPENAI_MODEL", cls.openai_model),
            openai_api=env.choice("OPENAI_API", "chat", "responses"),
            openai_edits=env.choice("OPENAI_EDITS", "on", "off"),
            openai_vision=env.choice("OPENAI_VISION", "off", "on"),
            model_timeout=env.number("MODEL_TIMEOUT", cls.model_timeout, 1, 3600),
            outbox_url=env.url("SITETHREAD_OUTBOX_URL", "the address of the local outbox page"),
            log_level=env.choice("LOG_LEVEL", "INFO", "DEBUG", "WARNING", "ERROR"),
            metrics_token=env.text("METRICS_TOKEN", "") or None,
            secret=env.secret("SITETHREAD_SECRET"),
            smtp_url=env.smtp_url("SMTP_URL"),
            webhook_addresses=env.choice("WEBHOOK_ADDRESSES", "public", "any"),
            sign_in_limit=env.rate("SIGN_IN_LIMIT", cls.sign_in_limit),
            ratelimit_storage_uri=env.counters("RATELIMIT_STORAGE_URI"),
            database_pool=env.number("DATABASE_POOL", cls.database_pool, 1, 10_000),
            host=env.host("HOST", cls.host),
            port=env.number("PORT", cls.port, 0, 65_535),
            workers=env.number("WEB_CONCURRENCY", cls.workers, 1, 1_000),
        )

    @classmethod
    def from_env_or_exit(cls) -> Self:
        """Read the environment; on a wrong setting end the process with that one line and status 1."""
        try:
            return cls.from_env()
        except SettingsError as error:
            raise SystemExit(f"sitethread: {error}") from None


class _Environment:
    """Reads single variables; an empty one counts as not set."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values

    def text(self, name: str, default: str) -> str:
        return self._values.get(name, "").strip() or default

    def number(self, name: str, default: int, low: int, high: int) -> int:
        text = self.text(name, str(default))
        if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
            raise SettingsError(f"{name} is {text!r}: set it to a whole number from {low} to {high}.")
        return int(text)

    def url(self, name: str, fix: str) -> str | None:
        text = self.text(name, "").rstrip("/")
        if not text:
            return None
        if not _is_http_url(text):
            raise SettingsError(f"{name} is not an http(s) address: set it to {fix}.")
        return text

    def origin(self, name: str, fix: str) -> str | None:
        """Read an address without path, query or credentials."""
        text = self.url(name, fix)
        if text and (urlsplit(text).path or urlsplit(text).query or "@" in text):
            raise SettingsError(f"{name} has more than scheme, host and port: set it to {fix}.")
        return text

    def address(self, name: str) -> str | None:
        text = self.text(name, "")
        if text and not re.fullmatch(r"[0-9A-Fa-f.:]+:[0-9]{1,5}", text):
            raise SettingsError(f"{name} is {text!r}: set it to an address and a port, such as 127.0.0.1:53.")
        return text or None

    def sites_origin(self) -> str | None:
        """Read under which domain websites are published: none that the app itself is served under."""
        name, fix = "SITES_ORIGIN", "an address such as https://sites.example"
        origin = self.origin(name, fix)
        app_host = urlsplit(self.text("PUBLIC_URL", "")).hostname
        host = urlsplit(origin or "").hostname
        if host and (":" in host or host.replace(".", "").isdigit()):
            raise SettingsError(
                f"{name} has no domain, under which each website would get a name: set it to {fix}."
            )
        if host and app_host and (_is_within(host, app_host) or _is_within(app_host, host)):
            raise SettingsError(f"{name} shares its domain with PUBLIC_URL: set it to a domain of its own.")
        return origin

    def host(self, name: str, default: str) -> str:
        text = self.text(name, default)
        if not re.fullmatch(r"[A-Za-z0-9.-]+|\[?[0-9A-Fa-f:.]+\]?", text):
            raise SettingsError(f"{name} is {text!r}: set it to an address such as 127.0.0.1 or 0.0.0.0.")
        return text

    def publishable_key(self) -> str:
        key = self.text("SUPABASE_PUBLISHABLE_KEY", self.text("SUPABASE_ANON_KEY", ""))
        if not key:
            raise SettingsError(
                "SUPABASE_PUBLISHABLE_KEY is not set: copy it from your Supabase project's API settings."
            )
        if not key.isascii() or not key.isprintable() or " " in key:
            raise SettingsError("SUPABASE_PUBLISHABLE_KEY has characters that no key has: copy it again.")
        if key.startswith("sb_secret_") or _key_role(key) not in {None, "anon"}:
            raise SettingsError(
                "SUPABASE_PUBLISHABLE_KEY holds a secret key: use the publishable key (sb_publishable_…)."
            )
        return key

    def secret(self, name: str) -> str | None:
        text = self.text(name, "")
        if text and len(text) < SECRET_CHARACTERS:
            raise SettingsError(
                f"{name} is too short: set it to {SECRET_CHARACTERS} random characters or more."
            )
        return text or None

    def smtp_url(self, name: str) -> str | None:
        """Read the address of a mail server, with who mails come from."""
        text = self.text(name, "")
        try:
            if text:
                MailServer.from_url(text)
        except ValueError:
            raise SettingsError(
                f"{name} is no mail server: set it to smtp://user:password@host:587?from=you@host, or smtps://…"
            ) from None
        return text or None

    def choice(self, name: str, first: Choice, *others: Choice) -> Choice:
        """Read one of these words, in upper or lower case; the first is the default."""
        text = self.text(name, first)
        for word in (first, *others):
            if text.lower() == word.lower():
                return word
        words = ", ".join((first, *others[:-1]))
        raise SettingsError(f"{name} is {text!r}: set it to {words} or {others[-1]}.")

    def rate(self, name: str, default: str) -> str:
        """Read how often something may happen, such as `100 per minute; 1000 per hour`."""
        text = self.text(name, default)
        rates = [rate.strip() for rate in text.split(";")]
        if not all(
            re.fullmatch(r"[1-9]\d* per ([1-9]\d* )?(second|minute|hour|day)s?", rate) for rate in rates
        ):
            raise SettingsError(
                f"{name} is {text!r}: set it to a rate such as '100 per minute; 1000 per hour'."
            )
        return text

    def counters(self, name: str) -> str:
        text = self.text(name, "memory://")
        if not text.startswith(("memory://", "redis://", "rediss://", "redis+")):
            raise SettingsError(
                f"{name} is not the address of a Redis: set it to redis://host:6379 or leave it out."
            )
        return text


def _key_role(key: str) -> str | None:
    """Read the role that a key in the older form, a JWT, stands for."""
    try:
        payload = key.split(".")[1]
        return str(json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["role"])
    except (ValueError, LookupError, TypeError):
        return None


def _is_within(host: str, domain: str) -> bool:
    return host == domain or host.endswith(f".{domain}")


def _is_http_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return False

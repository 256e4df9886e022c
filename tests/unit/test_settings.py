"""Settings: what the app is told, and how it says that something is wrong."""

import base64
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sitethread.settings import Settings, SettingsError

ROOT = Path(__file__).parent.parent.parent
GOOD = {"SUPABASE_URL": "https://x.supabase.co", "SUPABASE_PUBLISHABLE_KEY": "sb_publishable_1"}


def old_key(role: str) -> str:
    payload = base64.urlsafe_b64encode(json.dumps({"role": role}).encode()).decode().rstrip("=")
    return f"eyJhbGciOiJIUzI1NiJ9.{payload}.c2ln"


def test_two_variables_are_enough() -> None:
    settings = Settings.from_env(GOOD)
    assert settings.supabase_url == "https://x.supabase.co"
    assert settings.model_problem and "OPENAI_API_KEY" in settings.model_problem


@pytest.mark.parametrize("sites", ["app.example", "sites.app.example", "example"])
def test_websites_are_published_under_a_domain_that_is_not_the_apps(sites: str) -> None:
    wanted = {**GOOD, "PUBLIC_URL": "https://app.example", "SITES_ORIGIN": f"https://{sites}"}
    with pytest.raises(SettingsError, match="SITES_ORIGIN shares its domain"):
        Settings.from_env(wanted)
    settings = Settings.from_env({**wanted, "SITES_ORIGIN": "https://sites.test:8443"})
    assert settings.sites_origin == "https://sites.test:8443"


def test_the_older_name_and_form_of_the_key_work() -> None:
    older = {"SUPABASE_URL": "https://x.supabase.co/", "SUPABASE_ANON_KEY": old_key("anon")}
    assert Settings.from_env(older).supabase_key == old_key("anon")


def test_the_offline_assistant_is_known_by_its_address() -> None:
    assert Settings.from_env({**GOOD, "OPENAI_BASE_URL": "https://x.supabase.co/llm/v1"}).is_offline_demo
    named = Settings.from_env(
        {**GOOD, "OPENAI_BASE_URL": "https://x.supabase.co/llm/v1", "OPENAI_MODEL": "gpt"}
    )
    assert named.openai_model == "offline-assistant"
    other = Settings.from_env({**GOOD, "OPENAI_BASE_URL": "http://127.0.0.1:11434/v1"})
    assert not other.is_offline_demo and other.model_problem is None


def test_secrets_are_not_in_its_text() -> None:
    settings = Settings.from_env({**GOOD, "OPENAI_API_KEY": "sk-secret", "SITETHREAD_SECRET": "s" * 32})
    assert settings.secret == "s" * 32 and settings.secret not in repr(settings)
    assert "sk-secret" not in repr(settings) and "sb_publishable_1" not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SUPABASE_URL", ""),
        ("SUPABASE_URL", "x.supabase.co"),
        ("SUPABASE_URL", "ftp://x.supabase.co"),
        ("SUPABASE_URL", "https://"),
        ("SUPABASE_URL", "https://x:notaport"),
        ("SUPABASE_URL", "https://x.supabase.co/rest/v1"),
        ("SUPABASE_URL", "https://user:pass@x.supabase.co"),
        ("SUPABASE_PUBLISHABLE_KEY", " "),
        ("SUPABASE_PUBLISHABLE_KEY", "sb_secret_1"),
        ("SUPABASE_PUBLISHABLE_KEY", old_key("a role above all rules")),
        ("SUPABASE_PUBLISHABLE_KEY", "two words"),
        ("SUPABASE_PUBLISHABLE_KEY", "ключ"),
        ("OPENAI_BASE_URL", "localhost:11434"),
        ("OPENAI_API", "assistants"),
        ("OPENAI_EDITS", "some"),
        ("OPENAI_VISION", "maybe"),
        ("SITETHREAD_SECRET", "s" * 31),
        ("SMTP_URL", "http://mail.example"),
        ("WEBHOOK_ADDRESSES", "some"),
        ("PUBLIC_URL", "https://x.example/path"),
        ("PREVIEW_ORIGIN", "preview"),
        ("SITES_ORIGIN", "sites.example"),
        ("SITES_ORIGIN", "https://10.0.0.1"),
        ("SITES_ORIGIN", "https://[::1]:8000"),
        ("SITES_ORIGIN", "https://sites.example/x"),
        ("DNS_SERVER", "127.0.0.1"),
        ("DNS_SERVER", "ns.example:53"),
        ("TRUSTED_PROXIES", "-1"),
        ("TRUSTED_PROXIES", "many"),
        ("DATABASE_POOL", "0"),
        ("HOST", "http://127.0.0.1"),
        ("PORT", "http"),
        ("PORT", "65536"),
        ("WEB_CONCURRENCY", "0"),
        ("WEB_CONCURRENCY", "two"),
        ("LOG_LEVEL", "loud"),
    ],
)
def test_a_wrong_setting_is_named_with_its_fix_in_one_line(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_env({**GOOD, name: value})
    assert str(caught.value).startswith(f"{name} ") and "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "command",
    [
        ["python", "-c", "import app; app.create_app()"],
        ["gunicorn", "-c", "gunicorn.conf.py", "app:create_app()"],
    ],
    ids=["create_app", "gunicorn"],
)
def test_the_app_ends_with_that_line_and_no_traceback(command: list[str]) -> None:
    done = subprocess.run(
        [str(Path(sys.executable).parent / command[0]), *command[1:]],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PORT": "0", "SUPABASE_URL": "nonsense"},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("sitethread: SUPABASE_URL ") and done.stderr.count("\n") == 1

"""The official clients, unmodified, against the embedded Supabase."""

import json
import subprocess
import uuid
from collections.abc import Iterator

import httpx
import pytest
from supabase import AuthApiError, Client, ClientOptions, create_client
from supabase_auth import SyncMemoryStorage

from tests.stacks import PASSWORD, ROOT, Stack


def test_supabase_js_signs_up_in_and_out_refreshes_and_queries(stack: Stack) -> None:
    email = f"{uuid.uuid4().hex}@example.com"
    command = [
        "node",
        "tests/embedded/supabase_client.mjs",
        stack.supabase_url,
        stack.publishable_key,
        email,
        PASSWORD,
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert not done.returncode, done.stderr
    saw = json.loads(done.stdout)
    user_id = saw["signedUp"]
    assert saw == {
        "signedUp": user_id,
        "signedIn": user_id,
        "websites": [{"name": "Coffee shop", "user_id": user_id}],
        "refreshed": True,
        "user": {"email": email, "name": "Alice"},
        "claims": {"sub": user_id, "role": "authenticated", "iss": f"{stack.supabase_url}/auth/v1"},
        "wrong": "user_already_exists",
        "gone": "refresh_token_not_found",
        "anonymous": "42501",
    }


@pytest.fixture
def supabase(stack: Stack) -> Iterator[Client]:
    # A pool of its own only so that it can be closed.
    with httpx.Client() as pool:
        options = ClientOptions(auto_refresh_token=False, storage=SyncMemoryStorage(), httpx_client=pool)
        yield create_client(stack.supabase_url, stack.publishable_key, options)


def test_supabase_py_signs_up_in_and_out_refreshes_and_queries(supabase: Client) -> None:
    credentials = {"email": f"{uuid.uuid4().hex}@example.com", "password": PASSWORD}
    user = supabase.auth.sign_up(credentials).user
    supabase.auth.sign_out()
    signed_in = supabase.auth.sign_in_with_password(credentials)
    supabase.table("websites").insert({"name": "Coffee shop"}).execute()
    websites = supabase.table("websites").select("name, user_id").execute().data
    refreshed = supabase.auth.refresh_session()
    assert user and signed_in.session and refreshed.session
    assert websites == [{"name": "Coffee shop", "user_id": user.id}]
    assert refreshed.session.refresh_token != signed_in.session.refresh_token
    assert supabase.auth.get_user().user.email == credentials["email"]
    assert supabase.auth.get_claims()["claims"]["sub"] == user.id
    supabase.auth.sign_out()
    with pytest.raises(AuthApiError, match="Refresh Token Not Found"):
        supabase.auth.refresh_session(refreshed.session.refresh_token)

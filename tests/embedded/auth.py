"""Signing in to the embedded Supabase Auth."""

import httpx

from tests.stacks import PASSWORD, Stack


def error_of(response: httpx.Response) -> tuple[int, str]:
    """Return the status and the code of an error response."""
    return response.status_code, response.json()["error_code"]


def sign_in(stack: Stack, email: str, password: str = PASSWORD) -> httpx.Response:
    return stack.auth("token?grant_type=password", {"email": email, "password": password})

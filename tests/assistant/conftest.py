"""The assistant behind a real server, and the real client in front of it."""

from collections.abc import Iterator

import openai
import pytest

from tests.assistant_server import running_assistant


@pytest.fixture(scope="session")
def assistant_url() -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch, running_assistant() as port:
        patch.setenv("ASSISTANT_PACE", "0")
        yield f"http://127.0.0.1:{port}/llm/v1"


@pytest.fixture(scope="session")
def client(assistant_url: str) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=assistant_url, api_key="anything", max_retries=0) as made:
        yield made

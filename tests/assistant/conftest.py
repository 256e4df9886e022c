"""The assistant behind a real server, and the real client in front of it."""

import socket
import threading
import time
from collections.abc import Iterator

import openai
import pytest
import uvicorn

from embedded.assistant.app import app


@pytest.fixture(scope="session")
def assistant_url() -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ASSISTANT_PACE", "0")
        listening = socket.create_server(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/llm/v1"
        server.should_exit = True
        thread.join()
        listening.close()


@pytest.fixture(scope="session")
def client(assistant_url: str) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=assistant_url, api_key="anything", max_retries=0) as made:
        yield made

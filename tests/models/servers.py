"""The model servers, each in a process of its own while it is entered."""

import contextlib
import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[2]
PYTHON = Path(os.environ.get("MODELS_PYTHON", ROOT / ".make/models/bin/python"))


@contextlib.contextmanager
def llama(tokens: int = 64) -> Iterator[str]:
    """llama.cpp with SmolLM2, whose answers have at most so many tokens; its address for OPENAI_BASE_URL."""
    command = [PYTHON, Path(__file__).with_name("llama.py"), str(tokens)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout
            address = next(line.strip() for line in process.stdout if line.startswith("http"))
            yield f"{address}/v1"
        finally:
            process.kill()


@contextlib.contextmanager
def litellm(answers: dict[str, str], folder: Path) -> Iterator[str]:
    """LiteLLM's proxy, with a model for each answer that says it and nothing else; its address for OPENAI_BASE_URL."""
    models = [
        {
            "model_name": name,
            "litellm_params": {"model": f"openai/{name}", "api_key": "x", "mock_response": said},
        }
        for name, said in answers.items()
    ]
    config = folder / "litellm.yaml"
    # Nobody but the app reaches it.
    general = {"dangerously_permit_weak_or_unset_master_key": True}
    settings = {"general_settings": general, "litellm_settings": {"num_retries": 0}}
    config.write_text(json.dumps({"model_list": models, **settings}))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [PYTHON.with_name("litellm"), "--config", config, "--host", "127.0.0.1", "--port", str(port)]
    log = (folder / "litellm.log").open("w")
    with log, subprocess.Popen(command, stdout=log, stderr=log, cwd=folder) as process:
        try:
            wait_for(f"http://127.0.0.1:{port}/health/liveliness", process)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            process.terminate()
            process.wait(10)


def wait_for(url: str, process: "subprocess.Popen[bytes]", seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(url).is_success:
                return
        time.sleep(0.2)
    raise AssertionError("the server did not start")

"""The app over an empty Supabase, for one benchmark."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.app_server import AppServer
from tests.stacks import Stack


@contextmanager
def serving(model_url: str | None = None) -> Iterator[tuple[Stack, AppServer]]:
    """Run both; the model is the offline assistant unless there is another."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Stack(Path(folder) / "data") as stack,
        AppServer(stack, model_url or stack.openai_base_url, LOG_LEVEL="WARNING") as app,
    ):
        yield stack, app

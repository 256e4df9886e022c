"""From sending a question to its first words on the wire: through the app, and straight from the model."""

import statistics
import time

from bench.servers import serving
from tests.fake_model import FakeModel
from tests.http_client import HttpClient, connect

QUESTIONS = 100
MOST_MILLISECONDS = 40


def main() -> bool:
    """Print the medians; tell whether the app's is within bounds."""
    with FakeModel() as model, serving(model.base_url) as (stack, app):
        stack.sql("update private.quotas set allowed = greatest(allowed, 1000000)")
        person = stack.sign_up()
        question = "3 words, seed 1"
        straight_body = {"messages": [{"role": "user", "content": question}], "stream": True}
        with (
            HttpClient(connect(model.base_url)) as to_model,
            HttpClient(connect(app.url), person.access_token) as to_app,
        ):
            straight, ours = [], []
            for _ in range(QUESTIONS):
                straight.append(_until(to_model, "chat/completions", straight_body, "content"))
                ours.append(_until(to_app, "/api/chat", {"message": question}, "delta"))
    cheapest, taken = statistics.median(straight), statistics.median(ours)
    print("first words")
    print(f"  straight from the model  {cheapest:7.1f} ms")
    print(
        f"  ours                     {taken:7.1f} ms   (at most {MOST_MILLISECONDS}; {taken / cheapest:.1f} times)"
    )
    return taken <= MOST_MILLISECONDS


def _until(client: HttpClient, path: str, body: dict[str, object], mark: str) -> float:
    """Return the milliseconds until an event of this name, or with this in its data; read the rest."""
    began, taken = time.perf_counter(), 0.0
    with client.events("POST", path, json=body) as source:
        for event in source.iter_sse():
            if not taken and (event.event == mark or mark in event.data):
                taken = (time.perf_counter() - began) * 1000
    return taken

"""What durable answers cost: a turn's start, the flusher's call for many answers, and the log that Postgres writes."""

import http.client
import json
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from embedded.ports import HOST
from tests.stacks import Stack

# Milliseconds and bytes that a prototype took on two idle cores.
PROTOTYPE = {
    "start_turn": 1.1,
    "finish_answer": 0.8,
    "append to 10": 1.3,
    "append to 100": 2.9,
    "append to 500": 10.7,
    "log per chunk": 512,
}
# How much more is still near that.
AT_MOST = 1.5
TURNS = 300
TEXT = "lorem ipsum dolor sit amet, consec"  # what a model says in about 100 ms
PAGE = 60_000


@dataclass
class Answer:
    """A running answer and how much of it is stored."""

    id: str
    lease: str
    written: int = 0

    def entry(self, text: str) -> dict[str, Any]:
        return {"answer_id": self.id, "lease": self.lease, "offset": self.written, "text": text}


class Rpc:
    """Calls functions straight at PostgREST, over one connection."""

    def __init__(self, stack: Stack) -> None:
        ports = json.loads((stack.data / "ports.json").read_text())
        self.connection = http.client.HTTPConnection(HOST, ports["postgrest"])
        self.token = stack.sign_up().access_token

    def __call__(self, function: str, **arguments: object) -> Any:
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"}
        self.connection.request("POST", f"/rpc/{function}", json.dumps(arguments), headers)
        response = self.connection.getresponse()
        body = json.loads(response.read())
        if response.status != 200:
            raise RuntimeError(f"{function}: {body}")
        return body

    def start(self) -> Answer:
        answer = Answer(str(uuid.uuid4()), uuid.uuid4().hex)
        named = {"message_id": str(uuid.uuid4()), "answer_id": answer.id, "lease": answer.lease}
        self("start_turn", message="Create a landing page for a coffee shop", **named)
        return answer

    def append(self, answers: Iterable[Answer], text: str = TEXT) -> None:
        answers = list(answers)
        results = self("append_chunks", appends=[answer.entry(text) for answer in answers])
        for answer, result in zip(answers, results, strict=True):
            if (result["answer_id"], result["result"]) != (answer.id, "written"):
                raise RuntimeError(f"append_chunks: {result}")
            answer.written = result["written"]

    def finish(self, answer: Answer) -> None:
        named = {"answer_id": answer.id, "lease": answer.lease, "status": "complete"}
        self("finish_answer", offset=answer.written, text="Done.", **named)


def main() -> bool:
    """Print the figures; tell whether they are near the prototype's."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Stack(Path(folder) / "data") as stack,
        psycopg.connect(stack.db_url, autocommit=True) as owner,
    ):
        owner.execute("update private.quotas set allowed = 1000000000")
        rpc = Rpc(stack)
        taken = {"start_turn": started(rpc), "finish_answer": finished(rpc)}
        answers = [rpc.start() for _ in range(500)]
        for many in (10, 100, 500):
            taken[f"append to {many}"] = median(
                lambda many=many: rpc.append(answers[:many]), 3000 // many + 20
            )
        taken["log per chunk"] = logged(owner, lambda: [rpc.append(answers) for _ in range(10)]) / 5000
        taken[f"log of {PAGE // 1000} KB"] = logged(owner, lambda: written(rpc))
    return report(taken)


def started(rpc: Rpc) -> float:
    answers: list[Answer] = []
    times = []
    for _ in range(TURNS):
        times.append(median(lambda: answers.append(rpc.start()), 1))
        rpc.finish(answers[-1])
    return statistics.median(times)


def finished(rpc: Rpc) -> float:
    answers = [rpc.start() for _ in range(50)]
    return median(lambda: rpc.finish(answers.pop()), 50)


def written(rpc: Rpc) -> None:
    """Write an answer of PAGE characters, as the flusher does, and finish it."""
    answer = rpc.start()
    while answer.written < PAGE:
        rpc.append([answer], TEXT * 30)
    rpc.finish(answer)


def median(call: Callable[[], object], times: int) -> float:
    """Return the median milliseconds of a call."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        call()
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken)


def logged(owner: psycopg.Connection, call: Callable[[], object]) -> float:
    """Return the bytes of write-ahead log that were written while a call ran."""
    query = "select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint"
    (before,) = owner.execute(query).fetchone() or (0,)
    call()
    (after,) = owner.execute(query).fetchone() or (0,)
    return float(after - before)


def report(taken: dict[str, float]) -> bool:
    print("answers             here   prototype")
    for name, value in taken.items():
        unit, wanted = ("B " if name.startswith("log") else "ms"), PROTOTYPE.get(name)
        print(f"  {name:14} {value:8.1f} {unit} " + (f"{wanted:8.1f} {unit}" if wanted else ""))
    return all(taken[name] <= AT_MOST * wanted for name, wanted in PROTOTYPE.items())

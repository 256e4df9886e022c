"""What schemathesis checks beside its own: errors are coded, and nobody gets anything of somebody else's.

Loaded into its process, which is told by the environment for whom it runs.
"""

import atexit
import json
import os
import uuid
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import schemathesis
from schemathesis import Case, CheckContext, HookContext, Response

PEOPLE: dict[str, Any] = json.loads(Path(os.environ["FUZZ_PEOPLE"]).read_text())
OWN = PEOPLE[os.environ["FUZZ_PERSON"]]
OTHERS = [person for name, person in PEOPLE.items() if name != os.environ["FUZZ_PERSON"]]

# Why a request of the right form may be refused: what a schema can't say.
BEYOND_FORM = {
    "invalid_unicode": "no schema keeps a NUL out of every text within any JSON",
    "invalid_page": "a cursor is one that a list gave",
    "empty_message": "the database knows which characters are seen",
    "bad_cursor": "a position lies within the answer",
    "invalid_slug": "its pattern doesn't say that xn-- begins none",
    "slug_reserved": "the database knows which slugs are kept",
    "invalid_domain": "some are the service's",
    "key_reused": "a key is used for one body",
    "wrong_password": "no schema has the password of an account",
    "rate_limited": "guesses at it are counted",
    "invalid_import": "whether a message may be empty depends on its status; a zip is bytes",
}

# Random bytes, as for other files.
schemathesis.serializer.alias("application/zip", "application/octet-stream")

# Chats that came back from the trash: they are there again after their deletion.
restored: set[str] = set()
answers: defaultdict[str, Counter[str]] = defaultdict(Counter)


@schemathesis.check
def errors_are_coded(ctx: CheckContext, response: Response, case: Case) -> None:
    if response.status_code < 400 or response.request.method == "HEAD":
        return
    assert response.headers.get("content-type", [""])[0] == "application/json", "an error is JSON"
    body = response.json()
    assert body["success"] is False
    error = body["error"]
    for name in ("code", "message", "request_id"):
        assert isinstance(error[name], str) and error[name], f"an error has its {name}"
    assert error["code"] != "unexpected"


@schemathesis.check
def others_keep_to_themselves(ctx: CheckContext, response: Response, case: Case) -> None:
    path = (response.request.url or "").partition("?")[0]
    for other in OTHERS:
        assert other["canary"].encode() not in response.content, "shows what is somebody else's"
        is_theirs = any(id in path for id in other["ids"])
        # OPTIONS tells the methods of an address, whoever's it is.
        is_done = response.status_code < 400 and response.request.method != "OPTIONS"
        assert not (is_theirs and is_done), "lets somebody at what is not theirs"


@schemathesis.hook
def filter_failure(
    context: HookContext, failure: schemathesis.core.failures.Failure, case: Case, response: Response
) -> bool:
    if failure.code == "ST301":
        return not any(id in (response.request.url or "") for id in restored)
    if failure.code != "ST202" or response.status_code not in (400, 403, 422, 429):
        return True
    error = response.json()["error"]
    # The header and the field are two names of one key.
    is_two_keys = error["code"] == "invalid_field" and "Idempotency-Key" in error["message"]
    # A chat has its website and helper already, which the question may only repeat.
    is_contradiction = error["code"] == "invalid_field" and error["message"].endswith("and keeps it.")
    is_unseen = error["code"] == "invalid_field" and error["message"].endswith("something to read in it.")
    # Only one expression of some hundred characters would say which paths there may be.
    is_no_path = error["code"] == "invalid_field" and error.get("field") in ("path", "new_path")
    # As is the year of a time.
    is_no_time = error["code"] == "invalid_field" and error["message"].endswith(
        "a time between 1970 and 2100."
    )
    # Nor does a short one say which addresses there may be.
    is_no_address = error["code"] == "invalid_field" and str(error.get("field")).startswith(
        ("mail", "webhook")
    )
    # A name in a query has two spellings, and either will do.
    is_unnamed = error["code"] == "missing_field" and case.method == "GET"
    return error["code"] not in BEYOND_FORM and not (
        is_two_keys
        or is_contradiction
        or is_unseen
        or is_unnamed
        or is_no_path
        or is_no_time
        or is_no_address
    )


@schemathesis.hook
def before_call(context: HookContext, case: Case, kwargs: dict[str, Any]) -> None:
    """Keep what a person starts with: without a website and its chats most operations find nothing."""
    if case.method == "DELETE":
        for name, value in (case.path_parameters or {}).items():
            if value in OWN["ids"]:
                case.path_parameters[name] = str(uuid.uuid5(uuid.NAMESPACE_OID, value))


@schemathesis.hook
def after_call(context: HookContext, case: Case, response: Response) -> None:
    answers[case.operation.label][str(response.status_code)] += 1
    if response.status_code == 500:
        # Whole, unlike in the report.
        with Path(os.environ["FUZZ_FIGURES"]).with_suffix(".500s").open("ab") as out:
            out.write(f"{case.method} {response.request.url}\n".encode())
            out.write(response.request.body or b"")
            out.write(b"\n")
    is_restored = case.operation.path == "/api/trash/{trash_id}/restore" and response.status_code == 200
    # OPTIONS is 200, too.
    if is_restored and response.request.method == "POST":
        back = response.json()
        restored.add((back.get("session") or back["website"])["id"])


@atexit.register
def write_down() -> None:
    Path(os.environ["FUZZ_FIGURES"]).write_text(json.dumps(answers))

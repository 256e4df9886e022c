"""Answers that change a page, by servers that nobody here wrote."""

from collections.abc import Iterator

import pytest

from sitethread.answers.made_pages import tries_in
from tests.answers.sites import PAGE, Site, edit, event_of, target, version_of, whole
from tests.app_server import AppServer
from tests.chat_client import ChatClient
from tests.fake_model import FakeModel
from tests.models import servers
from tests.stacks import Person, Stack

pytestmark = pytest.mark.models

CANNED = {
    "fits": "Warmer.\n\n" + edit("<h1>Bread from Luna</h1>", "<h1>Warm bread</h1>"),
    "misfits": edit("<h1>Bread by Luna</h1>", "<h1>Warm bread</h1>"),
    "rewrites": whole(PAGE.replace("Rye, wheat", "Rye").replace("Baked at night", "pwned")),
    "busy": "litellm.RateLimitError",
}


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with servers.litellm(CANNED, tmp_path_factory.mktemp("litellm")) as url:
        yield url


def test_canned_edits_by_litellm(proxy: str, stack: Stack, alice: Person, model: FakeModel) -> None:
    for name in CANNED:
        with (
            AppServer(stack, proxy, OPENAI_MODEL=name) as app,
            ChatClient(app.url, alice.access_token) as client,
        ):
            site = Site(client, model)
            shown = client.ask("Change it", **site.place, target=target(site) if name == "rewrites" else None)
            if name == "busy":
                assert (shown.done["status"], event_of(shown, "error")["code"]) == ("failed", "model_busy")
            elif name == "misfits":
                assert event_of(shown, "error")["code"] == "changes_not_made" and tries_in(shown.text) == 2
                assert site.versions == 1
            else:
                version = version_of(shown)
                made = site.files(version["version_id"])["index.html"]
                wanted = ("Bread from Luna", "Warm bread") if name == "fits" else ("Rye, wheat", "Rye")
                assert made == PAGE.replace(*wanted), name
                assert version["left_out"] == (name == "rewrites")
                assert shown.done["usage"]["completion_tokens"], name


@pytest.mark.parametrize("edits", ["on", "off"])
def test_a_small_model_by_llama_cpp_changes_the_page_or_says_that_it_did_not(
    stack: Stack, alice: Person, model: FakeModel, edits: str
) -> None:
    with (
        servers.llama() as url,
        AppServer(stack, url, OPENAI_MODEL="smollm2", OPENAI_EDITS=edits, MODEL_TIMEOUT="120") as app,
        ChatClient(app.url, alice.access_token) as client,
    ):
        site = Site(client, model)
        shown = client.ask("Change the heading to Warm bread", **site.place)
        assert shown.text and shown.done["status"] == "complete", shown.done
        assert shown.done["usage"]["completion_tokens"] > 0
        told = {name for name, _ in shown.events} & {"version", "error"}
        codes = [data["code"] for name, data in shown.events if name == "error"]
        assert codes in ([], ["changes_not_made"]) and len(told) <= 1
        if "version" in told:
            assert site.files(version_of(shown)["version_id"])["index.html"] != PAGE
        else:
            assert site.versions == 1
        print(f"edits {edits}: {len(shown.text)} characters, {told or 'nothing'} told, {shown.done['usage']}")

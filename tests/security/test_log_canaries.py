"""What nobody but its owner may read is in no log, error, figure or bundle: planted everywhere, searched for after."""

import uuid
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.app_server import ROOT, AppServer
from tests.fake_model import Close, FakeModel, Say, Status
from tests.stacks import Stack

Plant = Callable[..., str]
OURS = {"Sec-Fetch-Site": "same-origin"}


class Canaries(dict[str, str]):
    """Secrets by what they are; each can be told from everything else."""

    def plant(self, what: str, form: str = "canary-{}") -> str:
        return self.setdefault(what, form.format(uuid.uuid4().hex))

    def found_in(self, text: str) -> set[str]:
        return {what for what, secret in self.items() if secret in text}


@pytest.fixture
def canaries() -> Canaries:
    return Canaries()


def test_no_secret_is_told(stack: Stack, model: FakeModel, canaries: Canaries) -> None:
    plant = canaries.plant
    keys = {
        "OPENAI_API_KEY": plant("key of the model", "sk-canary-{}"),
        "METRICS_TOKEN": plant("token of the metrics"),
    }
    person = stack.sign_up(plant("e-mail", "canary-{}@example.com"), plant("password"))
    canaries |= {"token": person.access_token, "signature": person.access_token.rsplit(".", 1)[1]}
    canaries |= {"refresh token": person.refresh_token}
    errors: list[str] = []
    with AppServer(stack, model.base_url, 1, LOG_LEVEL="DEBUG", **keys) as server:
        bearer = {"Authorization": f"Bearer {person.access_token}"}
        with httpx.Client(base_url=server.url, headers=bearer, timeout=30) as api:
            errors += _use(api, model, plant, keys["OPENAI_API_KEY"])
            with httpx.Client(base_url=server.url, timeout=30) as visitor:
                errors += _publish(api, visitor, plant)
        with httpx.Client(base_url=server.url, headers=OURS, timeout=30) as browser:
            errors += _sign_in_and_out(browser, person.email, person.password, plant)
        metrics = httpx.get(
            f"{server.url}/metrics", headers={"Authorization": f"Bearer {keys['METRICS_TOKEN']}"}
        )
        assert metrics.status_code == 200
        said = server.said()
    assert said.count('"event": "request"') > 20 and "answer" in said, "there is a log to look at"
    assert '"model_status": 429, "model_message": "Quota exceeded for …' in said, "why a model failed is told"
    assert '"model_status": 500, "model_message": "no: …' in said
    assert len(errors) > 10
    assert canaries.found_in(said) == set()
    assert canaries.found_in(metrics.text) == set()
    assert canaries.found_in("\n".join(errors)) == set()


def _use(api: httpx.Client, model: FakeModel, plant: Plant, key: str) -> list[str]:
    """Do what people do, and what goes wrong; return the bodies of refusals."""
    prompt, title, words = plant("prompt"), plant("title"), plant("search")
    website = api.post("/api/websites", json={"name": plant("website")}).json()["website"]["id"]
    echo = f'{{"error": {{"message": "no: {prompt} {plant("answer")}"}}}}'
    spent = f'{{"error": {{"message": "Quota exceeded for {key}: {prompt}, said {words}", "type": "limit"}}}}'
    for steps in (
        (Status(429, spent),),
        (Say(plant("answer")),),
        (Status(500, echo),),
        (Status(400, echo),),
        (Say(plant("answer")), Close()),
    ):
        for _ in range(3):  # The client tries some errors again.
            model.enqueue(*steps)
        assert api.post("/api/chat", json={"message": prompt, "website_id": website}).status_code == 200
        model.forget()
    session = api.post("/api/chat/sessions", json={"title": title, "website_id": website}).json()["session"][
        "id"
    ]
    link = api.post(f"/api/chat/sessions/{session}/shares", json={}).json()["share"]["url"]
    token = plant("token of a share", link.rsplit("/", 1)[1])
    refused = [
        api.get("/api/search", params={"q": words * 20}),
        api.get(f"/api/shared/{token}x"),
        api.get("/api/websites", params={"cursor": words}),
        api.get(f"/api/{words}"),
        api.get("/api/websites", headers={"Authorization": f"Bearer {plant('forged token')}"}),
        api.post("/api/websites", json={"name": prompt * 50}),
        api.post("/api/websites", json={"name": "Luna", "colour": prompt}),
        api.post("/api/websites", content=f'{{"name": "{prompt}'),
        api.post("/api/chat", json={"message": prompt, "session_id": words}),
        api.post("/api/chat/sessions", json={"title": prompt, "helper": prompt}),
        api.post("/api/chat/import", json={"format": prompt, "messages": [prompt]}),
        api.get(f"/api/shared/{token}", headers={"Host": f"{words}.example"}),
    ]
    assert [
        answer.status_code for answer in refused if answer.status_code < 400 or answer.status_code >= 500
    ] == []
    assert api.get("/api/search", params={"q": words}).status_code == 200
    return [answer.text for answer in refused]


def _publish(api: httpx.Client, visitor: httpx.Client, plant: Plant) -> list[str]:
    """Publish a website with a form, show it to a client, and have both write to its owner."""
    website = api.post("/api/websites", json={"name": "Luna"}).json()["website"]["id"]
    form = "<form name=contact><textarea name=message></textarea></form>"
    page = f"<!doctype html><title>Luna</title><h1>{plant('page')}</h1>{form}"
    made = api.post(f"/api/websites/{website}/versions", json={"page": page}).json()["version"]["id"]
    slug = f"luna-{website[:12]}".strip("-")
    assert api.put(f"/api/websites/{website}/publication", json={"slug": slug}).status_code == 201
    mail = plant("mail of notices", "canary-{}@example.com")
    webhook = f"https://127.0.0.1/{plant('webhook')}"
    kept = api.put(
        f"/api/websites/{website}/notices",
        json={"mails": [mail], "webhook": webhook, "retention_days": 30, "consent": ""},
    )
    words = {"message": plant("submission"), "email": plant("mail of a visitor", "canary-{}@example.com")}
    sent = visitor.post(f"/s/{slug}/_forms/contact", data=words)
    password = plant("password of a link")
    share = api.post(f"/api/versions/{made}/shares", json={"password": password}).json()["share"]
    link = f"/api/shared-pages/{plant('token of a link', share['token'])}"
    ticket = plant(
        "ticket of a link", visitor.post(f"{link}/ticket", json={"password": password}).json()["ticket"]
    )
    comment = {
        "path": "index.html",
        "start": 0,
        "end": 5,
        "author": plant("author"),
        "text": plant("comment"),
    }
    said = visitor.post(f"{link}/comments", json=comment, headers={"X-Share-Ticket": ticket})
    assert [answer.status_code for answer in (kept, sent, said)] == [200, 303, 201]
    refused = [
        visitor.post(f"{link}/ticket", json={"password": plant("wrong password of a link")}),
        visitor.post(f"{link}/comments", json={**comment, "text": comment["text"] * 100}),
        visitor.get(f"/s/{slug}/{plant('address')}"),
        api.put(f"/api/websites/{website}/publication", json={"slug": plant("slug", "Canary {}")}),
        api.put(f"/api/websites/{website}/domain", json={"domain": plant("domain")}),
    ]
    assert {answer.status_code // 100 for answer in refused} == {4}
    return [answer.text for answer in refused]


def _sign_in_and_out(browser: httpx.Client, email: str, password: str, plant: Plant) -> list[str]:
    wrong = browser.post("/sign-in", data={"email": email, "password": plant("wrong password")})
    assert wrong.status_code == 401
    assert browser.post("/sign-in", data={"email": email, "password": password}).status_code == 303
    link = {"token_hash": plant("link"), "type": "signup"}
    for path in ("/confirm", "/reset-password"):
        assert browser.get(path, params=link).status_code == 200
    assert browser.post("/confirm", data=link).status_code == 422
    assert browser.post("/forgot-password", data={"email": email}).status_code == 200
    for given, status in ((plant("wrong password"), 403), (password, 200)):
        left = browser.request("DELETE", "/api/account", json={"password": given})
        assert left.status_code == status
    # The form keeps what was typed, for the one who typed it.
    return [wrong.text.replace(email, "")]


def test_the_bundle_holds_no_key(stack: Stack) -> None:
    files = [file for file in (ROOT / "static" / "dist").rglob("*") if file.is_file()]
    assert any(file.suffix == ".js" for file in files)
    secrets = Path(stack.data / "secrets.json").read_text()
    for file in files:
        text = file.read_text(encoding="utf-8", errors="replace")
        assert stack.publishable_key not in text and stack.supabase_url not in text, file
        assert "service_role" not in text and "sb_secret" not in text, file
        assert not any(word in text for word in secrets.split('"') if len(word) > 30), file

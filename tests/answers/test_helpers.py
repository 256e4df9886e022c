"""Whatever helper is offered answers, in the database's eyes too."""

from sitethread import helpers
from tests.fake_model import Say

PAGE = "```html\n<!doctype html><html><body><h1>Luna</h1></body></html>\n```"


def test_every_helper_that_is_offered_answers_with_its_kind(client, model):
    website_id = client.send("POST", "/api/websites", json={"name": "Luna"}).json()["website"]["id"]
    offered = client.send("GET", "/api/helpers").json()["helpers"]
    assert [helper["name"] for helper in offered] == list(helpers.HELPERS)
    for helper in offered:
        name = helper["name"]
        # A builder's answer is code once there is a page in it.
        model.enqueue(Say(PAGE))
        answer = client.ask(helper["suggestions"][0], website_id=website_id, helper=name)
        assert answer.done["status"] == "complete", name
        assert client.stored(answer.message_id, answer.session_id)["kind"] == helper["kind"], name
        assert model.requests[-1]["messages"][0]["content"].startswith(helpers.find(name).prompt), name
        listed = client.send("GET", "/api/chat/sessions", params={"helper": name}).json()["sessions"]
        assert [session["id"] for session in listed] == [answer.session_id]


def test_the_document_names_the_helpers_that_are_offered(client):
    schemas = client.send("GET", "/api/openapi.json").json()["components"]["schemas"]
    for model in ("Question", "NewSession"):
        helper, nothing = schemas[model]["properties"]["helper"]["anyOf"]
        assert (helper["enum"], nothing) == (list(helpers.HELPERS), {"type": "null"}), model

"""The ASGI app that answers below /llm/v1 in place of a model."""

import asyncio
import json
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from embedded.assistant import chat_completions, responses
from embedded.assistant.composing import compose_apart
from embedded.assistant.conversations import Conversation, WrongRequest
from embedded.assistant.replies import Reply

MODEL = "sitethread-offline-demo"
STREAM_HEADERS = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}

memory = responses.Memory()


async def complete_chat(request: Request) -> Response:
    body = await read_body(request)
    conversation = Conversation.from_messages(*map(body.get, ("messages", "tools", "tool_choice")))
    completion = chat_completions.Completion(model_of(body), conversation, await reply_to(conversation))
    if not body.get("stream"):
        return JSONResponse(completion.whole())
    options = body.get("stream_options") or {}
    return stream(completion.events(bool(options.get("include_usage"))))


async def create_response(request: Request) -> Response:
    body = await read_body(request)
    earlier = memory.recall(body)
    conversation = responses.read_conversation(body, earlier)
    answer = responses.Answer(model_of(body), body, conversation, await reply_to(conversation))
    memory.keep(answer, earlier)
    return stream(answer.events()) if body.get("stream") else JSONResponse(answer.whole())


async def create_conversation(request: Request) -> Response:
    check_key(request)
    return JSONResponse(memory.open_conversation())


async def list_models(request: Request) -> Response:
    check_key(request)
    model = {"id": MODEL, "object": "model", "created": 0, "owned_by": "sitethread"}
    return JSONResponse({"object": "list", "data": [model]})


async def reply_to(conversation: Conversation) -> Reply:
    """Wait for it in a thread, so that everyone else's stream goes on."""
    return await asyncio.to_thread(compose_apart, conversation)


def stream(events: Any) -> StreamingResponse:
    return StreamingResponse(events, media_type="text/event-stream", headers=STREAM_HEADERS)


def model_of(body: dict[str, Any]) -> str:
    """Return the model asked for: any name is taken, so that a setting for a real model does no harm."""
    return str(body.get("model") or MODEL)


async def read_body(request: Request) -> dict[str, Any]:
    check_key(request)
    try:
        body = json.loads(await request.body())
    except ValueError as error:
        raise WrongRequest("We could not parse the JSON body of your request.", "invalid_json") from error
    if not isinstance(body, dict):
        raise WrongRequest("The body of the request must be a JSON object.", "invalid_json")
    return body


def check_key(request: Request) -> None:
    """Refuse a request without a Bearer key, as a hosted model would; any key will do."""
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key.strip():
        raise HTTPException(401, "You didn't provide an API key. Any Bearer key is accepted here.")


async def answer_error(request: Request, error: Exception) -> Response:
    if isinstance(error, WrongRequest):
        message, code, param, status, headers = error.message, error.code, error.param, 400, None
    else:
        assert isinstance(error, HTTPException)  # noqa: S101 - starlette calls this for nothing else
        codes = {401: "invalid_api_key", 404: "unknown_url", 405: "method_not_supported"}
        message, code, param = error.detail, codes.get(error.status_code), None
        status, headers = error.status_code, error.headers
    described = {"message": message, "type": "invalid_request_error", "param": param, "code": code}
    return JSONResponse({"error": described}, status, headers)


app = Starlette(
    routes=[
        Route("/llm/v1/chat/completions", complete_chat, methods=["POST"]),
        Route("/llm/v1/responses", create_response, methods=["POST"]),
        Route("/llm/v1/conversations", create_conversation, methods=["POST"]),
        Route("/llm/v1/models", list_models),
    ],
    exception_handlers={WrongRequest: answer_error, HTTPException: answer_error},
)

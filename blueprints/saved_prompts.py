"""/api/prompts"""

from flask import Response

from sitethread import saved_prompts
from sitethread.texts import PromptName, PromptText
from web.api import responses
from web.api.blueprint import ApiBlueprint, success
from web.api.fields import optional_not_null
from web.api.request_models import Body, PageQuery
from web.authentication import current_rows

bp = ApiBlueprint("saved_prompts", __name__, "Prompts")

PAGE_SIZE = 30


class NewPrompt(Body):
    name: PromptName
    text: PromptText


class PromptChanges(Body):
    name: PromptName = optional_not_null()
    text: PromptText = optional_not_null()


@bp.get("/prompts", responses={200: responses.SavedPromptList})
def list_prompts(query: PageQuery) -> Response:
    """List saved prompts, the last changed first."""
    found, next_cursor = saved_prompts.list_page(current_rows(), query.limit or PAGE_SIZE, query.cursor)
    return success(prompts=found, next_cursor=next_cursor)


@bp.post("/prompts", responses={201: responses.SavedPromptResponse})
def create_prompt(body: NewPrompt) -> Response:
    """Save a prompt."""
    return success(201, prompt=saved_prompts.create(current_rows(), body.name, body.text))


@bp.get("/prompts/<id:prompt_id>", responses={200: responses.SavedPromptResponse})
def get_prompt(prompt_id: str) -> Response:
    """Get a saved prompt."""
    return success(prompt=saved_prompts.get(current_rows(), prompt_id))


@bp.patch("/prompts/<id:prompt_id>", responses={200: responses.SavedPromptResponse})
def change_prompt(prompt_id: str, body: PromptChanges) -> Response:
    """Change a prompt's name or text."""
    changes = body.model_dump(exclude_unset=True)
    rows = current_rows()
    found = saved_prompts.change(rows, prompt_id, changes) if changes else saved_prompts.get(rows, prompt_id)
    return success(prompt=found)


@bp.delete("/prompts/<id:prompt_id>", responses={200: responses.Success})
def delete_prompt(prompt_id: str) -> Response:
    """Delete a prompt."""
    saved_prompts.delete(current_rows(), prompt_id)
    return success()

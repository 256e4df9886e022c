"""/api/websites/<id>/edits"""

from flask import Response
from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from sitethread import errors, hand_edits
from sitethread.edits.applying import MOST_EDITS
from sitethread.edits.changes import Edit, Span
from sitethread.limits import LIMITS
from sitethread.texts import Summary
from sitethread.validation import Count
from web.api import responses
from web.api.blueprint import ApiBlueprint, success
from web.api.fields import Id
from web.api.request_models import Body
from web.authentication import current_rows

bp = ApiBlueprint("hand_edits", __name__, "Websites")


_TOGETHER: JsonDict = {
    "anyOf": [
        {
            "required": ["start", "end"],
            "properties": {name: {"type": "integer"} for name in ("start", "end")},
        },
        {"properties": {name: {"type": "null"} for name in ("start", "end")}},
    ]
}


class NewEdit(Body):
    model_config = ConfigDict(json_schema_extra=_TOGETHER)

    path: str = Field(max_length=200)
    find: str = Field(max_length=LIMITS.answer, description="In the file exactly once; empty to make a file.")
    replace: str = Field(max_length=LIMITS.answer)
    start: Count | None = Field(
        None, description="Where `find` begins in the base version's file, in code points."
    )
    end: Count | None = Field(None, description="Where it ends.")

    def to_edit(self) -> Edit:
        if (self.start is None) != (self.end is None):
            raise errors.InvalidField("edits: start and end go together.", field="edits")
        span = None if self.start is None or self.end is None else Span(self.start, self.end)
        return Edit(self.path, self.find, self.replace, span=span)


class NewEdits(Body):
    base_version_id: Id = Field(description="The version that is edited: the website's newest one.")
    edits: list[NewEdit] = Field(min_length=1, max_length=MOST_EDITS)
    summary: Summary | None = None


@bp.post("/websites/<id:website_id>/edits", responses={201: responses.VersionResponse})
def edit_by_hand(website_id: str, body: NewEdits) -> Response:
    """Change files of the newest version by search and replace, all or none, and make it the next version."""
    edits = [edit.to_edit() for edit in body.edits]
    made = hand_edits.make(current_rows(), website_id, body.base_version_id, edits, body.summary)
    return success(201, version=made)

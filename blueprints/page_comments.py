"""Comments on elements of shared pages: /api/…/page-comments of their owner, and those of a link"""

from typing import Annotated

from flask import Response
from pydantic import BeforeValidator, ConfigDict, Field

from sitethread import page_comments
from sitethread.texts import AuthorName, CommentText
from web.api import responses
from web.api.blueprint import ApiBlueprint, success
from web.api.fields import Flag, as_number, optional_not_null
from web.api.request_models import Body, PageQuery
from web.authentication import current_rows
from web.extensions import database
from web.rate_limits import limit_attempts
from web.security_headers import unlisted
from web.share_tickets import ticket_of

bp = ApiBlueprint("page_comments", __name__, "Shares")
# A link needs no sign-in.
public = ApiBlueprint("shared_comments", __name__, "Shares", is_public=True)

PAGE_SIZE = 100
_LONGEST_SOURCE = 2**31 - 1


class CommentMarks(Body):
    model_config = ConfigDict(json_schema_extra={"minProperties": 1})

    is_read: Flag = optional_not_null()
    is_resolved: Flag = optional_not_null()


class Reply(Body):
    text: CommentText


class NewComment(Body):
    path: str = Field(max_length=200)
    start: Annotated[int, Field(ge=0, le=_LONGEST_SOURCE), BeforeValidator(as_number)] = Field(
        description="In code points of the page's source."
    )
    end: Annotated[int, Field(ge=1, le=_LONGEST_SOURCE), BeforeValidator(as_number)]
    author: AuthorName
    text: CommentText


@bp.get("/websites/<id:website_id>/page-comments", responses={200: responses.PageCommentList})
def list_page_comments(website_id: str, query: PageQuery) -> Response:
    """List the comments on a website's shared pages, the newest first. `unread` counts up to 100 of them."""
    rows = current_rows()
    found, next_cursor = page_comments.list_page(rows, website_id, query.limit or PAGE_SIZE, query.cursor)
    unread = page_comments.count_unread(rows, website_id)
    return success(comments=found, unread=unread, next_cursor=next_cursor)


@bp.patch("/page-comments/<id:comment_id>", responses={200: responses.PageCommentResponse})
def mark_page_comment(comment_id: str, body: CommentMarks) -> Response:
    """Mark a comment as read or resolved, or not."""
    marks = body.model_dump(exclude_unset=True)
    return success(comment=page_comments.mark(current_rows(), comment_id, marks))


@bp.post("/page-comments/<id:comment_id>/replies", responses={201: responses.PageCommentResponse})
def reply_to_page_comment(comment_id: str, body: Reply) -> Response:
    """Reply to a comment: everybody with its link sees that."""
    return success(201, comment=page_comments.reply(current_rows(), comment_id, body.text))


@bp.delete("/page-comments/<id:comment_id>", responses={200: responses.Success})
def delete_page_comment(comment_id: str) -> Response:
    """Delete a comment."""
    page_comments.delete(current_rows(), comment_id)
    return success()


@public.get("/shared-pages/<page_token>/comments", responses={200: responses.SharedCommentList})
def list_shared_comments(page_token: str) -> Response:
    """List the comments that came by a link, the oldest first; needs no sign-in."""
    comments = page_comments.list_of_share(database().as_anonymous(), page_token, ticket_of(page_token))
    return unlisted(success(comments=comments))


@public.post("/shared-pages/<page_token>/comments", responses={201: responses.SharedCommentList})
@limit_attempts
def comment_on_shared_page(page_token: str, body: NewComment) -> Response:
    """Comment on an element of a shared page, under any name; needs no sign-in. Everybody with the link sees it.

    A link takes 50 comments in 24 hours, and 200 in all.
    """
    rows, ticket, place = database().as_anonymous(), ticket_of(page_token), (body.path, body.start, body.end)
    comments = page_comments.add(rows, page_token, ticket, place, body.author, body.text)
    return unlisted(success(201, comments=comments))

"""Pages: /api/versions/…/pages, /api/websites/…/pages"""

from typing import Annotated

from flask import Response
from pydantic import ConfigDict, Field

from sitethread import errors, website_pages
from sitethread.texts import PageName
from web.api import responses
from web.api.blueprint import ApiBlueprint, success
from web.api.fields import Id, optional_not_null
from web.api.request_models import Body
from web.authentication import current_rows

bp = ApiBlueprint("website_pages", __name__, "Websites")

_BASE = "The version that is changed: the website's newest one."


class NewPage(Body):
    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": ["name"]}, {"required": ["path"]}]})

    base_version_id: Id = Field(description=_BASE)
    name: PageName = optional_not_null()
    path: str = optional_not_null(max_length=200, description="Made of the name when missing.")


class MovedPage(Body):
    base_version_id: Id = Field(description=_BASE)
    path: str = Field(max_length=200)
    new_path: str = Field(max_length=200)


class OrderedPages(Body):
    base_version_id: Id = Field(description=_BASE)
    paths: list[Annotated[str, Field(max_length=200)]] = Field(
        max_length=100, description="The pages whose `in_menu` is true, each once."
    )


class PageInMenu(Body):
    base_version_id: Id = Field(description=_BASE)
    path: str = Field(max_length=200)
    name: PageName = Field(description="The words of the link.")


class GonePage(Body):
    base_version_id: Id = Field(description=_BASE)
    path: str = Field(max_length=200)


@bp.get("/versions/<id:version_id>/pages", responses={200: responses.SitePageList})
def list_pages(version_id: str) -> Response:
    """List a version's pages: index.html, those that it links to in its order, and the others by path."""
    return success(pages=website_pages.list_of_version(current_rows(), version_id))


@bp.post("/websites/<id:website_id>/pages", responses={201: responses.NewPageResponse})
def add_page(website_id: str, body: NewPage) -> Response:
    """Add a page with the head, header and footer of index.html, and a heading: the next version has it.

    A website has at most 12 pages.
    """
    if body.name is None and body.path is None:
        raise errors.MissingField("name: this field is required, or path.", field="name")
    path, version = website_pages.add(current_rows(), website_id, body.base_version_id, body.name, body.path)
    return success(201, version=version, path=path)


@bp.patch("/websites/<id:website_id>/pages", responses={200: responses.VersionResponse})
def rename_page(website_id: str, body: MovedPage) -> Response:
    """Give a page another path, and lead the links of all pages there, as one version."""
    version = website_pages.rename(current_rows(), website_id, body.base_version_id, body.path, body.new_path)
    return success(version=version)


@bp.put("/websites/<id:website_id>/pages/order", responses={200: responses.VersionResponse})
def order_pages(website_id: str, body: OrderedPages) -> Response:
    """Put pages in the order of these paths: their links in the menus of all pages change places, as one version.

    Pages that stand so already make no version: the newest one is returned.
    """
    version = website_pages.order(current_rows(), website_id, body.base_version_id, body.paths)
    return success(version=version)


@bp.post("/websites/<id:website_id>/pages/menu", responses={200: responses.VersionResponse})
def add_page_to_menu(website_id: str, body: PageInMenu) -> Response:
    """Have the menus of all pages lead to a page, behind their other links, as one version.

    A page that is in the menu makes no version: the newest one is returned.
    """
    version = website_pages.add_to_menu(
        current_rows(), website_id, body.base_version_id, body.path, body.name
    )
    return success(version=version)


@bp.delete("/websites/<id:website_id>/pages", responses={200: responses.DeletedPageResponse})
def delete_page(website_id: str, body: GonePage) -> Response:
    """Delete a page but index.html, and take it out of the menus of all pages, as one version.

    Links to it elsewhere stay; `links` says how many there are.
    """
    gone = website_pages.delete(current_rows(), website_id, body.base_version_id, body.path)
    return success(**gone._asdict())

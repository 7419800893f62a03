"""For administrators: other people's accounts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from aiohttp import web

from litereg.server.replies import Reply
from litereg.web.forms import Form
from litereg.web.rendering import kept
from litereg.web.site import Site, page_number

PATH = "/admin/users"
PAGE_SIZE = 50


class Deed(NamedTuple):
    """Something that is done to an account: the operation, and what it is sent."""

    operation: str
    variables: Callable[[str, Form], dict[str, Any]]
    notice: str = "saved"


DEEDS = {
    "status": Deed(
        "admin_set_user_status",
        lambda name, form: {
            "username": name,
            "status": form.text("status"),
            "message": form.text("message") or None,
        },
    ),
    "administrator": Deed(
        "set_as_admin", lambda name, form: {"username": name, "isAdmin": form.flag("on")}
    ),
    "labels": Deed(
        "set_label_manager", lambda name, form: {"username": name, "isManager": form.flag("on")}
    ),
    "delete": Deed(
        "admin_delete_user", lambda name, form: {"usernameOrEmailAddress": name}, "deleted"
    ),
}


def routes(site: Site) -> list[web.RouteDef]:
    """Return the page's routes."""

    async def show(request: web.Request) -> web.StreamResponse:
        return await _list(site, request, request.query.get("q", ""), page_number(request))

    async def change(request: web.Request) -> web.StreamResponse:
        what = request.match_info["what"]
        form = await site.form(request)
        name, words = form.text("username"), form.text("q")
        if what == "delete" and form.text("typed").lower() != name.lower():
            problem = f"Nothing was deleted: what was typed is not {name}."
            return await _list(site, request, words, 1, 400, problem)
        deed = DEEDS[what]
        answered = await site.ask(request, deed.operation, **deed.variables(name, form))
        if answered.errors:
            status, problem = answered.page_status, answered.problem or ""
            return await _list(site, request, words, 1, status, problem)
        query = kept({"q": words}, ["q"])
        return site.to(f"{PATH}?{query}" if query else PATH, deed.notice)

    return [
        web.get(PATH, site.handler(show)),
        web.post(f"{PATH}/{{what:{'|'.join(DEEDS)}}}", site.handler(change)),
    ]


async def _list(
    site: Site, request: web.Request, words: str, page: int, status: int = 200, problem: str = ""
) -> Reply:
    """Return the page with the users that *words* find."""
    offset = PAGE_SIZE * (page - 1)
    answered = await site.ask(request, "admin_users", value=words, offSet=offset)
    if answered.errors:
        return site.refused(request, answered)
    return site.page(
        request,
        "admin_users.html",
        answered,
        status=status,
        found=answered.data["adminSearchUsers"],
        label_managers=answered.data["labelManagers"],
        problem=problem,
        words=words,
        page=page,
    )

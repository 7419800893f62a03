"""API keys: list, create, delete.

A new key is shown once, in the answer to the button that makes it: in no address, and on no page
that could be opened again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from litereg.server.replies import Reply
from litereg.web.site import Site

PATH = "/me/api-keys"
SCOPES = ["MANAGE_API_KEYS", "READ_PRIVATE_ASSETS", "MANAGE_PRIVATE_ASSETS"]


def routes(site: Site) -> list[web.RouteDef]:
    """Return the page's routes."""

    async def show(request: web.Request) -> web.StreamResponse:
        return await _list(site, request)

    async def create(request: web.Request) -> web.StreamResponse:
        label = (await site.form(request)).text("label")
        if not label:
            return await _list(site, request, 400, problems={"label": "Give it a name."})
        value = {"label": label, "scopes": SCOPES}
        answered = await site.ask(request, "create_api_key", value=value)
        if answered.errors:
            problems = answered.problems
            return await _list(site, request, answered.page_status, problems=problems, label=label)
        return await _list(site, request, created=answered.data["createAPIKey"])

    async def delete(request: web.Request) -> web.StreamResponse:
        form = await site.form(request)
        answered = await site.ask(request, "delete_api_key", id=form.text("id"))
        if answered.errors:
            return await _list(site, request, answered.page_status, problems=answered.problems)
        return site.to(PATH, "deleted")

    return [
        web.get(PATH, site.handler(show)),
        web.post(PATH, site.handler(create)),
        web.post(f"{PATH}/delete", site.handler(delete)),
    ]


async def _list(
    site: Site,
    request: web.Request,
    status: int = 200,
    *,
    problems: Mapping[str, str] | None = None,
    label: str = "",
    created: Mapping[str, Any] | None = None,
) -> Reply:
    """Return the page: the keys, above them a new one, and the form for the next."""
    answered = await site.ask(request, "my_api_keys")
    if answered.errors:
        return site.refused(request, answered)
    return site.page(
        request,
        "api_keys.html",
        answered,
        status=status,
        keys=answered.data["myAPIKeys"],
        problems=problems or {},
        label=label,
        created=created,
        registry_url=site.url(request),
    )

"""A user: what they let everybody know, and what they made that the viewer may open."""

from __future__ import annotations

from aiohttp import web

from litereg.web.site import Site, page_number

PAGE_SIZE = 20


def routes(site: Site) -> list[web.RouteDef]:
    """Return the page's routes."""

    async def show(request: web.Request) -> web.StreamResponse:
        page = page_number(request)
        answered = await site.ask(
            request,
            "user_page",
            username=request.match_info["name"],
            offSet=PAGE_SIZE * (page - 1),
        )
        if answered.errors:
            return site.refused(request, answered)
        user = answered.data["user"]
        return site.page(
            request,
            "user.html",
            answered,
            user=user,
            is_me=answered.viewer.username.lower() == user["username"].lower(),
            packages=answered.data["userPackages"],
            catalogs=answered.data["userCatalogs"]["catalogs"],
            collections=answered.data["userCollections"]["collections"],
            page=page,
        )

    return [web.get("/user/{name}", site.handler(show))]

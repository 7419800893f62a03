"""One's sessions: where one is logged in, and how to end that elsewhere."""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import web

from litereg.server.replies import Reply
from litereg.web.site import Site

PATH = "/me/sessions"


def routes(site: Site) -> list[web.RouteDef]:
    """Return the page's routes."""

    async def show(request: web.Request) -> web.StreamResponse:
        return await _list(site, request)

    async def end(request: web.Request) -> web.StreamResponse:
        form = await site.form(request)
        session_id, password = form.text("id"), form.raw("password")
        if session_id:
            answered = await site.ask(request, "end_session", id=session_id, password=password)
        else:
            answered = await site.ask(request, "end_other_sessions", password=password)
        if answered.errors:
            return await _list(site, request, answered.page_status, answered.problems)
        return site.to(PATH, "session-ended" if session_id else "sessions-ended")

    return [web.get(PATH, site.handler(show)), web.post(PATH, site.handler(end))]


async def _list(
    site: Site,
    request: web.Request,
    status: int = 200,
    problems: Mapping[str, str] | None = None,
) -> Reply:
    """Return the page: the sessions, and the one form that ends them."""
    answered = await site.ask(request, "my_sessions")
    if answered.errors:
        return site.refused(request, answered)
    sessions = answered.data["mySessions"]
    page = {"sessions": sessions, "problems": problems or {}}
    return site.page(request, "my_sessions.html", answered, status=status, **page)

"""Logging in, by password or by a one-time link, and out. What comes after the password, where
something does, is in `litereg.web.pages.second_step`.

Opening a one-time link changes nothing, because mail programs and previews open links too: a button
does.
"""

from __future__ import annotations

from aiohttp import web

from litereg.server.replies import Reply
from litereg.web.pages import second_step
from litereg.web.site import Site, local_path

PATH = "/log-in"


def routes(site: Site) -> list[web.RouteDef]:
    """Return the pages' routes."""

    async def show(request: web.Request) -> web.StreamResponse:
        return _form(site, request)

    async def submit(request: web.Request) -> web.StreamResponse:
        form = await site.form(request)
        onward = local_path(form.text("next"))
        by_link = "token" in form.texts
        if by_link:
            answered = await site.ask(request, "use_login_link", token=form.text("token"))
            session = answered.data.get("useLoginLink")
        else:
            names = {"username": form.text("username"), "password": form.raw("password")}
            answered = await site.ask(request, "login", **names)
            session = answered.data.get("login")
        if session is None and answered.errors:
            step = await second_step.next_step(site, request, answered, onward)
            if step is not None:
                return step
        if session is None:
            return _form(
                site,
                request,
                status=410 if by_link else 403,
                problem=answered.problem,
                username=form.text("username"),
                onward=onward,
            )
        return site.begin_session(request, site.to(onward, "logged-in"), session)

    async def leave(request: web.Request) -> web.StreamResponse:
        await site.form(request)
        await site.ask(request, "logout")
        return site.end_session(request, site.to("/", "logged-out"))

    return [
        web.get(PATH, site.handler(show)),
        web.post(PATH, site.handler(submit)),
        web.post("/log-out", site.handler(leave)),
    ]


def _form(
    site: Site,
    request: web.Request,
    status: int = 200,
    problem: str | None = None,
    username: str = "",
    onward: str = "",
) -> Reply:
    return site.page(
        request,
        "log_in.html",
        status=status,
        problem=problem,
        username=username,
        # A link that was refused is not offered again.
        token="" if problem else request.query.get("token", ""),
        onward=onward or local_path(request.query.get("next", "/")),
    )

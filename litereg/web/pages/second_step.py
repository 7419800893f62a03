"""The second step of a log-in: a code of the app, or setting one up where everybody needs one.

The page before has checked the password. What stands for it here is the ticket that the answer came
with; the password itself is in no page.
"""

from __future__ import annotations

from typing import Any

from aiohttp import web

from litereg.server.replies import Reply
from litereg.web.answered import Answered
from litereg.web.app_to_set_up import AppToSetUp, begun, in_form
from litereg.web.site import Site, local_path

LOG_IN_PATH = "/log-in"
CODE_PATH = "/log-in/code"
APP_PATH = "/log-in/app"


def routes(site: Site) -> list[web.RouteDef]:
    """Return the pages' routes."""

    async def back(request: web.Request) -> web.StreamResponse:
        """Begin again: without a ticket there is nothing to show."""
        return site.to(LOG_IN_PATH)

    async def finish(request: web.Request) -> web.StreamResponse:
        form = await site.form(request)
        ticket, onward = form.text("ticket"), local_path(form.text("next"))
        code = form.text("recoveryCode") or form.text("oneTimeCode")
        answered = await site.ask(request, "finish_login", ticket=ticket, oneTimeCode=code)
        if not answered.errors:
            session = answered.data["finishLogin"]
            return site.begin_session(request, site.to(onward, "logged-in"), session)
        if answered.reason == "TOKEN_NOT_VALID":
            return _begin_again(site, request, answered, onward)
        return _ask_for_code(site, request, ticket, onward, answered)

    async def confirm(request: web.Request) -> web.StreamResponse:
        form = await site.form(request)
        ticket, onward = form.text("ticket"), local_path(form.text("next"))
        code, app = form.text("oneTimeCode"), in_form(form)
        answered = await site.ask(request, "confirm_second_factor", ticket=ticket, oneTimeCode=code)
        if not answered.errors:
            return _show_codes(site, request, answered, onward)
        if app is None or answered.reason != "WRONG_ONE_TIME_CODE":
            return _begin_again(site, request, answered, onward)
        return _set_up(site, request, ticket, onward, app, answered)

    return [
        web.get(CODE_PATH, site.handler(back)),
        web.post(CODE_PATH, site.handler(finish)),
        web.get(APP_PATH, site.handler(back)),
        web.post(APP_PATH, site.handler(confirm)),
    ]


async def next_step(
    site: Site, request: web.Request, refused: Answered, onward: str
) -> Reply | None:
    """Return the page that goes on from a right password; None when it was *refused* for good."""
    ticket = str(refused.errors[0]["extensions"].get("ticket", ""))
    if refused.reason == "ONE_TIME_CODE_REQUIRED":
        return _ask_for_code(site, request, ticket, onward)
    if refused.reason != "SECOND_FACTOR_REQUIRED":
        return None
    answered = await site.ask(request, "begin_second_factor", ticket=ticket)
    if answered.errors:
        return _begin_again(site, request, answered, onward)
    app = begun(answered.data["beginSecondFactor"])
    return _set_up(site, request, ticket, onward, app)


def _ask_for_code(
    site: Site, request: web.Request, ticket: str, onward: str, refused: Answered | None = None
) -> Reply:
    page = _shown(ticket, onward, refused)
    return site.page(request, "log_in_code.html", **page)


def _set_up(
    site: Site,
    request: web.Request,
    ticket: str,
    onward: str,
    app: AppToSetUp,
    refused: Answered | None = None,
) -> Reply:
    page = _shown(ticket, onward, refused)
    return site.page(request, "log_in_app.html", app=app, **page)


def _shown(ticket: str, onward: str, refused: Answered | None) -> dict[str, Any]:
    """Return what both pages are made of: what their forms send along, and what was wrong."""
    return {
        "ticket": ticket,
        "onward": onward,
        "problems": refused.problems if refused else {},
        "status": refused.page_status if refused else 200,
    }


def _show_codes(site: Site, request: web.Request, answered: Answered, onward: str) -> Reply:
    """Return the page with the recovery codes; whoever sees it is logged in by now."""
    confirmed = answered.data["confirmSecondFactor"]
    reply = site.page(
        request,
        "log_in_codes.html",
        codes=confirmed["recoveryCodes"],
        onward=onward,
        may_be_known=True,
    )
    return site.begin_session(request, reply, confirmed["session"])


def _begin_again(site: Site, request: web.Request, refused: Answered, onward: str) -> Reply:
    return site.page(
        request,
        "log_in.html",
        status=refused.page_status,
        problem=refused.problem,
        username="",
        token="",
        onward=onward,
    )

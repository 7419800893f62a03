"""One's second factor: set an app up, get new recovery codes, turn it off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aiohttp import web

from litereg.server.replies import Reply
from litereg.web.app_to_set_up import AppToSetUp, begun, in_form
from litereg.web.forms import Form
from litereg.web.site import Site

PATH = "/me/second-factor"


def routes(site: Site) -> list[web.RouteDef]:
    """Return the page's routes."""

    async def show(request: web.Request) -> web.StreamResponse:
        return await _page(site, request)

    async def change(request: web.Request) -> web.StreamResponse:
        form = await site.form(request)
        return await CHANGES.get(form.text("do"), _begin)(site, request, form)

    return [web.get(PATH, site.handler(show)), web.post(PATH, site.handler(change))]


async def _begin(site: Site, request: web.Request, form: Form) -> Reply:
    # Whoever has no app yet is asked for no code.
    code = form.text("oneTimeCode") or None
    password = form.raw("password")
    answered = await site.ask(request, "begin_second_factor", password=password, oneTimeCode=code)
    if answered.errors:
        return await _page(site, request, answered.page_status, answered.problems)
    return await _page(site, request, app=begun(answered.data["beginSecondFactor"]))


async def _confirm(site: Site, request: web.Request, form: Form) -> Reply:
    code = form.text("oneTimeCode")
    answered = await site.ask(request, "confirm_second_factor", oneTimeCode=code)
    if answered.errors:
        status, problems = answered.page_status, answered.problems
        may_try_again = answered.reason == "WRONG_ONE_TIME_CODE"
        app = in_form(form) if may_try_again else None
        return await _page(site, request, status, problems, app=app)
    return await _page(site, request, codes=answered.data["confirmSecondFactor"]["recoveryCodes"])


async def _renew(site: Site, request: web.Request, form: Form) -> Reply:
    answered = await site.ask(request, "new_recovery_codes", **_both(form))
    if answered.errors:
        return await _page(site, request, answered.page_status, answered.problems)
    return await _page(site, request, codes=answered.data["newRecoveryCodes"])


async def _end(site: Site, request: web.Request, form: Form) -> Reply:
    answered = await site.ask(request, "end_second_factor", **_both(form))
    if answered.errors:
        return await _page(site, request, answered.page_status, answered.problems)
    return site.to(PATH, "second-factor-off")


# What the button says that was pressed → what it does.
CHANGES = {"begin": _begin, "confirm": _confirm, "renew": _renew, "end": _end}


def _both(form: Form) -> dict[str, str]:
    return {"password": form.raw("password"), "oneTimeCode": form.text("oneTimeCode")}


async def _page(
    site: Site,
    request: web.Request,
    status: int = 200,
    problems: Mapping[str, str] | None = None,
    *,
    app: AppToSetUp | None = None,
    codes: Sequence[str] = (),
) -> Reply:
    """Return the page, with an *app* that is being set up, or with new recovery *codes*."""
    answered = await site.ask(request, "my_second_factor")
    if answered.errors:
        return site.refused(request, answered)
    page = {"factor": answered.data["mySecondFactor"], "problems": problems or {}}
    shown = {"app": app, "codes": codes}
    return site.page(request, "my_second_factor.html", answered, status=status, **page, **shown)

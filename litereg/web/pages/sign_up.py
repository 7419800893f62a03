"""Signing up: making an account of one's own."""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import web

from litereg.server.replies import Reply
from litereg.web.forms import Form
from litereg.web.site import Site
from litereg.web.wording import SENTENCES

PATH = "/sign-up"
SENT_PATH = "/sign-up/sent"
REQUIRED = ("username", "emailAddress")
OPTIONAL = ("firstName", "lastName")
# Field → the operation that asks whether a value is free, and the reason when it is not.
CHECKS = {
    "username": ("username_available", "USERNAME_NOT_AVAILABLE"),
    "emailAddress": ("email_address_available", "EMAIL_ADDRESS_NOT_AVAILABLE"),
}


def routes(site: Site) -> list[web.RouteDef]:
    """Return the pages' routes."""

    async def show(request: web.Request) -> web.StreamResponse:
        return await _form(site, request, {}, {})

    async def check(request: web.Request) -> web.StreamResponse:
        """Show the form with a word on whether the names in it are free; scripts ask for it."""
        typed = _typed(await site.form(request))
        problems, hints = {}, {}
        for field, (operation, taken) in CHECKS.items():
            if typed[field]:
                answered = await site.ask(request, operation, **{field: typed[field]})
                if answered.data.get("isFree"):
                    hints[field] = "That one is free."
                else:
                    problems[field] = answered.problem or SENTENCES[taken]
        return await _form(site, request, typed, problems, hints)

    async def submit(request: web.Request) -> web.StreamResponse:
        form = await site.form(request)
        typed = _typed(form)
        value = {name: typed[name] for name in REQUIRED} | {"password": form.raw("password")}
        value |= {name: typed[name] for name in OPTIONAL if typed[name]}
        answered = await site.ask(request, "create_me", value=value)
        if answered.errors:
            status = answered.page_status
            return await _form(site, request, typed, answered.problems, status=status)
        session = answered.data["createMe"]
        if session is None and site.settings.sends_mail:
            return site.to(SENT_PATH)
        if session is None:
            return site.to("/log-in", "signed-up-to-log-in")
        return site.begin_session(request, site.to("/me", "signed-up"), session)

    async def sent(request: web.Request) -> web.StreamResponse:
        return site.page(request, "sign_up_sent.html")

    return [
        web.get(PATH, site.handler(show)),
        web.post(PATH, site.handler(submit)),
        web.post("/sign-up/check", site.handler(check)),
        web.get(SENT_PATH, site.handler(sent)),
    ]


def _typed(form: Form) -> dict[str, str]:
    """Return what stands in the fields, which a refusal leaves there; the password is not kept."""
    return {name: form.text(name) for name in (*REQUIRED, *OPTIONAL)}


async def _form(
    site: Site,
    request: web.Request,
    typed: Mapping[str, str],
    problems: Mapping[str, str],
    hints: Mapping[str, str] | None = None,
    status: int = 200,
) -> Reply:
    """Return the form with what was *typed*; whoever has an account is led on to what is theirs."""
    answered = await site.ask(request, "sign_up_page")
    if answered.errors:
        return site.refused(request, answered)
    if answered.viewer.is_known and request.method == "GET":
        return site.to("/me")
    return site.page(
        request,
        "sign_up.html",
        status=status if site.settings.sign_up else 403,
        typed=typed,
        problems=problems,
        hints=hints or {},
        is_empty=answered.data["registryStatus"]["isEmpty"],
    )

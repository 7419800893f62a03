"""The pages behind the links in letters: verify an address, set a new password.

Such a link ends in `#token=…`. Browsers keep that part to themselves, so the token is in no log on
the way; a few lines of script (src/token.js) put it into the page's form. Opening a link changes
nothing, because mail programs and previews open links too: a button does.
"""

from __future__ import annotations

from aiohttp import web

from litereg.server.replies import Reply
from litereg.web.answered import Answered
from litereg.web.forms import Form
from litereg.web.site import Site

VERIFY_PATH = "/validate-email"
RECOVER_PATH = "/forgot-password"
VERIFY_TEMPLATE = "validate_email.html"
RECOVER_TEMPLATE = "forgot_password.html"
# What stands in the query of a link to a new address, which takes the account's password.
NEW_ADDRESS = "new"
# The reasons for which such a link is still good.
ABOUT_THE_PASSWORD = ("PASSWORD_REQUIRED", "WRONG_CREDENTIALS", "TOO_MANY_TRIES")
# Whoever has a link that is no good any more cannot mend it.
GONE = 410


def routes(site: Site) -> list[web.RouteDef]:
    """Return the pages' routes."""

    async def ask_to_verify(request: web.Request) -> web.StreamResponse:
        return site.page(request, VERIFY_TEMPLATE, takes_password=NEW_ADDRESS in request.query)

    async def verify(request: web.Request) -> web.StreamResponse:
        return await _verify(site, request, await site.form(request))

    async def ask_to_recover(request: web.Request) -> web.StreamResponse:
        return site.page(request, RECOVER_TEMPLATE)

    async def recover(request: web.Request) -> web.StreamResponse:
        form = await site.form(request)
        if "token" in form.texts:
            return await _set_password(site, request, form)
        return await _mail_link(site, request, form.text("emailAddress"))

    return [
        web.get(VERIFY_PATH, site.handler(ask_to_verify)),
        web.post(VERIFY_PATH, site.handler(verify)),
        web.get(RECOVER_PATH, site.handler(ask_to_recover)),
        web.post(RECOVER_PATH, site.handler(recover)),
    ]


async def _verify(site: Site, request: web.Request, form: Form) -> Reply:
    typed = {"token": form.text("token"), "password": form.raw("password") or None}
    answered = await site.ask(request, "verify_email_address", **typed)
    if not answered.errors:
        return site.to("/log-in", "verified")
    if answered.reason.startswith(ABOUT_THE_PASSWORD):
        return site.page(
            request,
            VERIFY_TEMPLATE,
            status=answered.page_status,
            token=typed["token"],
            takes_password=True,
            problem=answered.problem,
        )
    return _bad_link(site, request, VERIFY_TEMPLATE, answered)


async def _mail_link(site: Site, request: web.Request, address: str) -> Reply:
    """Ask for a letter to *address*; the answer does not tell whether an account has it."""
    answered = await site.ask(request, "forgot_my_password", emailAddress=address)
    if answered.errors:
        status, problem = answered.page_status, answered.problem
        return site.page(request, RECOVER_TEMPLATE, status=status, address=address, problem=problem)
    return site.page(request, RECOVER_TEMPLATE, sent_to=address)


async def _set_password(site: Site, request: web.Request, form: Form) -> Reply:
    value = {"token": form.text("token"), "newPassword": form.raw("newPassword")}
    answered = await site.ask(request, "recover_my_password", value=value)
    if answered.reason.startswith("TOKEN_"):
        return _bad_link(site, request, RECOVER_TEMPLATE, answered)
    if answered.errors:
        return site.page(
            request,
            RECOVER_TEMPLATE,
            status=answered.page_status,
            token=value["token"],
            problem=answered.problem,
        )
    return site.to("/log-in", "password-set")


def _bad_link(site: Site, request: web.Request, template: str, answered: Answered) -> Reply:
    return site.page(request, template, status=GONE, bad_link=answered.problem)

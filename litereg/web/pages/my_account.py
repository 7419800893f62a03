"""One's own account: profile, pictures and password, and closing it."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from litereg.server.replies import Reply
from litereg.web.forms import Form
from litereg.web.site import Site
from litereg.web.wording import SENTENCES

PROFILE_PATH = "/me/profile"
PASSWORD_PATH = "/me/password"  # noqa: S105 - an address
CLOSE_PATH = "/me/close"

# What is cleared by an empty text, and what stays as it was.
CLEARED = ("location", "description", "website", "gitHubHandle", "twitterHandle")
KEPT = ("username", "firstName", "lastName", "emailAddress")
FLAGS = (
    "nameIsPublic",
    "locationIsPublic",
    "websiteIsPublic",
    "emailAddressIsPublic",
    "gitHubHandleIsPublic",
    "twitterHandleIsPublic",
)
PICTURES = {"avatar": "set_my_avatar_image", "cover": "set_my_cover_image"}


def routes(site: Site) -> list[web.RouteDef]:
    """Return the pages' routes."""

    async def show_profile(request: web.Request) -> web.StreamResponse:
        return await _profile(site, request)

    async def change_profile(request: web.Request) -> web.StreamResponse:
        typed = _typed(await site.form(request))
        before = await site.ask(request, "my_profile")
        if before.errors:
            return site.refused(request, before)
        value = dict(typed)
        if value["username"] == before.data["me"]["username"]:
            # The same name, given anew, would be stored in lower case.
            del value["username"]
        answered = await site.ask(request, "update_me", value=value)
        if answered.errors:
            status = answered.page_status
            return await _profile(site, request, status, problems=answered.problems, typed=typed)
        has = answered.data["updateMe"]["emailAddress"].lower()
        wants = typed["emailAddress"].lower()
        return site.to(PROFILE_PATH, "saved" if wants in ("", has) else "address-asked-for")

    async def change_picture(request: web.Request) -> web.StreamResponse:
        kind = request.match_info["kind"]
        form = await site.form(request, with_files=True)
        image = {"base64": base64.b64encode(form.file("image")).decode()}
        answered = await site.ask(request, PICTURES[kind], image=image)
        if answered.errors:
            problems = {kind: answered.problem or ""}
            return await _profile(site, request, answered.page_status, problems=problems)
        return site.to(PROFILE_PATH, "saved")

    async def show_password(request: web.Request) -> web.StreamResponse:
        return await _password(site, request)

    async def change_password(request: web.Request) -> web.StreamResponse:
        form = await site.form(request)
        value = {name: form.raw(name) for name in ("oldPassword", "newPassword")}
        answered = await site.ask(request, "update_my_password", value=value)
        if answered.errors:
            return await _password(site, request, answered.page_status, answered.problems)
        return site.to(PASSWORD_PATH, "password-changed")

    async def show_closing(request: web.Request) -> web.StreamResponse:
        return await _closing(site, request)

    async def close(request: web.Request) -> web.StreamResponse:
        form = await site.form(request)
        me = await site.ask(request, "me")
        if me.errors:
            return site.refused(request, me)
        if form.text("username").lower() != me.data["me"]["username"].lower():
            problems = {"username": "That is not your user name."}
            return await _closing(site, request, 400, problems)
        answered = await site.ask(request, "delete_me")
        if answered.errors:
            return await _closing(site, request, answered.page_status, answered.problems)
        return site.end_session(request, site.to("/", "account-closed"))

    return [
        web.get(PROFILE_PATH, site.handler(show_profile)),
        web.post(PROFILE_PATH, site.handler(change_profile)),
        web.post(f"{PROFILE_PATH}/{{kind:{'|'.join(PICTURES)}}}", site.handler(change_picture)),
        web.get(PASSWORD_PATH, site.handler(show_password)),
        web.post(PASSWORD_PATH, site.handler(change_password)),
        web.get(CLOSE_PATH, site.handler(show_closing)),
        web.post(CLOSE_PATH, site.handler(close)),
    ]


def _typed(form: Form) -> dict[str, Any]:
    """Return the profile as it was typed."""
    texts = {name: form.text(name) for name in (*KEPT, *CLEARED)}
    return texts | {flag: form.flag(flag) for flag in FLAGS}


async def _profile(
    site: Site,
    request: web.Request,
    status: int = 200,
    *,
    problems: Mapping[str, str] | None = None,
    typed: Mapping[str, Any] | None = None,
) -> Reply:
    """Return the page of the profile, with what was *typed* if that was refused."""
    answered = await site.ask(request, "my_profile")
    if answered.errors:
        return site.refused(request, answered)
    me = answered.data["me"] | dict(typed or {})
    page = {"me": me, "problems": problems or {}}
    return site.page(request, "my_profile.html", answered, status=status, **page)


async def _password(
    site: Site,
    request: web.Request,
    status: int = 200,
    problems: Mapping[str, str] | None = None,
) -> Reply:
    answered = await site.ask(request, "me")
    if answered.errors:
        return site.refused(request, answered)
    page = {"problems": problems or {}}
    return site.page(request, "my_password.html", answered, status=status, **page)


async def _closing(
    site: Site,
    request: web.Request,
    status: int = 200,
    problems: Mapping[str, str] | None = None,
) -> Reply:
    """Return the page that closes the account, or says why it has to stay."""
    answered = await site.ask(request, "close_account_page")
    if answered.errors:
        return site.refused(request, answered)
    may_close = answered.data["mayCloseMyAccount"]
    if not may_close:
        problems = {"": SENTENCES["LAST_ADMINISTRATOR"]}
    page = {"may_close": may_close, "problems": problems or {}}
    return site.page(request, "close_account.html", answered, status=status, **page)

"""Who may do what with a catalog, a package or a collection: for those who manage it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from aiohttp import web

from litereg.server.replies import Reply
from litereg.web.forms import Form
from litereg.web.pages.subjects import CATALOG, KINDS, PACKAGE, Kind
from litereg.web.rendering import may
from litereg.web.site import Site

# What is granted is chosen by its highest part; a package of somebody's catalog may get nothing.
LEVELS: Final = {
    "": [],
    "VIEW": ["VIEW"],
    "EDIT": ["VIEW", "EDIT"],
    "MANAGE": ["VIEW", "EDIT", "MANAGE"],
}


def routes(site: Site) -> list[web.RouteDef]:
    """Return the pages' routes, for all kinds of things."""
    return [route for kind in KINDS for route in _routes_of(site, kind)]


def _routes_of(site: Site, kind: Kind) -> list[web.RouteDef]:
    path = f"{kind.room}/{kind.sharing}"

    async def show(request: web.Request) -> web.StreamResponse:
        return await _page(site, request, kind)

    async def grant(request: web.Request) -> web.StreamResponse:
        form = await site.form(request)
        granted = {"permissions": _level(form, "permissions")}
        if kind is CATALOG:
            granted["packagePermissions"] = _level(form, "packagePermissions")
        return await _change(site, request, kind, "share", form.text("user"), granted)

    async def take_away(request: web.Request) -> web.StreamResponse:
        form = await site.form(request)
        return await _change(site, request, kind, "unshare", form.text("user"), {})

    return [
        web.get(path, site.handler(show)),
        web.post(path, site.handler(grant)),
        web.post(f"{path}/remove", site.handler(take_away)),
    ]


def _level(form: Form, name: str) -> list[str]:
    return LEVELS.get(form.text(name), [])


async def _change(
    site: Site,
    request: web.Request,
    kind: Kind,
    verb: str,
    user: str,
    granted: Mapping[str, Any],
) -> Reply:
    identifier = kind.identifier(request)
    operation = f"{verb}_{kind.name}"
    answered = await site.ask(request, operation, identifier=identifier, user=user, **granted)
    if answered.errors:
        problem = answered.problem
        return await _page(site, request, kind, answered.page_status, problem=problem, user=user)
    if user.lower() == answered.viewer.username.lower():
        # Whoever gave up managing it may not see this page again.
        return site.to("/me", "saved")
    return site.to(f"{kind.room_of(identifier)}/{kind.sharing}", "saved")


async def _page(
    site: Site,
    request: web.Request,
    kind: Kind,
    status: int = 200,
    *,
    problem: str | None = None,
    user: str = "",
) -> Reply:
    asked = {"identifier": kind.identifier(request)}
    answered = await site.ask(request, f"{kind.name}_sharing", **asked)
    subject = answered.data.get(kind.name)
    if subject is None or answered.errors:
        return site.refused(request, answered)
    if not may(subject["myPermissions"], "MANAGE"):
        return site.error(request, 403, "Those who manage it see who else may do what.", answered)
    return site.page(
        request,
        "sharing.html",
        answered,
        status=status,
        kind=kind,
        subject=subject,
        name=kind.name_of(subject),
        people=_people(kind, subject, answered.data[f"usersBy{kind.name.title()}"]),
        with_packages=kind is CATALOG,
        problem=problem,
        user=user,
    )


def _people(
    kind: Kind, subject: Mapping[str, Any], found: Iterable[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Return who was granted something on *subject*, and why some have to go on managing it."""
    people = list(map(_person, found))
    # A package needs no manager: whoever manages its catalog manages it.
    managers = [person for person in people if person["level"] == "MANAGE"]
    for person in [] if kind is PACKAGE else managers:
        if kind is CATALOG and _has_name(person, subject["identifier"]["catalogSlug"]):
            person["bound"] = "own"
        elif len(managers) == 1:
            person["bound"] = "only"
    return people


def _has_name(person: Mapping[str, Any], name: str) -> bool:
    return str(person["username"]).lower() == name.lower()


def _person(found: Mapping[str, Any]) -> dict[str, Any]:
    """Return somebody who was granted something, and the highest part of it."""
    user = found.get("user") or found
    return {
        "username": user["username"],
        "name": user["displayName"],
        "level": _highest(found["permissions"]),
        "package_level": _highest(found.get("packagePermissions")),
        "bound": None,
    }


def _highest(permissions: Iterable[str] | None) -> str:
    granted = list(permissions or ())
    return next((level for level in ("MANAGE", "EDIT", "VIEW") if level in granted), "")

"""Changing a catalog, a package or a collection: names and texts, publicity, pictures, the end."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from litereg.server.replies import Reply
from litereg.web.pages.subjects import CATALOG, COLLECTION, KINDS, PACKAGE, Kind
from litereg.web.rendering import may
from litereg.web.site import Site

# The text fields of each form, by their names in the API.
FIELDS: Final = {
    CATALOG.name: ("displayName", "description", "website", "newSlug"),
    PACKAGE.name: ("displayName", "description", "newPackageSlug", "newCatalogSlug"),
    COLLECTION.name: ("name", "description", "newCollectionSlug"),
}
PICTURES: Final = {
    CATALOG.name: ("avatar", "cover"),
    PACKAGE.name: ("cover",),
    COLLECTION.name: ("cover",),
}


def routes(site: Site) -> list[web.RouteDef]:
    """Return the pages' routes, for all kinds of things."""
    return [route for kind in KINDS for route in _routes_of(site, kind)]


def _routes_of(site: Site, kind: Kind) -> list[web.RouteDef]:
    update = f"update_{kind.name}"
    updated = f"update{kind.name.title()}"

    async def show(request: web.Request) -> web.StreamResponse:
        return await _page(site, request, kind)

    async def change(request: web.Request) -> web.StreamResponse:
        form = await site.form(request)
        typed = {name: form.text(name) for name in FIELDS[kind.name]}
        identifier = kind.identifier(request)
        value = {name: text for name, text in typed.items() if text}
        answered = await site.ask(request, update, identifier=identifier, value=value)
        if answered.errors:
            status, problems = answered.page_status, answered.problems
            return await _page(site, request, kind, status, problems=problems, typed=typed)
        named = answered.data[updated]["identifier"]
        return site.to(f"{kind.room_of(named)}/edit", "saved")

    async def open_or_close(request: web.Request) -> web.StreamResponse:
        form = await site.form(request)
        identifier, value = kind.identifier(request), {"isPublic": form.text("public") == "yes"}
        answered = await site.ask(request, update, identifier=identifier, value=value)
        if answered.errors:
            return site.refused(request, answered)
        return site.to(kind.page_of(identifier), "opened" if value["isPublic"] else "closed")

    async def set_picture(request: web.Request) -> web.StreamResponse:
        shape, form = request.match_info["shape"], await site.form(request, with_files=True)
        answered = await site.ask(
            request,
            f"set_{kind.name}_{shape}_image",
            identifier=kind.identifier(request),
            image={"base64": base64.b64encode(form.file("image")).decode()},
        )
        if answered.errors:
            problems = {shape: answered.problem or ""}
            return await _page(site, request, kind, answered.page_status, problems=problems)
        return site.to(f"{kind.room_of(kind.identifier(request))}/edit", "saved")

    async def take_avatar_away(request: web.Request) -> web.StreamResponse:
        await site.form(request)
        identifier = kind.identifier(request)
        answered = await site.ask(request, "delete_catalog_avatar_image", identifier=identifier)
        if answered.errors:
            return site.refused(request, answered)
        return site.to(f"{kind.room_of(identifier)}/edit", "removed")

    async def confirm(request: web.Request) -> web.StreamResponse:
        return await _page(site, request, kind, template="disable.html", needed="MANAGE")

    async def disable(request: web.Request) -> web.StreamResponse:
        await site.form(request)
        identifier = kind.identifier(request)
        answered = await site.ask(request, f"disable_{kind.name}", identifier=identifier)
        if answered.errors:
            problems = answered.problems
            return await _page(
                site,
                request,
                kind,
                answered.page_status,
                problems=problems,
                template="disable.html",
                needed="MANAGE",
            )
        gone = answered.data[f"disable{kind.name.title()}"]
        stood_open = kind is PACKAGE and may(gone["catalog"]["myPermissions"], "VIEW")
        return site.to(CATALOG.page_of(identifier) if stood_open else "/me", "disabled")

    shapes = "|".join(PICTURES[kind.name])
    # Other pictures cannot be taken away.
    removal = f"{kind.room}/avatar/remove"
    removals = [web.post(removal, site.handler(take_avatar_away))] if kind is CATALOG else []
    return [
        *removals,
        web.get(f"{kind.room}/edit", site.handler(show)),
        web.post(f"{kind.room}/edit", site.handler(change)),
        web.post(f"{kind.room}/visibility", site.handler(open_or_close)),
        web.post(f"{kind.room}/{{shape:{shapes}}}", site.handler(set_picture)),
        web.get(f"{kind.room}/disable", site.handler(confirm)),
        web.post(f"{kind.room}/disable", site.handler(disable)),
    ]


async def _page(
    site: Site,
    request: web.Request,
    kind: Kind,
    status: int = 200,
    *,
    problems: Mapping[str, str] | None = None,
    typed: Mapping[str, Any] | None = None,
    template: str = "edit.html",
    needed: str = "EDIT",
) -> Reply:
    """Return a page for those who may change it, with what was *typed* if that was refused."""
    asked = {"identifier": kind.identifier(request)}
    answered = await site.ask(request, f"{kind.name}_settings", **asked)
    subject = answered.data.get(kind.name)
    if subject is None:
        return site.refused(request, answered)
    if not may(subject["myPermissions"], needed):
        return site.error(request, 403, "Your account may not change it.", answered)
    catalogs = answered.data.get("myCatalogs") or ()
    return site.page(
        request,
        template,
        answered,
        status=status,
        kind=kind,
        subject=subject,
        name=kind.name_of(subject),
        typed=dict(subject) | dict(typed or {}),
        problems=problems or {},
        fields=FIELDS[kind.name],
        pictures=PICTURES[kind.name],
        catalogs=[catalog for catalog in catalogs if may(catalog["myPermissions"], "EDIT")],
    )

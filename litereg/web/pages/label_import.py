"""Bring public packages in by choosing files: lock files, bills of materials, lists."""

from __future__ import annotations

import base64
from typing import Any

from aiohttp import web

from litereg.server.replies import Reply
from litereg.web.answered import Answered
from litereg.web.forms import Form
from litereg.web.site import Site

PATH = "/labels/import"
# Of the entries with which something was wrong, so many are shown.
MAX_REMARKS = 100


def routes(site: Site) -> list[web.RouteDef]:
    """Return the page's routes."""

    async def show(request: web.Request) -> web.StreamResponse:
        return await _page(site, request, Form())

    async def bring_in(request: web.Request) -> web.StreamResponse:
        form = await site.form(request, with_files=True)
        files = [
            {"name": chosen.name, "base64": base64.b64encode(chosen.content).decode()}
            for chosen in form.chosen("files")
        ]
        if not files:
            return await _page(site, request, form, problem="Choose a file first.")
        answered = await site.ask(
            request,
            "import_public_packages",
            files=files,
            label=form.text("label") or None,
            dryRun=form.flag("dryRun"),
            remarks=MAX_REMARKS,
        )
        if answered.errors:
            return await _page(site, request, form, answered, problem=answered.problem)
        outcome = answered.data["importPublicPackages"]
        return await _page(site, request, form, answered, outcome=outcome)

    return [web.get(PATH, site.handler(show)), web.post(PATH, site.handler(bring_in))]


async def _page(
    site: Site,
    request: web.Request,
    form: Form,
    done: Answered | None = None,
    *,
    problem: str | None = None,
    outcome: dict[str, Any] | None = None,
) -> Reply:
    """Return the form, and above it what came of the import that was just asked for."""
    answered = await site.ask(request, "label_names")
    if answered.errors:
        return site.refused(request, answered)
    if not answered.data["mayChangeLabels"]:
        text = "Administrators and label managers bring packages in."
        return site.error(request, 403, text, answered)
    status = 400 if problem else 200
    edges = answered.data["customCatalogLabel"]["searchLabels"]["edges"]
    return site.page(
        request,
        "label_import.html",
        answered,
        status=done.page_status if done and done.errors else status,
        labels=[edge["node"]["name"] for edge in edges],
        form=form,
        problem=problem,
        outcome=outcome,
    )

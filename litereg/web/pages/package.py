"""A package: what it is, what its latest version holds, and which versions there are."""

from __future__ import annotations

from aiohttp import web

from litereg.web.pages.subjects import PACKAGE
from litereg.web.site import Site


def routes(site: Site) -> list[web.RouteDef]:
    """Return the page's routes."""

    async def show(request: web.Request) -> web.StreamResponse:
        answered = await site.ask(
            request,
            "package_page",
            identifier=PACKAGE.identifier(request),
            readLabels=site.may_read_labels(request),
        )
        package = answered.data.get("package")
        if package is None:
            return site.refused(request, answered)
        latest = package["latestVersion"]
        file = await site.package_files.shown(latest["packageFile"]) if latest else None
        return site.page(request, "package.html", answered, package=package, file=file)

    return [web.get(PACKAGE.page, site.for_people(show))]

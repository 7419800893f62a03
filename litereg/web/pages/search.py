"""Search: packages, catalogs, collections and public packages, and suggestions while typing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from litereg.server.replies import Reply
from litereg.web.answered import Answered
from litereg.web.site import Site, page_number

PATH: Final = "/search"
PAGE_SIZE: Final = 20
# The last page that can be opened by its number; whoever is there searches for too little.
MAX_PAGE: Final = 500

# Which kind is shown, by its name in the address → its name in the operation.
PACKAGES: Final = "packages"
PUBLIC_PACKAGES: Final = "public-packages"
TABS: Final = {
    PACKAGES: "packages",
    "catalogs": "catalogs",
    "collections": "collections",
    PUBLIC_PACKAGES: "publicPackages",
}
# What is suggested where nothing was typed.
NOTHING: Final[Mapping[str, Any]] = {"packages": [], "catalogs": [], "collections": [], "users": []}


def routes(site: Site) -> list[web.RouteDef]:
    """Return the pages' routes."""

    async def show(request: web.Request) -> web.StreamResponse:
        words, tab = request.query.get("q", "").strip(), _tab(request)
        page = min(page_number(request), MAX_PAGE)
        may_read_labels = site.may_read_labels(request)
        variables = {name: name == TABS[tab] for name in TABS.values()}
        variables["publicPackages"] &= may_read_labels
        answered = await site.ask(
            request,
            "search_page",
            query=words,
            offset=PAGE_SIZE * (page - 1),
            readLabels=may_read_labels,
            where=_where(request, words),
            after=request.query.get("after") or None,
            **variables,
        )
        found = _found(answered, TABS[tab])
        return site.page(
            request,
            "search.html",
            answered,
            # Where there is something to show, what else was refused does not matter.
            status=answered.page_status if found is None else 200,
            problem=answered.problem,
            words=words,
            tab=tab,
            page=page,
            found=found,
            counts=_counts(answered),
            label=request.query.get("label", ""),
            type=request.query.get("type", ""),
            labels=_label_names(answered),
        )

    async def suggest(request: web.Request) -> web.StreamResponse:
        words = request.query.get("q", "").strip()
        return await _completions(site, request, "suggestions.html", words)

    async def name_packages(request: web.Request) -> web.StreamResponse:
        # Of "catalog/package" the part behind the last slash is what is being typed.
        words = request.query.get("package", "").rpartition("/")[2].strip()
        return await _completions(site, request, "package_names.html", words)

    return [
        web.get(PATH, site.handler(show)),
        web.get(f"{PATH}/suggestions", site.handler(suggest)),
        web.get(f"{PATH}/package-names", site.handler(name_packages)),
    ]


async def _completions(site: Site, request: web.Request, template: str, words: str) -> Reply:
    """Return a page of what begins with *words*; of nothing typed, an empty one."""
    answered = await site.ask(request, "suggestions", startsWith=words) if words else None
    found = answered.data.get("autoComplete") if answered else None
    return site.page(request, template, answered, words=words, found=found or NOTHING)


def _tab(request: web.Request) -> str:
    asked = request.query.get("in", PACKAGES)
    return asked if asked in TABS else PACKAGES


def _where(request: web.Request, words: str) -> dict[str, Any] | None:
    """Return the filter of public packages; None where all are asked for."""
    where: dict[str, Any] = {}
    if words:
        where["nameContainsFold"] = words
    if kind := request.query.get("type", "").strip():
        where["type"] = kind
    if label := request.query.get("label", "").strip():
        where["hasCustomCatalogLabelsWith"] = [{"name": label}]
    return where or None


def _found(answered: Answered, name: str) -> Mapping[str, Any] | None:
    """Return the list that is shown; None where the viewer may not see any."""
    holder = answered.data.get("publicPackage") if name == "publicPackages" else answered.data
    found: Mapping[str, Any] | None = (holder or {}).get(name)
    return found


def _counts(answered: Answered) -> dict[str, int]:
    """Return how many there are in each tab; the tabs of which the viewer may know nothing lack."""
    counts = {}
    everywhere = {**answered.data, **(answered.data.get("publicPackage") or {})}
    for tab, name in TABS.items():
        found = everywhere.get(name) or everywhere.get(f"{name.removesuffix('s')}Count")
        if found:
            counts[tab] = found.get("count", found.get("totalCount"))
    return counts


def _label_names(answered: Answered) -> list[str]:
    labels = answered.data.get("customCatalogLabel")
    return [edge["node"]["name"] for edge in labels["searchLabels"]["edges"]] if labels else []

"""The pages of the web client: a module for each, and `routes`, which lists them all."""

from __future__ import annotations

from aiohttp import web

from litereg.web.pages import (
    admin,
    admin_users,
    api_keys,
    catalog,
    collection,
    email_links,
    home,
    label,
    label_import,
    labels,
    log_in,
    my_account,
    my_page,
    new,
    package,
    public_package,
    publish,
    search,
    second_factor,
    second_step,
    sessions,
    settings,
    sharing,
    sign_up,
    user,
    version,
)
from litereg.web.site import Site

PAGES = (
    admin,
    admin_users,
    api_keys,
    catalog,
    collection,
    email_links,
    home,
    label,
    label_import,
    labels,
    log_in,
    my_account,
    my_page,
    new,
    package,
    public_package,
    publish,
    search,
    second_factor,
    second_step,
    sessions,
    settings,
    sharing,
    sign_up,
    user,
    version,
)


def routes(site: Site) -> list[web.RouteDef]:
    """Return the routes of all pages, without prefix; those that begin with any name come last."""
    found = [route for page in PAGES for route in page.routes(site)]
    return sorted(found, key=lambda route: route.path.startswith("/{"))

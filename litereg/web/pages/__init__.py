"""The pages of the web client: a module for each, and `routes`, which lists them all."""

from __future__ import annotations

from aiohttp import web

from litereg.web.pages import (
    api_keys,
    email_links,
    home,
    log_in,
    my_account,
    my_page,
    new_catalog,
    package,
    sign_up,
    user,
)
from litereg.web.site import Site

PAGES = (
    home,
    log_in,
    sign_up,
    email_links,
    my_page,
    my_account,
    api_keys,
    new_catalog,
    user,
    package,
)


def routes(site: Site) -> list[web.RouteDef]:
    """Return the routes of all pages, without prefix; the more general ones come last."""
    return [route for page in PAGES for route in page.routes(site)]

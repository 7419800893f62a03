"""What a program gets at the address of a page: a few lines of text, or nothing.

Nothing is looked up for it, so it gives nothing away.
"""

from __future__ import annotations

from aiohttp import hdrs, web

from litereg.server.negotiation import prefers_html
from litereg.server.registry_headers import RegistryHeaders
from litereg.server.replies import TEXT, Reply, page_headers


def wants_page(request: web.Request) -> bool:
    """Return whether *request* is a browser's, that shows pages."""
    accept = request.headers.get(hdrs.ACCEPT)
    return accept is not None and prefers_html(accept)


def where_to_ask(request: web.Request, registry_name: str, headers_of: RegistryHeaders) -> Reply:
    """Return where a program finds what it needs of what the address of *request* names."""
    url = headers_of.url(request)
    subject = "/".join(request.match_info.values())
    about = f"{subject} in the" if subject else "The"
    text = (
        f"{about} data-package registry {registry_name}\n"
        f"GraphQL:    {url}/graphql\n"
        f"Schema:     {url}/schema.graphql\n"
        f"Playground: {url}/playground\n"
    )
    headers = page_headers(TEXT)
    headers["Vary"] = "Accept, Cookie"
    headers.update(headers_of.of(request))
    return Reply(body=text.encode(), headers=headers)


def nothing(request: web.Request) -> web.StreamResponse:
    """Answer that there is nothing at the address of *request*."""
    raise web.HTTPNotFound

"""Render the page of the playground.

Which path serves it, and what it may load, is decided in `litereg.server.playground`; how its files
come about is in `litereg.web.assets`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from litereg.web.built import ASSETS
from litereg.web.rendering import PAGE_CSP, TEMPLATES

# The policy of all pages, and on top what Monaco cannot do without: styles it writes into the page
# (as attributes too, for which a nonce is no help) and workers. Never `unsafe-eval`.
PLAYGROUND_CSP: Final = (
    PAGE_CSP.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
    + "; font-src 'self' data:; worker-src 'self'"
)


def playground_page(
    endpoint: str,
    schema_url: str,
    asset_base: str,
    registry_name: str,
    *,
    viewer: str = "",
    home: str = "/",
    origin: str = "http://127.0.0.1:4000",
    assets: Path = ASSETS,
) -> str:
    """Return the HTML of the playground, or of a page in its place while it is not built.

    Args:
        endpoint: path of the GraphQL endpoint, base path included: `/a/b/graphql`.
        schema_url: path of the SDL: `/a/b/schema.graphql`.
        asset_base: path under which the built files are served: `/a/b/assets`.
        registry_name: the name of the registry, as people know it.
        viewer: username of whoever is signed in by cookie; "" shows how to send a key instead.
        home: path of the registry's first page: `/a/b/`.
        origin: scheme, host and port of the registry, for the curl line.
        assets: the folder with the built files.
    """
    built = (assets / "playground.js").is_file()
    template = TEMPLATES.get_template("playground.html" if built else "playground_unbuilt.html")
    return template.render(
        endpoint=endpoint,
        schema_url=schema_url,
        asset_base=asset_base.rstrip("/"),
        registry_name=registry_name,
        viewer=viewer,
        home=home,
        origin=origin.rstrip("/"),
    )

"""Render what the server sends to browsers: for now, the playground.

Which path serves what, and who may see it, is decided in `litereg.server`; how the files of the
playground come about is in `litereg.web.assets`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

ASSETS: Final = Path(__file__).resolve().parent / "dist"
# The policy of all pages, and on top what Monaco cannot do without: styles it writes into the page
# (as attributes too, for which a nonce is no help) and workers. Never `unsafe-eval`.
PLAYGROUND_CSP: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "font-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).resolve().parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def playground_page(
    endpoint: str,
    schema_url: str,
    asset_base: str,
    registry_name: str,
    *,
    viewer: str | None = None,
    origin: str = "http://127.0.0.1:4000",
    assets: Path = ASSETS,
) -> str:
    """Return the HTML of the playground, or of a page in its place while it is not built.

    Args:
        endpoint: path of the GraphQL endpoint, base path included: `/a/b/graphql`.
        schema_url: path of the SDL: `/a/b/schema.graphql`.
        asset_base: path under which the files of `asset_files` are served: `/a/b/assets`.
        registry_name: the name of the registry, as people know it.
        viewer: username of whoever is signed in by cookie; None shows how to send a key instead.
        origin: scheme, host and port of the registry, for the curl line.
        assets: the folder with the built files.
    """
    built = (assets / "playground.js").is_file()
    template = _TEMPLATES.get_template("playground.html" if built else "playground_unbuilt.html")
    return template.render(
        endpoint=endpoint,
        schema_url=schema_url,
        asset_base=asset_base.rstrip("/"),
        registry_name=registry_name,
        viewer=viewer or "",
        origin=origin.rstrip("/"),
    )


def asset_files(assets: Path = ASSETS) -> dict[str, Path]:
    """Return the built files by the name each is served under; empty when nothing is built.

    A `.br` and a `.gz` stand beside most of them and are left out here: they are for the server
    to choose when a browser accepts the encoding.
    """
    if not assets.is_dir():
        return {}
    files = (file for file in sorted(assets.iterdir()) if not file.name.startswith("."))
    return {file.name: file for file in files if file.suffix not in {".br", ".gz"}}


def asset_version(assets: Path = ASSETS) -> str:
    """Return a short name that changes with the built files; empty when nothing is built.

    As a folder in `asset_base` it makes all addresses below safe to cache for ever: the files
    name each other relatively.
    """
    stamp = assets / ".stamp"
    return stamp.read_text(encoding="ascii")[:16] if stamp.is_file() else ""

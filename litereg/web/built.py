"""The web files that `litereg.web.assets` left in `dist/`, by the names they are served under."""

from __future__ import annotations

from pathlib import Path
from typing import Final

ASSETS: Final = Path(__file__).resolve().parent / "dist"


def asset_files(assets: Path = ASSETS) -> dict[str, Path]:
    """Return the built files by the name each is served under; empty when nothing is built.

    A `.br` and a `.gz` stand beside most of them and are left out here: they are for the server
    to choose when a browser accepts the encoding.
    """
    if not assets.is_dir():
        return {}
    names = sorted(file.name for file in assets.iterdir())
    return {
        name: assets / name
        for name in names
        if not name.startswith(".") and not name.endswith((".br", ".gz"))
    }


def asset_version(assets: Path = ASSETS) -> str:
    """Return a short name that changes with the built files; empty when nothing is built.

    As a folder in `asset_base` it makes all addresses below safe to cache for ever: the files
    name each other relatively.
    """
    stamp = assets / ".stamp"
    return stamp.read_text(encoding="ascii")[:16] if stamp.is_file() else ""


def asset_base(prefix: str) -> str:
    """Return the path under which the built files are served, below *prefix*."""
    version = asset_version()
    return f"{prefix}/assets/{version}" if version else f"{prefix}/assets"

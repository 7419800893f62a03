"""Find the demo's catalogue and package files, in a checkout and in an installed wheel alike.

Only where they are: `litereg demo` reads them, and `data/README.md` says where they came from.
"""

from __future__ import annotations

from pathlib import Path

from litereg.errors import NotFound


def demo_data_folder() -> Path:
    """Return the folder that holds `catalogs.json` and `packages/<catalog>/`.

    A wheel carries it inside the package, a checkout has it beside the package.

    Raises:
        NotFound: this installation has no demo data.
    """
    package = Path(__file__).resolve().parent
    for folder in (package / "_data", package.parent / "data"):
        if (folder / "catalogs.json").is_file():
            return folder
    raise NotFound("DEMO_DATA_NOT_FOUND", "this installation came without the demo's data files")

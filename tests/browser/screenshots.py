"""Take pictures of the main pages of the demo, light and dark.

`python -m tests.browser.screenshots FOLDER` puts them there. Three of them, with fewer colours, are
in tests/browser/pictures, where README.md shows them: `--readme` writes those again.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote

from PIL import Image

from tests.browser.chromium import launched
from tests.browser.demo_site import DemoSite, open_demo_site
from tests.browser.places import ADMIN, STRANGER
from tests.browser.visits import SCHEMES, storage_of
from tests.client import ALL_SCOPES
from tests.filled import fill

PICTURES = Path(__file__).parent / "pictures"
SIZE = {"width": 1280, "height": 800}
NARROW = {"width": 390, "height": 844}
COLOURS = 128
QUERY = """query Weather {
  searchPackages(query: "weather | climate", offSet: 0, limit: 3) {
    count
    packages {
      displayName
      latestVersion { createdAt author { username } }
    }
  }
}"""

# Name → who opens which address.
SHOTS = {
    "home": (STRANGER, "/"),
    "search": (STRANGER, "/search?q=us"),
    "package": (STRANGER, "/nature/palmer-penguins#schemas"),
    "version": (STRANGER, "/nature/seattle-weather/2.0.0"),
    "api-keys": (ADMIN, "/me/api-keys"),
    "labels": (ADMIN, "/label?name=approved"),
    "playground": (STRANGER, f"/playground#query={quote(QUERY)}"),
}
# What README.md shows, and how.
IN_README = {"home": "light", "package": "dark", "playground": "light"}


async def take(folder: Path, names: list[str], *, whole: bool, narrow: bool) -> list[Path]:
    """Put pictures of the pages with these *names* into *folder*, and return where they are."""
    with tempfile.TemporaryDirectory() as place:
        database = Path(place) / "litereg.db"
        await asyncio.to_thread(fill, database)
        async with open_demo_site(database, port=4000) as site, launched() as browser:
            admin = await site.caller(ADMIN)
            for label in ("nightly import", "notebook"):
                value = {"label": label, "scopes": ALL_SCOPES}
                await admin.mutate("createAPIKey", "id", value=value)
            taken = []
            for name in names:
                for scheme in SCHEMES:
                    path = folder / f"{name}-{scheme}.png"
                    await _take(browser, site, name, scheme, path, whole=whole, narrow=narrow)
                    taken.append(path)
            return taken


async def _take(
    browser: object,
    site: DemoSite,
    name: str,
    scheme: str,
    path: Path,
    *,
    whole: bool,
    narrow: bool,
) -> None:
    person, address = SHOTS[name]
    async with storage_of(browser, site, person, color_scheme=scheme) as context:
        page = await context.new_page()
        await page.set_viewport_size(NARROW if narrow else SIZE)
        await page.goto(site.url + address)
        if name == "playground":
            await page.locator(
                ".graphiql-query-editor .view-line", has_text="query Weather"
            ).wait_for()
            await page.click('[aria-label="Show Docs"]')
            docs = page.locator(".graphiql-doc-explorer-content a", has_text="Query")
            await docs.first.wait_for()
            await page.click(".graphiql-execute-button")
            await page.locator(".litereg-facts").wait_for()
        await page.screenshot(path=path, full_page=whole and name != "playground")


def compress(picture: Path, into: Path) -> None:
    """Write *picture* with fewer colours: our pages have few."""
    with Image.open(picture) as image:
        few = image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        file = io.BytesIO()
        few.save(file, "PNG", optimize=True)
    into.write_bytes(file.getvalue())


def main() -> int:
    """Read the command line and take the pictures."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.browser.screenshots", description=__doc__
    )
    parser.add_argument("folder", type=Path, help="where the pictures are put")
    parser.add_argument("--page", nargs="+", choices=SHOTS, default=list(SHOTS))
    parser.add_argument("--whole", action="store_true", help="the whole page, not a window of it")
    parser.add_argument("--narrow", action="store_true", help="as on a telephone")
    parser.add_argument("--readme", action="store_true", help="write README.md's pictures again")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    shots = take(options.folder, options.page, whole=options.whole, narrow=options.narrow)
    for path in asyncio.run(shots):
        print(path)
    if options.readme:
        PICTURES.mkdir(exist_ok=True)
        for name, scheme in IN_README.items():
            compress(options.folder / f"{name}-{scheme}.png", PICTURES / f"{name}.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Open every page of the demo, and run a query in the playground, on a machine without a network.

`python -m tests.browser.alone` makes a network of its own that has nothing in it but this machine
(Linux, as root or where user namespaces are allowed), and prints a line of JSON:

    {"opened", "playground", "complaints": […], "hosts": […]}

complaints is what the browser said to its console, a broken policy included; hosts is whom the
pages asked.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.browser.chromium import launched
from tests.browser.demo_site import DemoSite, open_demo_site
from tests.browser.places import PLACES
from tests.browser.visits import Watch, storage_of
from tests.filled import fill

INSIDE = "--inside"
QUERY = "#query={latestPackages(offSet:0,limit:1){count}}"


def command(*arguments: str) -> list[str] | None:
    """Return a command line that runs this module without a network; None where that cannot be."""
    unshare = shutil.which("unshare")
    if unshare is None or shutil.which("ip") is None:
        return None
    apart = [unshare, "--net"] if os.geteuid() == 0 else [unshare, "--net", "--map-root-user"]
    if subprocess.run([*apart, "true"], capture_output=True, check=False).returncode:
        return None
    within = 'ip link set lo up && exec "$@"'
    return [*apart, "sh", "-c", within, "sh", sys.executable, "-m", __spec__.name, *arguments]


async def look() -> dict[str, object]:
    """Return what the browser asked and said."""
    watch = Watch()
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "litereg.db"
        await asyncio.to_thread(fill, database)
        async with open_demo_site(database) as site, launched() as browser:
            opened = await _open_all(browser, site, watch)
            answer = await _run_in_playground(browser, site, watch)
    own = site.url.partition("://")[2]
    return {
        "opened": opened,
        "playground": answer,
        "complaints": watch.complaints,
        "hosts": sorted(watch.hosts - {"", own}),
    }


async def _open_all(browser: object, site: DemoSite, watch: Watch) -> int:
    """Open each page, as the last of those who may."""
    opened = 0
    for person in {place.people[-1] for place in PLACES}:
        async with storage_of(browser, site, person) as context:
            for place in PLACES:
                if place.people[-1] == person and place.status == 200:
                    page = await context.new_page()
                    watch.over(page)
                    response = await page.goto(site.url + place.path)
                    opened += response.status == 200
                    await page.close()
    return opened


async def _run_in_playground(browser: object, site: DemoSite, watch: Watch) -> str:
    """Open the playground by a link, run what is in it, and return the answer."""
    async with storage_of(browser, site, "") as context:
        page = await context.new_page()
        watch.over(page)
        await page.goto(f"{site.url}/playground{QUERY}")
        await page.locator(".graphiql-query-editor .monaco-editor .view-line").first.wait_for()
        await page.click('[aria-label="Show Docs"]')
        docs = page.locator(".graphiql-doc-explorer-content a", has_text="Query")
        await docs.first.wait_for()
        await page.click(".graphiql-execute-button")
        await page.locator(".litereg-facts").wait_for()
        answer = page.locator(".result-window .view-lines")
        return (await answer.first.inner_text()).replace("\xa0", " ")


def main() -> int:
    """Run inside or outside; return the exit code."""
    if INSIDE in sys.argv:
        print(json.dumps(asyncio.run(look())))
        return 0
    line = command(INSIDE)
    if line is None:
        print("This machine lets nobody make a network (unshare --net, with ip).", file=sys.stderr)
        return 2
    return subprocess.run(line, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())

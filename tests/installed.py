"""Try the installed wheel, from an empty folder, as whoever installs litereg would.

Run by .ci/run with the interpreter of an environment that holds the wheel and nothing else; so this
uses the standard library only, and never the checkout.
"""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

LITEREG = Path(sys.executable).with_name("litereg")
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")
QUERY = '{ searchPackages(query: "rain", offSet: 0, limit: 5) { count } }'
# A page, a text on it, and files that it loads: each has to be in the wheel.
PAGES = [
    ("/", "Latest packages", {"site.css", "site.js", "icon.svg"}),
    ("/nature/seattle-weather", "Schemas", {"site.css", "site.js", "icon.svg"}),
    ("/search?q=rain", "Seattle weather", {"site.css", "site.js", "icon.svg"}),
    ("/graphql", "playground", {"playground.css", "playground.js", "icon.svg"}),
]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        say(run("--version"))
        with Served(folder, "demo", "--port", "0") as address:
            count = ask(address, QUERY)["data"]["searchPackages"]["count"]
            assert count > 0, "the demo has no data"
            say(f"demo: {count} packages about rain")
            for path, text, files in PAGES:
                assert text in get(f"{address}{path}", "text/html"), f"{path} is not the page"
                names = loaded(address, path)
                assert files <= names, f"{path} loads {names}"
                say(f"{path}: {len(names)} files at first")
        with Served(folder, "serve", "--port", "0", "--db", f"{folder}/new.db") as address:
            assert ask(address, "{ latestPackages(offSet: 0, limit: 1) { count } }")["data"]
            get(f"{address}/schema.graphql")
        say("serve: a new registry answers, and ends with 0 on SIGTERM")
    say("1 passed, 0 failed")


class Served:
    """A running command, from its first address to its clean end."""

    def __init__(self, folder: str, *arguments: str) -> None:
        self._process = subprocess.Popen(
            [LITEREG, *arguments],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def __enter__(self) -> str:
        seen = []
        for line in self._process.stdout:
            seen.append(line)
            found = ADDRESS.search(line)
            if found:
                return found[0]
        raise AssertionError(f"no address was printed: {''.join(seen)}")

    def __exit__(self, *_: object) -> None:
        self._process.send_signal(signal.SIGTERM)
        self._process.stdout.read()
        assert self._process.wait(15) == 0, "it did not end well"


def run(*arguments: str) -> str:
    return subprocess.run([LITEREG, *arguments], check=True, capture_output=True, text=True).stdout


def get(url: str, accept: str = "*/*") -> str:
    request = urllib.request.Request(url, headers={"Accept": accept})
    with urllib.request.urlopen(request, timeout=10) as response:
        return response.read().decode("utf-8", "replace")


def loaded(address: str, path: str) -> set[str]:
    """Load the style sheets, scripts and pictures of a page of ours, and return their names."""
    page = get(f"{address}{path}", "text/html")
    assets = set(re.findall(r'(?:src|href)="([^"]*/assets/[^"]+)"', page))
    assert all(get(f"{address}{asset}") for asset in assets)
    return {asset.rpartition("/")[2] for asset in assets}


def ask(address: str, query: str) -> dict:
    request = urllib.request.Request(
        f"{address}/graphql",
        json.dumps({"query": query}).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=10) as response:
        return json.load(response)


def say(text: str) -> None:
    print(text.strip(), flush=True)


if __name__ == "__main__":
    main()

"""Put the clock of a serving process forward and back, and see whom that lets in or keeps out.

The process runs under libfaketime, which reads how far off its clock is from a file; what measures
durations is left alone, as on a machine whose clock is set.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.durability.registry import CREATE_KEY, CREATE_ME, USER, Registry
from tests.durability.server import Server

LIBRARIES = "lib/*/faketime/libfaketimeMT.so.1"
HOUR, YEAR = 3_600, 365 * 86_400
# A step each: forward an hour and back, forward a year and back.
OFFSETS = (HOUR, 0, YEAR, 0)
# What the settings allow without a word: tries to log in, and the seconds until all are back.
MAX_TRIES, WINDOW_S = 10, 300
GUESSES = 14
PAGE = 3

LOG_IN = "query ($n: String!, $p: String!) { login(username: $n, password: $p) }"
ME = "{ me { username } }"
NEWEST = """
query ($offset: Int!) {
  latestPackages(offSet: $offset, limit: 3) { packages { identifier { packageSlug } createdAt } }
}
"""
CREATE_LABEL = """
mutation ($label: CreateCustomCatalogLabelInput!) {
  customCatalogLabel { createCustomCatalogLabel(label: $label) { name } }
}
"""
LABELS = """
query ($after: Cursor) {
  customCatalogLabel {
    searchLabels(first: 3, after: $after) {
      pageInfo { hasNextPage endCursor } edges { node { name } }
    }
  }
}
"""


@dataclass(slots=True)
class Figures:
    """What the steps showed.

    Attributes:
        evaluated: after each step, how many wrong guesses were looked at before one was refused.
        retry_s: after each step, how long the guesser was told to wait.
    """

    evaluated: list[int] = field(default_factory=list)
    retry_s: list[int] = field(default_factory=list)
    pages: int = 0
    troubles: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{len(OFFSETS)} steps (±1 h, ±1 y): of {GUESSES} guesses after each "
            f"{'/'.join(map(str, self.evaluated))} were looked at, then at most "
            f"{max(self.retry_s)} s to wait; session and key held where the clock let them, "
            f"{self.pages} pages without a gap or a repetition"
        )


def library() -> Path | None:
    """Return libfaketime, in the form for programs with threads."""
    return next(iter(sorted(Path("/usr").glob(LIBRARIES))), None)


def why_not() -> str | None:
    """Return why clocks cannot be put forward on this machine, or None."""
    return None if library() else "libfaketime is not installed; Debian has it as faketime."


class Clock:
    """The clock of a process."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "offset"
        self.set(0)

    def set(self, offset_s: int) -> None:
        """Put the clock *offset_s* before the right time, or behind it."""
        unfinished = self._file.with_suffix(".new")
        unfinished.write_text(f"{offset_s:+d}\n")
        unfinished.replace(self._file)

    @property
    def environment(self) -> dict[str, str]:
        """What makes a process go by this clock."""
        return {
            "LD_PRELOAD": str(library()),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "LITEREG_PASSWORD_COST": "4",
        }


class Client:
    """Somebody who asks, and looks at the answers."""

    def __init__(self, server: Server, headers: dict[str, str] | None = None) -> None:
        self._server = server
        self._headers = {"Content-Type": "application/json", **(headers or {})}

    def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        """Return the body of an answer."""
        with closing(self._server.connect()) as connection:
            body = json.dumps({"query": query, "variables": variables})
            connection.request("POST", "/graphql", body, self._headers)
            return json.loads(connection.getresponse().read())

    def done(self, query: str, **variables: Any) -> dict[str, Any]:
        """Return the data of an answer that must be without errors."""
        answer = self.ask(query, **variables)
        assert "errors" not in answer, answer
        return answer["data"]


def step_the_clock(folder: Path) -> Figures:
    """Serve a registry in *folder*, step its clock, and return the figures."""
    figures = Figures()
    clock = Clock(folder)
    command = Registry().command(folder / "clock.db")
    server = Server(command, clock.environment)
    try:
        session, key = _accounts(server)
        _publish(key, 0)
        for number, offset in enumerate(OFFSETS, 1):
            first = key.done(LABELS)["customCatalogLabel"]["searchLabels"]
            clock.set(offset)
            _publish(key, number)
            _hold_sessions(session, offset, number, figures)
            _page(key, first, number, figures)
            _guess(server, number, figures)
        if any("Traceback" in line for line in server.said):
            figures.troubles.append("a traceback in the log")
    finally:
        server.kill()
    return figures


def _accounts(server: Server) -> tuple[Client, Client]:
    """Return clients with the session and the key of the first user; make the one to guess at."""
    nobody = Client(server)
    token = nobody.done(CREATE_ME, value=USER)["createMe"]
    other = {"username": "guessed", "emailAddress": "g@example.org", "password": "hard to guess 1"}
    nobody.done(CREATE_ME, value=other)
    session = Client(server, {"Authorization": f"Bearer {token}"})
    scopes = ["MANAGE_API_KEYS", "READ_PRIVATE_ASSETS", "MANAGE_PRIVATE_ASSETS"]
    made = session.done(CREATE_KEY, value={"label": "clock", "scopes": scopes})["createAPIKey"]
    secret = base64.b64encode(f"{made['id']}.{made['secret']}".encode()).decode()
    return session, Client(server, {"X-API-Key": secret})


def _publish(key: Client, number: int) -> None:
    """Make some packages and labels by this clock."""
    create = """
    mutation ($value: CreatePackageInput!) { createPackage(value: $value) { displayName } }
    """
    for place in range(PAGE):
        slug = f"step-{number}-{place}"
        value = {"catalogSlug": USER["username"], "packageSlug": slug, "displayName": slug}
        key.done(create, value=value)
        key.done(CREATE_LABEL, label={"name": slug, "description": ""})


def _hold_sessions(session: Client, offset: int, number: int, figures: Figures) -> None:
    """See whether a session of a day ends within the year, and not within the hour."""
    holds = "errors" not in session.ask(ME)
    if holds is (offset == YEAR):
        word = "holds" if holds else "has ended"
        figures.troubles.append(f"step {number}: the session {word} at {offset:+d} s")


def _page(key: Client, first: dict[str, Any], number: int, figures: Figures) -> None:
    """Go through all packages and labels, each page asked for by what the one before it said."""
    labels = [edge["node"]["name"] for edge in first["edges"]]
    page = first
    while page["pageInfo"]["hasNextPage"]:
        after = page["pageInfo"]["endCursor"]
        page = key.done(LABELS, after=after)["customCatalogLabel"]["searchLabels"]
        labels += [edge["node"]["name"] for edge in page["edges"]]
        figures.pages += 1
    packages = []
    for found in _packages(key):
        packages += found
        figures.pages += 1
    for what, names in (("packages", packages), ("labels", labels)):
        expected = {f"step-{n}-{place}" for n in range(number + 1) for place in range(PAGE)}
        # Labels that were made between two pages may come before the place where the second begins.
        missing = expected - set(names) if what == "packages" else set()
        if missing or len(set(names)) != len(names):
            figures.troubles.append(f"step {number}: {what} are missing or repeated in pages")


def _packages(key: Client) -> Iterator[list[str]]:
    offset = 0
    while found := key.done(NEWEST, offset=offset)["latestPackages"]["packages"]:
        yield [package["identifier"]["packageSlug"] for package in found]
        offset += PAGE


def _guess(server: Server, number: int, figures: Figures) -> None:
    """Guess at a password until the guesses are refused."""
    nobody = Client(server)
    evaluated, waits = 0, []
    for guess in range(GUESSES):
        (error,) = nobody.ask(LOG_IN, n="guessed", p=f"wrong guess {guess}")["errors"]
        if "TOO_MANY_TRIES" in error["message"]:
            waits.append(error["extensions"]["retryAfterSeconds"])
        else:
            evaluated += 1
    figures.evaluated.append(evaluated)
    figures.retry_s.append(max(waits, default=0))
    if evaluated > MAX_TRIES:
        figures.troubles.append(f"step {number}: {evaluated} guesses were looked at")
    if not waits or max(waits) > WINDOW_S:
        figures.troubles.append(f"step {number}: a guesser waits {max(waits, default=0)} s")

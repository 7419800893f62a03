"""Whether the time that a log-in takes tells who has an account."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from statistics import NormalDist, median

from litereg.app import Registry
from litereg.gql.engine import Request
from litereg.registry.administration import service as administration
from litereg.store import Command
from tests.client import People
from tests.fuzz.watched import SETTINGS
from tests.trust.table import Figure

LOGIN = "mutation ($n: String!, $p: String!) { login(username: $n, password: $p) }"
# Some 20 ms: dear enough to hide nothing else behind it.
COST = 8
TRIES = 30
MAX_DIFFERENCE = 0.1
MIN_P = 0.01
FORGET_PASSWORD = Command("UPDATE user SET password_hash = NULL WHERE username_key = 'cyd'")
WRONG = "wrong horse 1"
# Kind of log-in → the name and the password that are tried.
KINDS = {
    "a wrong password": ("ann", WRONG),
    "an unknown name": ("nobody", WRONG),
    "a suspended user": ("bob", WRONG),
    "a user without a password": ("cyd", WRONG),
    "a long password": ("ann", "é" * 99),
    "a long password for nobody": ("nobody", "é" * 99),
}


def measure(folder: Path) -> Figure:
    """Measure; once more when chance spoke against it, as it does once in twenty times."""
    first = asyncio.run(times(folder / "first.db"))
    figure = judge(first)
    if figure.is_met:
        return figure
    return judge(asyncio.run(times(folder / "second.db")))


def judge(taken: dict[str, list[float]]) -> Figure:
    """Compare the ordinary kind with each other."""
    usual, *others = taken
    medians = {kind: median(values) for kind, values in taken.items()}
    spread = max(medians.values()) / min(medians.values()) - 1
    smallest, kind = min((mann_whitney(taken[usual], taken[kind]), kind) for kind in others)
    text = (
        f"{len(taken)} kinds, {TRIES} of each: medians within {spread:.1%}, smallest p "
        f"{smallest:.3f} ({kind})"
    )
    return Figure(text, spread <= MAX_DIFFERENCE and smallest > MIN_P)


async def times(path: Path) -> dict[str, list[float]]:
    """Return how long each kind of log-in took, in seconds; one after another in any order."""
    registry = await Registry.open(replace(SETTINGS, db=str(path), password_cost=COST))
    people = People(registry)
    for name in ("ann", "bob", "cyd"):
        await people(name)
    await registry.database.write(administration.suspend, "bob", 0)
    await registry.database.write(lambda tx: tx.run(FORGET_PASSWORD))
    taken: dict[str, list[float]] = {kind: [] for kind in KINDS}
    order = [kind for kind in KINDS for _ in range(TRIES)]
    Random(7).shuffle(order)
    bodies = set()
    for kind in [*KINDS, *order]:
        name, password = KINDS[kind]
        request = Request(LOGIN, None, {"n": name, "p": password}, address="203.0.113.9")
        # What it works, not what it waits: the disk and other processes know nothing of users.
        started = time.process_time()
        answer = await registry.engine.answer(request, None, "trust")
        taken[kind].append(time.process_time() - started)
        bodies.add(json.dumps([answer.status, answer.body], sort_keys=True))
    await registry.close()
    assert len(bodies) == 1, bodies
    # The first of each kind has to make what the others find.
    return {kind: values[1:] for kind, values in taken.items()}


def mann_whitney(a: Sequence[float], b: Sequence[float]) -> float:
    """Return how likely it is that *a* and *b*, some 20 or more each, are drawn from one source.

    Source: the rank sum test of Mann and Whitney, two-sided, by its normal approximation.
    """
    ranked = sorted((value, which) for which, values in enumerate((a, b)) for value in values)
    ranks = sum(rank for rank, (_, which) in enumerate(ranked, 1) if which == 0)
    u = ranks - len(a) * (len(a) + 1) / 2
    mean = len(a) * len(b) / 2
    deviation = (len(a) * len(b) * (len(a) + len(b) + 1) / 12) ** 0.5
    return 2 * NormalDist().cdf(-abs(u - mean) / deviation)

"""Play scenarios on servers in turn, and make figures of what the clients wrote down.

The turns of the servers alternate, A B A B, so that whatever else the machine does meets all alike;
ratios are taken between neighbours and only then is their median taken.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from http.client import HTTPConnection
from typing import Any

import orjson

from tests.bench.dataset import Dataset
from tests.bench.scenarios import Request, Scenario, Turn
from tests.bench.servers import ROOT, Running


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured.

    Attributes:
        rounds: turns of each server that count.
        seconds: how long a turn lasts.
        connections: how many clients there are.
    """

    rounds: int = 5
    seconds: float = 1.0
    connections: int = 32

    def turn(self, number: int) -> Turn:
        """Return one turn of this plan."""
        return Turn(number, self.seconds, self.connections)


@dataclass(frozen=True, slots=True)
class Sample:
    """What one group of clients saw in one turn; times in milliseconds, rate in requests/s."""

    rate: float
    median: float
    p99: float
    count: int
    failed: int


@dataclass(slots=True)
class Figures:
    """What was measured of one server in one scenario.

    Attributes:
        server: its name.
        groups: group of clients → its samples, a turn each.
        cpu_us: processor time for each request, in microseconds, a turn each.
        memory_mib: what it held in memory at the end.
    """

    server: str
    groups: dict[str, list[Sample]] = field(default_factory=lambda: defaultdict(list))
    cpu_us: list[float] = field(default_factory=list)
    memory_mib: float = 0.0

    @property
    def failed(self) -> int:
        """How many requests were refused or not answered well."""
        return sum(sample.failed for samples in self.groups.values() for sample in samples)

    def rates(self, group: str) -> list[float]:
        """Return the requests a second, a turn each."""
        return [sample.rate for sample in self.groups[group]]


@dataclass(frozen=True, slots=True)
class Entry:
    """A server in a comparison, and what it serves."""

    server: Running
    dataset: Dataset
    name: str = ""


def compare(scenario: Scenario, entries: Sequence[Entry], plan: Plan) -> list[Figures]:
    """Play *scenario* on all of *entries* in turn."""
    return play_in_turn([(scenario, entry) for entry in entries], plan)


def play_in_turn(parts: Sequence[tuple[Scenario, Entry]], plan: Plan) -> list[Figures]:
    """Play each scenario on what it comes with, all of them in turn."""
    figures = [Figures(entry.name or entry.server.name) for _, entry in parts]
    turns = [(*part, found) for part, found in zip(parts, figures, strict=True)]
    for scenario, entry in parts:
        # What is loaded, compiled or cached at the first requests is not what is measured.
        play(scenario, entry, plan.turn(0))
    for number in range(1, plan.rounds + 1):
        for scenario, entry, found in turns if number % 2 else reversed(turns):
            play(scenario, entry, plan.turn(number), found)
    for _, entry, found in turns:
        found.memory_mib = entry.server.resident_mib()
    return figures


def play(scenario: Scenario, entry: Entry, turn: Turn, found: Figures | None = None) -> None:
    """Play one turn of *scenario* and add to *found*."""
    job = {
        "port": entry.server.port,
        "seconds": turn.seconds,
        "groups": [
            {
                "name": group.name,
                "connections": group.connections,
                "once": group.once,
                "requests": [asdict(request) for request in group.requests],
            }
            for group in scenario.groups(entry.dataset, turn)
        ],
    }
    before = entry.server.cpu_s()
    report = run_client(job)
    spent = entry.server.cpu_s() - before
    if found is None:
        return
    total = sum(group["count"] for group in report["groups"])
    found.cpu_us.append(spent / max(1, total) * 1e6)
    for group in report["groups"]:
        found.groups[group["name"]].append(_sample(group))


def run_client(job: dict[str, Any]) -> dict[str, Any]:
    """Do *job* in a process of its own; see `tests.bench.client`."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.client"],
        cwd=ROOT,
        input=json.dumps(job).encode(),
        stdout=subprocess.PIPE,
        check=True,
    )
    return orjson.loads(done.stdout)


def answer(server: Running, request: Request) -> Any:
    """Return what *server* answers to one request."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=60)
    try:
        headers = {"Content-Type": "application/json", **request.headers}
        connection.request("POST", "/graphql", request.body, headers)
        response = connection.getresponse()
        return orjson.loads(response.read())
    finally:
        connection.close()


def different(request: Request, servers: Sequence[Running]) -> dict[str, Any]:
    """Return the answers to *request* by server that differ from the first one's.

    An answer that is not of data alone differs even if all servers agree on it.
    """
    answers = {server.name: answer(server, request) for server in servers}
    expected = answers[servers[0].name]
    if set(expected) != {"data"}:
        return answers
    return {name: found for name, found in answers.items() if found != expected}


def ratio(numerators: Sequence[float], denominators: Sequence[float]) -> float:
    """Return the median of the ratios of what was measured next to each other."""
    pairs = zip(numerators, denominators, strict=True)
    return statistics.median(a / b if b else float("inf") for a, b in pairs)


def percentile(ordered: Sequence[float], part: float) -> float:
    """Return the value below which *part* (0 to 1) of the *ordered* values lie."""
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]


def _sample(group: dict[str, Any]) -> Sample:
    ordered = sorted(us / 1_000 for us in group["latencies_us"]) or [float("nan")]
    return Sample(
        rate=group["count"] / group["seconds"] if group["seconds"] else 0.0,
        median=percentile(ordered, 0.5),
        p99=percentile(ordered, 0.99),
        count=group["count"],
        failed=group["failed"],
    )

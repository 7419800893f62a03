"""Offer a server more than it can do, and then what it can do for a long time.

What it can do is measured first, on the machine as it is at that moment; both loads are multiples
of that. The load is a mix of what people do: opening, searching and browsing, and a change among
every twenty requests.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from tests.bench import dataset as made
from tests.bench import scenarios
from tests.bench.dataset import Dataset
from tests.bench.measure import percentile
from tests.durability.server import ROOT, Server

# Few enough to fit into the caches of all connections, which then stop growing.
PACKAGES = 600
# Out of twenty requests; what is left are changes.
OPENED, SEARCHED, COMMON, BROWSED, CHANGED = 8, 4, 3, 4, 1
MIX = 4_000
FEW, SOAKING, MANY = 16, 64, 900

OVERLOAD = 5.0
MAX_P99_MS = 1_000.0
MIN_GOODPUT = 0.8

SOAK_SHARE = 0.5
SAMPLE_S = 2.0
WARM_UP_S = 40.0
# Memory goes on to settle for a while when the load becomes less.
SETTLING_SHARE = 0.4
MAX_SLOPE_MIB = 1.0
SLOPE_S = 600.0
MAX_LOG_MIB = 64.0
MAX_FILES_GAINED = 2


@dataclass(slots=True)
class Answers:
    """What came back of one load."""

    offered: int
    seconds: float
    statuses: Counter[str]
    latencies_ms: list[float]
    without_retry_after: int
    refused_by_api: int
    broken: int

    @property
    def rate(self) -> float:
        """How many requests a second were answered with 200."""
        return len(self.latencies_ms) / self.seconds

    @property
    def p99_ms(self) -> float:
        """The time that all but one in a hundred of those took at most."""
        return percentile(self.latencies_ms, 0.99) if self.latencies_ms else float("inf")

    @property
    def troubles(self) -> list[str]:
        """What must not be, however much is offered."""
        found = []
        other = {s: n for s, n in self.statuses.items() if s not in ("200", "503")}
        if other:
            found.append(f"answers with other statuses: {other}")
        if self.without_retry_after:
            found.append(f"{self.without_retry_after} answers 503 without Retry-After")
        if self.refused_by_api:
            found.append(f"{self.refused_by_api} answers with errors")
        if self.broken:
            found.append(f"{self.broken} connections broken off")
        return found


@dataclass(slots=True)
class Overload:
    """What an overload showed."""

    times: float
    peak: float
    answers: Answers
    troubles: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        answers = self.answers
        return (
            f"offered {answers.offered / answers.seconds:.0f} requests/s for "
            f"{answers.seconds:.0f} s, {self.times:g} times the peak of {self.peak:.0f}: "
            f"{answers.statuses['200']} answered, p99 {answers.p99_ms:.0f} ms, "
            f"{answers.statuses['503']} turned away (503), goodput {answers.rate / self.peak:.0%}"
        )


@dataclass(frozen=True, slots=True)
class Sample:
    """What a process holds at one moment."""

    at_s: float
    memory_mib: float
    files: int
    log_mib: float


@dataclass(slots=True)
class Soak:
    """What a long load showed."""

    answers: Answers
    samples: list[Sample]
    troubles: list[str] = field(default_factory=list)

    @property
    def slope_mib(self) -> float:
        """How much the memory grew in SLOPE_S, by least squares."""
        at = [sample.at_s for sample in self.samples]
        memory = [sample.memory_mib for sample in self.samples]
        return statistics.linear_regression(at, memory).slope * SLOPE_S

    @property
    def files_gained(self) -> int:
        """How many more files were open at the end than when it was warm."""
        return self.samples[-1].files - self.samples[0].files

    def __str__(self) -> str:
        answers = self.answers
        failed = sum(n for status, n in answers.statuses.items() if status[0] == "5")
        return (
            f"{answers.offered} requests in {answers.seconds:.0f} s: {failed} answers with 5xx, "
            f"p99 {answers.p99_ms:.0f} ms; memory {self.samples[0].memory_mib:.0f} MiB warm, "
            f"{self.samples[-1].memory_mib:.0f} at the end, {self.slope_mib:+.2f} MiB in 10 min; "
            f"{self.files_gained:+d} files; log at most "
            f"{max(sample.log_mib for sample in self.samples):.1f} MiB"
        )


def overload(folder: Path, seconds: float = 15.0, times: float = OVERLOAD) -> Overload:
    """Offer *times* what the server can do, for *seconds*."""
    with serving(folder) as (server, dataset):
        load = mix(dataset)
        peak = peak_of(server, load)
        answers = offer(server, load, peak * times, seconds, MANY)
        after = offer(server, load, peak / 4, 2.0, FEW)
    figures = Overload(times, peak, answers, [*answers.troubles, *after.troubles])
    if after.statuses["503"]:
        figures.troubles.append("refusals after the overload was over")
    if answers.p99_ms > MAX_P99_MS:
        figures.troubles.append(f"p99 of what was accepted over {MAX_P99_MS:.0f} ms")
    if answers.rate < MIN_GOODPUT * peak:
        figures.troubles.append(f"goodput under {MIN_GOODPUT:.0%}")
    return figures


def soak(folder: Path, seconds: float = 100.0) -> Soak:
    """Offer a part of what the server can do, for *seconds*, and watch what it holds."""
    with serving(folder) as (server, dataset):
        load = mix(dataset)
        rate = peak_of(server, load) * SOAK_SHARE
        # Until its caches have filled, a server takes what it may take.
        offer(server, load, 20_000, WARM_UP_S, SOAKING)
        with sampling(server, dataset.path) as samples:
            answers = offer(server, load, rate, seconds, SOAKING)
    settled = samples[int(len(samples) * SETTLING_SHARE) :]
    figures = Soak(answers, settled, answers.troubles)
    if failed := answers.statuses["503"]:
        figures.troubles.append(f"{failed} turned away (503) at {SOAK_SHARE:g} of the peak")
    if figures.slope_mib > MAX_SLOPE_MIB:
        figures.troubles.append(f"memory grows by more than {MAX_SLOPE_MIB:g} MiB in 10 min")
    if figures.files_gained > MAX_FILES_GAINED:
        figures.troubles.append("files are opened and not closed")
    if max(sample.log_mib for sample in samples) > MAX_LOG_MIB:
        figures.troubles.append(f"the write-ahead log grew beyond {MAX_LOG_MIB:.0f} MiB")
    return figures


@contextmanager
def serving(folder: Path) -> Iterator[tuple[Server, Dataset]]:
    """Serve a registry of some size inside the block."""
    dataset = made.present(folder, PACKAGES, password_cost=4).copy(folder)
    command = [sys.executable, "-m", "litereg", "serve", "--db", str(dataset.path), "--port", "0"]
    server = Server(command)
    try:
        yield server, dataset
        if any("Traceback" in line for line in server.said):
            raise server.complaint("a traceback in the log")
    finally:
        server.kill()


def mix(dataset: Dataset) -> list[scenarios.Request]:
    """Return what people do, in an order that is always the same."""
    random = Random(1)
    turn = scenarios.Turn(1, 1.0, FEW)
    kinds = [
        scenarios.opened(dataset),
        scenarios.searches(dataset),
        [group.requests[0] for group in scenarios.search_common(dataset, turn)],
        scenarios.browsed(dataset),
        scenarios.updated(dataset, turn),
    ]
    shares = [OPENED, SEARCHED, COMMON, BROWSED, CHANGED]
    return [random.choice(kind) for kind in random.choices(kinds, shares, k=MIX)]


def peak_of(server: Server, load: list[scenarios.Request]) -> float:
    """Return how many requests a second the server can do: the best of a few tries."""
    offer(server, load, 20_000, 2.0, FEW)
    return max(offer(server, load, 20_000, 2.0, FEW).rate for _ in range(3))


def offer(
    server: Server, load: list[scenarios.Request], rate: float, seconds: float, connections: int
) -> Answers:
    """Offer *rate* requests a second; see `tests.durability.load`."""
    job: dict[str, Any] = {
        "port": server.port,
        "rate": rate,
        "seconds": seconds,
        "connections": connections,
        "requests": [{"body": request.body, "headers": request.headers} for request in load],
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.durability.load"],
        cwd=ROOT,
        input=json.dumps(job).encode(),
        stdout=subprocess.PIPE,
        check=True,
    )
    told = json.loads(done.stdout)
    return Answers(
        offered=told["offered"],
        seconds=told["seconds"],
        statuses=Counter(told["statuses"]),
        latencies_ms=sorted(told["latencies_ms"]),
        without_retry_after=told["without_retry_after"],
        refused_by_api=told["refused_by_api"],
        broken=told["broken"],
    )


@contextmanager
def sampling(server: Server, database: Path) -> Iterator[list[Sample]]:
    """Look at the process again and again inside the block."""
    samples: list[Sample] = []
    over = threading.Event()
    begin = time.monotonic()

    def look() -> None:
        while not over.wait(SAMPLE_S):
            samples.append(_sample(server.pid, database, time.monotonic() - begin))

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield samples
    finally:
        over.set()
        watcher.join()


def _sample(pid: int, database: Path, at_s: float) -> Sample:
    status = Path(f"/proc/{pid}/status").read_text()
    resident_kib = next(int(s.split()[1]) for s in status.splitlines() if s.startswith("VmRSS:"))
    files = sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())
    log = database.with_name(database.name + "-wal")
    log_bytes = log.stat().st_size if log.exists() else 0
    return Sample(at_s, resident_kib / 1024, files, log_bytes / 2**20)

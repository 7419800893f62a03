"""A disk that takes its time for every sync, under writers and a reader.

Writers wait for the disk, as they must; readers wait for nothing, and writers share their waiting.
"""

from __future__ import annotations

import threading
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.measure import percentile
from tests.durability import power_cuts
from tests.durability.power_cuts import compile_library
from tests.durability.registry import Registry
from tests.durability.server import Server
from tests.durability.writers import Writers
from tests.durability.writes import Contents

WRITERS = 16
SYNC_MS = 300
WRITES = 200
MAX_READ_MS = 100.0

why_not = power_cuts.why_not


@dataclass(slots=True)
class Figures:
    """What the slow disk showed."""

    seconds: float = 0.0
    acknowledged: int = 0
    reads_ms: list[float] = field(default_factory=list)
    contents: Contents = field(default_factory=Contents)
    troubles: list[str] = field(default_factory=list)

    @property
    def a_sync(self) -> float:
        """How many writes were acknowledged in the time that one sync takes."""
        return self.acknowledged / (self.seconds * 1000 / SYNC_MS)

    def __str__(self) -> str:
        return (
            f"every sync takes {SYNC_MS} ms: {self.acknowledged} writes acknowledged, "
            f"{self.a_sync:.1f} in the time of a sync; {len(self.reads_ms)} reads meanwhile, p99 "
            f"{percentile(sorted(self.reads_ms), 0.99):.0f} ms"
        )


def bear_slow_syncs(folder: Path) -> Figures:
    """Serve a registry in *folder* from a slow disk, and return the figures."""
    library = compile_library(folder, "slow_sync")
    database = folder / "slow.db"
    figures = Figures()
    subject = Registry()
    slow = {"LD_PRELOAD": str(library), "SLOW_SYNC_MS": str(SYNC_MS)}
    server = Server(subject.command(database), slow)
    try:
        subject.introduce(server.connect())
        over = threading.Event()
        reader = threading.Thread(target=_read, args=(server, over, figures))
        reader.start()
        begin = time.monotonic()
        try:
            with Writers(subject, server, WRITERS) as writers:
                writers.wait_for(WRITES)
                figures.seconds = time.monotonic() - begin
                figures.acknowledged = len(writers.acknowledged)
        finally:
            over.set()
            reader.join()
    finally:
        server.kill()
    figures.contents = subject.read_back(database)
    _judge(figures, writers)
    return figures


def _read(server: Server, over: threading.Event, figures: Figures) -> None:
    """Read something that writers change, again and again."""
    with closing(server.connect()) as connection:
        while not over.wait(0.02):
            begin = time.monotonic()
            connection.request(
                "POST",
                "/graphql",
                '{"query": "{ latestPackages(offSet: 0, limit: 5) { count } }"}',
                {"Content-Type": "application/json"},
            )
            connection.getresponse().read()
            figures.reads_ms.append((time.monotonic() - begin) * 1000)


def _judge(figures: Figures, writers: Writers) -> None:
    if lost := writers.acknowledged.keys() - figures.contents.whole:
        figures.troubles.append(f"lost {sorted(lost)[:3]}")
    if figures.contents.torn or figures.contents.damage:
        figures.troubles.append(f"torn {sorted(figures.contents.torn)[:3]}")
    if percentile(sorted(figures.reads_ms), 0.99) > MAX_READ_MS:
        figures.troubles.append("reads wait for the disk")
    if figures.a_sync < 2:
        figures.troubles.append("writers do not share their syncs")

"""Kill a serving process with SIGKILL under load, start it again, and look for what it promised.

What is served, and how it is written to and read back, is the business of a `Subject`; see
`registry.py` for litereg's own. A kill loses nothing that was handed to the kernel, so this rig
cannot see a missing sync (see `power_cuts.py`); it sees answers given before the commit, half-done
recovery, and a start that a crash has spoiled.
"""

from __future__ import annotations

import shutil
import statistics
import time
from collections.abc import Collection, Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from random import Random
from typing import Protocol

from tests.durability.server import Server
from tests.durability.writes import Contents

WRITERS = 8
SHORTEST_RUN_S = 0.15
LONGEST_RUN_S = 0.6


class Subject(Protocol):
    """How to start a server, to write to it and to read back what was written.

    A write is known by its name, which says everything about it.
    """

    def command(self, database: Path) -> list[str]:
        """Return the command that serves *database* and prints its address once it listens."""

    def greet(self, connection: HTTPConnection) -> None:
        """Get any answer from the server."""

    def introduce(self, connection: HTTPConnection) -> None:
        """Prepare a server that has just been started on a new file: accounts, keys."""

    def writes(self, label: str) -> Iterator[str]:
        """Return the names of endless writes, in order; *label* makes them unique."""

    def send(self, connection: HTTPConnection, name: str) -> None:
        """Make the write called *name* and return when it was acknowledged.

        Raises:
            OSError, HTTPException: no answer came.
            AssertionError: the answer was a refusal.
        """

    def found(self, connection: HTTPConnection, names: Collection[str]) -> set[str]:
        """Return the writes that the server says are there whole: *names* at least, if they are."""

    def read_back(self, database: Path) -> Contents:
        """Return what the file holds, read without the server."""


@dataclass(slots=True)
class Figures:
    """What the kills showed.

    Attributes:
        starts_s: seconds from each start to the first answer.
        sent: the names of all writes that were begun.
        acknowledged: of those, the ones that were answered before the kill.
        lost_to_api: acknowledged writes that the restarted server does not know.
        contents: what plain SQLite found after the last kill.
    """

    seed: int
    cycles: int = 0
    starts_s: list[float] = field(default_factory=list)
    sent: set[str] = field(default_factory=set)
    acknowledged: set[str] = field(default_factory=set)
    lost_to_api: set[str] = field(default_factory=set)
    contents: Contents = field(default_factory=Contents)

    @property
    def lost(self) -> set[str]:
        """Acknowledged writes that are missing, from the file or from the server's answers."""
        return (self.acknowledged - self.contents.whole) | self.lost_to_api

    @property
    def unasked(self) -> set[str]:
        """Writes that are there and that nobody made."""
        return self.contents.whole - self.sent

    def __str__(self) -> str:
        return (
            f"kill -9, seed {self.seed}: {self.cycles} cycles, {WRITERS} writers, "
            f"{len(self.acknowledged)} writes acknowledged, "
            f"{len(self.sent) - len(self.acknowledged)} cut off: {len(self.lost)} lost, "
            f"{len(self.contents.torn)} torn, {len(self.unasked)} unasked, "
            f"integrity {self.contents.damage or 'ok'}; restart p50 "
            f"{statistics.median(self.starts_s):.2f} s, max {max(self.starts_s):.2f} s"
        )


def kill_repeatedly(folder: Path, cycles: int, writes: int, seed: int, subject: Subject) -> Figures:
    """Kill the server again and again under writers, and return the figures.

    It is killed at least *cycles* times, and until *writes* writes were acknowledged, so that a
    slow machine shows as much as a fast one.
    """
    random = Random(seed)
    figures = Figures(seed)
    database = folder / "killed.db"
    with ThreadPoolExecutor(WRITERS) as pool:
        while figures.cycles < cycles or len(figures.acknowledged) < writes:
            with started(subject, database, figures) as server:
                if figures.cycles == 0:
                    subject.introduce(server.connect())
                write_and_kill(server, subject, pool, random, f"k{figures.cycles}", figures)
            figures.cycles += 1
        figures.contents = read_copy(database, folder / "copy", subject)
        with started(subject, database, figures) as server:
            figures.lost_to_api = figures.acknowledged - found(server, subject, pool, figures.sent)
    return figures


@contextmanager
def started(subject: Subject, database: Path, figures: Figures) -> Iterator[Server]:
    """Serve *database* for a while, and note how long the start took."""
    begin = time.monotonic()
    server = Server(subject.command(database))
    try:
        subject.greet(server.connect())
        figures.starts_s.append(time.monotonic() - begin)
        yield server
    finally:
        server.kill()


def write_and_kill(
    server: Server,
    subject: Subject,
    pool: ThreadPoolExecutor,
    random: Random,
    label: str,
    figures: Figures,
) -> None:
    """Let the writers run for a moment, kill the server, and note what they had been told."""
    writers = [
        pool.submit(write_until_cut_off, subject, server.connect(), f"{label}-{number}")
        for number in range(WRITERS)
    ]
    run_s = random.uniform(SHORTEST_RUN_S, LONGEST_RUN_S)
    ended_early = wait(writers, run_s, return_when=FIRST_COMPLETED).done
    server.kill()
    for writer in writers:
        if (refusal := writer.exception()) is not None:
            raise server.complaint("a write was refused") from refusal
        sent, acknowledged = writer.result()
        figures.sent |= sent
        figures.acknowledged |= acknowledged
    if ended_early:
        raise server.complaint("the server broke off before it was killed")


def write_until_cut_off(
    subject: Subject, connection: HTTPConnection, label: str
) -> tuple[set[str], set[str]]:
    """Write until the connection breaks; return what was sent and what was acknowledged."""
    sent, acknowledged = set(), set()
    with closing(connection):
        for name in subject.writes(label):
            sent.add(name)
            try:
                subject.send(connection, name)
            except (OSError, HTTPException):
                break
            acknowledged.add(name)
    return sent, acknowledged


def read_copy(database: Path, copy: Path, subject: Subject) -> Contents:
    """Return what plain SQLite finds, in a copy: the server is to recover the file itself."""
    copy.mkdir()
    for file in database.parent.glob(f"{database.name}*"):
        shutil.copy(file, copy)
    return subject.read_back(copy / database.name)


def found(server: Server, subject: Subject, pool: ThreadPoolExecutor, sent: set[str]) -> set[str]:
    """Return those of the writes *sent* that the server knows."""
    names = sorted(sent)
    share = -(-len(names) // WRITERS)
    shares = [names[start : start + share] for start in range(0, len(names), share)]
    return set().union(*pool.map(lambda some: subject.found(server.connect(), some), shares))

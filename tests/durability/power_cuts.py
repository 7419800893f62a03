"""Cut the power of a writing process at random moments, and look for acknowledged writes.

The writer runs under `recorder.c`, so every change of its files and every sync is known. For each
cut, `disk.py` says what a disk that keeps only its promises may hold at that moment; plain SQLite
opens it; and every write that had been acknowledged by then must be there whole. Then the writer
starts again on what one of the cuts left, and its power is cut again.

A real machine is not needed, and would show less: it seldom loses what it may lose.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Set
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.durability.disk import SURVIVORS, Disk, Entry, read_log
from tests.durability.writes import Contents, read_back

HERE = Path(__file__).parent
DATABASE = "power.db"
TASKS = 8
WRITES_PER_TASK = 60
CUTS_PER_START = 25
STARTS_PER_LIFE = 4
# Opening (creation, migration, recovery) and closing (the last checkpoint) are short and delicate:
# a quarter of the cuts falls into this many calls at either end.
EDGE = 120


@dataclass(slots=True)
class Figures:
    """What the cuts showed.

    Attributes:
        acknowledged: writes that the writers were told are safe.
        refused: writes that failed on purpose.
        compared: writes that had to be there, summed over the cuts.
        lost: of those, how many were not there whole.
        torn: writes that were there in part.
        unasked: writes that were there and had been refused.
        corrupt: files that SQLite could not open or found unsound.
        troubles: one line for each cut that showed any of these.
    """

    synchronous: str
    seed: int
    cuts: int = 0
    acknowledged: int = 0
    refused: int = 0
    compared: int = 0
    lost: int = 0
    torn: int = 0
    unasked: int = 0
    corrupt: int = 0
    troubles: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"power cuts, synchronous={self.synchronous}, seed {self.seed}: {self.cuts} cuts, "
            f"{self.acknowledged} writes acknowledged, {self.refused} refused, "
            f"{self.compared} looked for: {self.lost} lost, {self.torn} torn, "
            f"{self.unasked} unasked, {self.corrupt} corrupt"
        )

    def compare(
        self, contents: Contents, expected: Set[str], allowed: Set[str], where: str
    ) -> None:
        """Count what one cut showed: writes that must be there, and those that may."""
        lost = expected - contents.whole
        unasked = contents.whole - allowed
        self.cuts += 1
        self.compared += len(expected)
        self.lost += len(lost)
        self.torn += len(contents.torn)
        self.unasked += len(unasked)
        self.corrupt += contents.damage is not None
        if lost or contents.torn or unasked or contents.damage:
            self.troubles.append(
                f"{where}: {len(lost)} of {len(expected)} lost {sorted(lost)[:3]}, "
                f"torn {sorted(contents.torn)[:3]}, unasked {sorted(unasked)[:3]}, "
                f"damage {contents.damage}"
            )


@dataclass(frozen=True, slots=True)
class Left:
    """What a cut left: the files, and the names of the writes in them."""

    files: dict[str, bytes]
    writes: frozenset[str]


NOTHING = Left({}, frozenset())


def why_not() -> str | None:
    """Return the reason why power cannot be cut on this machine, or None."""
    if sys.platform != "linux":
        return "Power cuts are simulated with LD_PRELOAD, which only Linux has."
    if shutil.which("cc") is None:
        return "Power cuts need a C compiler named cc to build the recorder."
    return None


def cut_power(folder: Path, cuts: int, seed: int, synchronous: str = "FULL") -> Figures:
    """Cut the power *cuts* times, working in the empty *folder*, and return the figures.

    *seed* decides where the cuts fall and what survives them. Two runs with one seed still differ
    a little, because the writers' tasks never meet in quite the same order.
    """
    folder = folder.resolve()
    random = Random(seed)
    figures = Figures(synchronous, seed)
    recorder = compile_library(folder, "recorder")
    left = NOTHING
    for start in range(-(-cuts // CUTS_PER_START)):
        if start % STARTS_PER_LIFE == 0:
            left = NOTHING
        place = folder / f"start-{start}"
        acknowledged, log = record(place, recorder, left, f"s{start}", figures)
        moments = choose_moments(random, len(log), min(CUTS_PER_START, cuts - figures.cuts))
        left = cut_at(moments, log, left, acknowledged, place, random, figures)
        shutil.rmtree(place)
    return figures


def compile_library(folder: Path, name: str) -> Path:
    """Compile the C file of that *name* into *folder* and return the library's path."""
    library = folder / f"{name}.so"
    command = ["cc", "-shared", "-fPIC", "-O2", "-o", library, HERE / f"{name}.c", "-ldl"]
    subprocess.run([*command, "-lpthread"], check=True)
    return library


def record(
    place: Path, recorder: Path, left: Left, label: str, figures: Figures
) -> tuple[dict[str, int], list[Entry]]:
    """Let the writer run on what was *left*; return its acknowledgements and the log."""
    files = place / "files"
    files.mkdir(parents=True)
    for name, content in left.files.items():
        (files / name).write_bytes(content)
    log = place / "log"
    task = [str(files / DATABASE), figures.synchronous, label, str(TASKS), str(WRITES_PER_TASK)]
    recording = {
        "LD_PRELOAD": str(recorder),
        "RECORDER_DIRECTORY": str(files),
        "RECORDER_LOG": str(log),
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.durability.writer", *task],
        cwd=HERE.parent.parent,
        env=os.environ | recording,
        stdout=subprocess.PIPE,
        timeout=60,
        check=True,
    )
    told = json.loads(done.stdout)
    figures.acknowledged += len(told["acknowledged"])
    figures.refused += told["refused"]
    return told["acknowledged"], read_log(log)


def choose_moments(random: Random, length: int, cuts: int) -> list[int]:
    """Return *cuts* places in a log of *length* entries, in order."""
    edges = [*range(min(EDGE, length)), *range(max(0, length - EDGE), length)]
    at_edges = cuts // 4
    moments = random.choices(edges, k=at_edges) + random.choices(range(length), k=cuts - at_edges)
    return sorted(moments)


def cut_at(
    moments: list[int],
    log: list[Entry],
    before: Left,
    acknowledged: dict[str, int],
    place: Path,
    random: Random,
    figures: Figures,
) -> Left:
    """Cut the power after each of the calls numbered *moments*; return what one cut left."""
    disk = Disk(before.files)
    followed = 0
    lefts = []
    for moment in moments:
        for entry in log[followed : moment + 1]:
            disk.follow(entry)
        followed = moment + 1
        # The last instant before the next call: by then, the most has been acknowledged.
        until_ns = log[followed].at_ns if followed < len(log) else max(acknowledged.values()) + 1
        told = {name for name, at_ns in acknowledged.items() if at_ns < until_ns}
        survivors = random.choice(SURVIVORS)
        files = disk.after_power_cut(survivors, random)
        where = f"call {moment} of {len(log)}, {survivors} of the unsynced changes survived"
        contents = look_at(files, place / "left")
        figures.compare(contents, before.writes | told, before.writes | acknowledged.keys(), where)
        if contents.damage is None:
            lefts.append(Left(files, frozenset(contents.whole)))
    for entry in log[followed:]:
        disk.follow(entry)
    require_complete(disk, place / "files")
    return random.choice(lefts) if lefts else NOTHING


def look_at(files: dict[str, bytes], place: Path) -> Contents:
    """Lay *files* out in *place* for a moment and return what the database in them holds."""
    place.mkdir()
    for name, content in files.items():
        (place / name).write_bytes(content)
    contents = read_back(place / DATABASE)
    shutil.rmtree(place)
    return contents


def require_complete(disk: Disk, files: Path) -> None:
    """Complain unless the log led to the very files that the writer left.

    Raises:
        RuntimeError: the recorder missed a call, so the figures would mean nothing.
    """
    really = {file.name: file.read_bytes() for file in files.iterdir()}
    if disk.after_power_cut("all", Random(0)) != really:
        raise RuntimeError("the recorder missed a call: the log and the files differ")

"""How long `litereg import` takes for long lists, and how much memory: that of a process each."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

from tests.bench import report
from tests.bench.dataset import PUBLISHER, Dataset
from tests.bench.label_scenarios import FRESH, VERSIONS_A_PACKAGE, furnish
from tests.bench.servers import ROOT

SIZES = (10_000, 100_000)


@dataclass(frozen=True, slots=True)
class Import:
    """One import: how long it took, and the memory that it held at its peak."""

    seconds: float
    peak_mib: float


def table(dataset: Dataset, rounds: int, sizes: tuple[int, ...] = SIZES) -> str:
    """Return what importing and labelling lists of each size takes: the median of *rounds*."""
    rows = []
    for size in sizes:
        for name, again in (("new", False), ("known", True)):
            found = [imported(dataset, size, again) for _ in range(rounds)]
            seconds = median(one.seconds for one in found)
            peak = max(one.peak_mib for one in found)
            rate = size / seconds
            rows.append((f"{size:,}, all {name}", f"{seconds:.2f}", f"{rate:,.0f}", f"{peak:.0f}"))
    head = ("entries", "seconds", "entries/s", "peak MiB")
    return f"### import\n\n{report.table(head, rows)}\n"


def imported(dataset: Dataset, size: int, again: bool) -> Import:
    """Import a list of *size* versions with a label; *again*: once more, when all is known."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copy = dataset.copy(folder)
        furnish(copy, 0)
        listed = folder / "list.csv"
        with listed.open("w") as file:
            for number in range(size):
                package, patch = divmod(number, VERSIONS_A_PACKAGE)
                file.write(f"package-{package},1.0.{patch},npm\n")
        if again:
            _run(copy, listed)
        return _run(copy, listed)


def _run(dataset: Dataset, listed: Path) -> Import:
    target = ["--db", str(dataset.path), "--as", PUBLISHER, "--label", FRESH]
    command = [sys.executable, "-m", "litereg", "import", str(listed), *target]
    began = perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"the import ended with {process.returncode}")
    return Import(seconds, usage.ru_maxrss / 1024)

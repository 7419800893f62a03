"""How long litereg takes to say its version, and to answer a first request after its start."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter

from tests.bench import report, scenarios
from tests.bench.dataset import Dataset
from tests.bench.measure import answer
from tests.bench.scenarios import Turn
from tests.bench.servers import LITEREG, ROOT, running


def measure(dataset: Dataset, rounds: int) -> dict[str, list[float]]:
    """Return how long each way of starting took, in seconds, *rounds* times."""
    ways: dict[str, Callable[[], None]] = {
        "a Python that does nothing": lambda: _run("-c", "pass"),
        "litereg --version": lambda: _run("-m", "litereg", "--version"),
        "first answer": lambda: _first_answer(dataset),
    }
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            start = perf_counter()
            way()
            times[name].append(perf_counter() - start)
    return times


def table(times: Mapping[str, Sequence[float]]) -> str:
    """Return what was measured, as a table."""
    rows = [
        (name, f"{median(found) * 1000:.0f}", f"{min(found) * 1000:.0f}")
        for name, found in times.items()
    ]
    return f"### start\n\n{report.table(('', 'median ms', 'fastest ms'), rows)}\n"


def _run(*arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], cwd=ROOT, stdout=subprocess.DEVNULL, check=True)


def _first_answer(dataset: Dataset) -> None:
    """Start a server on a registry that exists, and open a package."""
    request = scenarios.open_package(dataset, Turn(0, 0, 1))[0].requests[0]
    with (
        tempfile.TemporaryDirectory() as folder,
        running(LITEREG, dataset, Path(folder)) as server,
    ):
        answer(server, request)

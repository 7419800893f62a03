"""The rows of the table: a goal each, how it is measured, and what came of it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[2]
PROJECT = ROOT / "pyproject.toml"
# For tests that hang: far more than any row takes.
PATIENCE_S = 600.0
FIGURE = "figure"


class Figure(NamedTuple):
    """What was measured.

    Attributes:
        text: the figure, as it stands in the table.
        is_met: whether it meets the goal; None when it could not be measured on this machine, and
            the text says why.
    """

    text: str
    is_met: bool | None


Measure = Callable[[Path], Figure]


@dataclass(frozen=True, slots=True)
class Row:
    """One promise.

    Attributes:
        id: its short name, such as D1.
        goal: what is promised, with the number that the figure is held against.
        measure: returns the figure; it gets an empty folder to work in, and whatever it raises
            means that the goal is missed.
        is_timed: the goal is about time. How fast a machine is, and what else it does, is not for
            a change to litereg to answer for: a miss is shown, and does not fail the run.
    """

    id: str
    goal: str
    measure: Measure
    is_timed: bool = False


class Passing:
    """Measures by running pytest: the goal is met when every test passes.

    The figure is what the tests wrote down with `record_property(FIGURE, …)`, and how many there
    were.

    Attributes:
        places: files, folders or node ids, whatever marks they carry.
    """

    def __init__(self, *places: str) -> None:
        self.places = places

    def __call__(self, folder: Path) -> Figure:
        report = folder / "report.xml"
        # One test at a time, as most of them measure. Only the older form of the report holds
        # properties.
        options = ["-n", "0", "-m", "", "-o", "junit_family=xunit1", f"--junitxml={report}"]
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-c", PROJECT, *options, *self.places],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=PATIENCE_S,
        )
        if not report.exists():
            return Figure(f"pytest broke off: {done.stdout[-500:]}", False)
        return figure_of(report)


class Figures(Protocol):
    """What a rig of `tests.durability` returns; printed, it says what was measured.

    Attributes:
        troubles: a line for each way in which the goal is missed.
    """

    troubles: list[str]


class Rig:
    """Measures by a function that works in a folder and returns its `Figures`.

    *why_not* returns why that cannot be done on this machine, or None.
    """

    def __init__(
        self, run: Callable[[Path], Figures], why_not: Callable[[], str | None] | None = None
    ) -> None:
        self._run = run
        self._why_not = why_not

    def __call__(self, folder: Path) -> Figure:
        if self._why_not is not None and (reason := self._why_not()) is not None:
            return Figure(reason, None)
        figures = self._run(folder)
        return Figure("; ".join([str(figures), *figures.troubles[:3]]), not figures.troubles)


class AllOf:
    """Measures in several ways, all of which have to meet the goal."""

    def __init__(self, *measures: Measure) -> None:
        self.measures = measures

    def __call__(self, folder: Path) -> Figure:
        figures = []
        for number, one in enumerate(self.measures):
            place = folder / str(number)
            place.mkdir()
            figures.append(one(place))
        verdicts = {figure.is_met for figure in figures}
        is_met = False if False in verdicts else None if None in verdicts else True
        return Figure("; ".join(figure.text for figure in figures), is_met)


def places_of(measure: Measure) -> list[str]:
    """Return the files and folders of tests that *measure* runs."""
    if isinstance(measure, AllOf):
        return [place for one in measure.measures for place in places_of(one)]
    if isinstance(measure, Passing):
        return [place.partition("::")[0] for place in measure.places]
    return []


def figure_of(report: Path) -> Figure:
    """Return what a report that pytest has written (JUnit's XML) comes to."""
    cases = list(ElementTree.parse(report).iter("testcase"))  # noqa: S314 - pytest's own words
    told = [
        str(found.get("value"))
        for case in cases
        for found in case.iter("property")
        if found.get("name") == FIGURE
    ]
    failed = [c for c in cases if c.find("failure") is not None or c.find("error") is not None]
    if failed:
        names = ", ".join(str(case.get("name")) for case in failed[:3])
        return Figure("; ".join([*told, f"{len(failed)} of {len(cases)} failed: {names}"]), False)
    skipped = [found for case in cases if (found := case.find("skipped")) is not None]
    passed = len(cases) - len(skipped)
    if not passed:
        reasons = {str(found.get("message")) for found in skipped} or {"there are no such tests"}
        return Figure("; ".join(sorted(reasons)), None if skipped else False)
    count = f"{passed} passed" + (f", {len(skipped)} skipped" if skipped else "")
    return Figure("; ".join([*told, count]), True)


def measure(row: Row, folder: Path) -> Figure:
    """Measure one row in the empty *folder*."""
    try:
        return row.measure(folder)
    except Exception as error:
        return Figure(f"{type(error).__name__}: {error}", False)


def head() -> str:
    """Return the first lines of the table, in Markdown."""
    return "| id | goal | measured | met | time |\n|---|---|---|---|---|"


def line(row: Row, figure: Figure, seconds: float) -> str:
    """Return the line of one row, in Markdown."""
    met = {True: "yes", False: "**no**", None: "not measured"}[figure.is_met]
    return f"| {' | '.join(_cells(row.id, row.goal, figure.text, met, f'{seconds:.0f} s'))} |"


def _cells(*texts: str) -> Iterator[str]:
    for text in texts:
        yield " ".join(text.replace("|", "\\|").split())

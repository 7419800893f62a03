"""Where litereg's time goes: samples of the server's process, by layer and by function."""

from __future__ import annotations

import signal
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from statistics import median
from typing import NamedTuple

import orjson

from tests.bench import report
from tests.bench.dataset import Dataset
from tests.bench.measure import Entry, Figures, Plan, play
from tests.bench.scenarios import Scenario
from tests.bench.servers import Server, running

# What is in a function's file name → its layer; the first that fits.
LAYERS = (
    ("litereg/server", "server: the front door"),
    ("litereg/gql", "gql: the engine"),
    ("graphql/", "gql: the engine"),
    ("litereg/store", "store: SQLite included"),
    ("<string>", "store: rows from SQLite"),
    ("litereg/registry", "registry: the rooms"),
    ("litereg/access", "registry: the rooms"),
    ("litereg/labels", "labels: the rooms"),
    ("/logging/", "logs"),
    ("/json/", "JSON, requests"),
    ("aiohttp/", "HTTP: aiohttp and asyncio"),
    ("yarl/", "HTTP: aiohttp and asyncio"),
    ("multidict/", "HTTP: aiohttp and asyncio"),
    ("asyncio/", "HTTP: aiohttp and asyncio"),
    ("selectors.py", "HTTP: aiohttp and asyncio"),
)
OTHER = "elsewhere"
TOP = 30
ALL_OF_IT = 0.95


class Place(NamedTuple):
    """A function, and in how many samples the program was in it, alone and with what it calls."""

    file: str
    line: int
    name: str
    own: int
    inclusive: int

    @property
    def layer(self) -> str:
        """The layer it belongs to."""
        return next((layer for mark, layer in LAYERS if mark in self.file), OTHER)

    @property
    def label(self) -> str:
        """Its name for people: where it is, and what it is called."""
        inside = self.file.rpartition("/litereg/")[2]
        short = inside if inside != self.file else "/".join(self.file.split("/")[-2:])
        return f"`{short}:{self.line}` {self.name}"


def tables(scenario: Scenario, dataset: Dataset, folder: Path, seconds: float) -> str:
    """Return where the time of the requests of *scenario* went, as tables."""
    samples = folder / f"{scenario.name}.json"
    command = [sys.executable, "-m", "tests.bench.profiled"]
    server = Server("profiled", lambda database, _: [*command, database, str(samples)])
    plan = Plan(1, seconds)
    found = Figures("profiled")
    with running(server, dataset, folder) as process:
        entry = Entry(process, dataset)
        play(scenario, entry, plan.turn(0))
        process.signal(signal.SIGUSR1)
        play(scenario, entry, plan.turn(1), found)
    places = [Place(*row) for row in orjson.loads(samples.read_bytes())]
    return "\n".join([f"### {scenario.name}, profiled", "", *_tables(places, median(found.cpu_us))])


def _tables(places: Iterable[Place], cpu_us: float) -> Iterable[str]:
    """Yield the tables; *cpu_us* is the processor time of one request."""
    places = list(places)
    layers: Counter[str] = Counter()
    for place in places:
        layers[place.layer] += place.own
    total = layers.total()
    kinds = {
        "layer": layers.items(),
        "function, by itself": [(place.label, place.own) for place in places],
        "function of litereg, with what it calls": [
            (place.label, place.inclusive)
            for place in places
            # The frames around everything say nothing.
            if "litereg/" in place.file and place.inclusive < total * ALL_OF_IT
        ],
    }
    for name, counts in kinds.items():
        largest = sorted(counts, key=lambda item: -item[1])[:TOP]
        rows = [(what, f"{n / total:.1%}", f"{n / total * cpu_us:.0f}") for what, n in largest]
        yield report.table((name, "share", "CPU µs a request"), rows)
        yield ""

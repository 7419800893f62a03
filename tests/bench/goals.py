"""What litereg's speed is to be, against what was measured, as the README shows it.

A goal is a ratio between servers in one run on one machine, or an amount of time or memory. What
was not measured in a run has no row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median

from tests.bench import report, scenarios
from tests.bench.measure import Figures, ratio

READS = {"open-package": "open a package", "search": "search", "browse-catalog": "browse a catalog"}
# How many times faster than each peer, in the order of READS.
PEERS = {
    ("Strawberry", "Ariadne"): (15, 20, 30),
    ("Yoga", "Apollo"): (6, 4, 6),
    ("graphql-jit",): (2, 3, 3),
}
OF_THE_FLOOR = 0.7
GROUP_COMMIT = 3
P99_BESIDE_MS = 25
P99_OF_MEDIAN = 5
MEMORY_MIB = 120
# How many times longer a request may take in a registry however large. 1.3 counts as flat: the
# larger the file, the less of it the processor's caches hold.
GROWN = {"open-package": 1.3, "browse-catalog": 1.3, "search": 3.0}
VERSION_S = 0.3
FIRST_ANSWER_S = 1.0


@dataclass(slots=True)
class Results:
    """What was measured in a run.

    Attributes:
        scenarios: scenario → the figures of each server, litereg's first.
        growth: scenario → the figures of each size of registry, the smallest first.
        memory_mib: what litereg held after all scenarios.
        start_s: way of starting → how long it took, in seconds.
    """

    scenarios: dict[str, list[Figures]] = field(default_factory=dict)
    growth: dict[str, list[Figures]] = field(default_factory=dict)
    memory_mib: float | None = None
    start_s: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Goal:
    """One goal, and what became of it.

    Attributes:
        name: what it is about.
        asked: what it asks for.
        measured: what was measured.
        met: whether that is enough.
    """

    name: str
    asked: str
    measured: str
    met: bool


def section(results: Results) -> str:
    """Return the tables of a run, to be put into the README."""
    parts = [f"Measured {report.machine()}."]
    if set(READS) <= set(results.scenarios):
        parts.append(servers_table(results))
    return "\n\n".join([*parts, goals_table(results)])


def servers_table(results: Results) -> str:
    """Return how many requests a second each server answers, and how that compares."""
    rows: dict[str, list[str]] = {}
    for name in READS:
        first, *_ = figures = results.scenarios[name]
        for found in figures:
            rate = median(_rates(found))
            times = ratio(_rates(first), _rates(found))
            by_cpu = ratio(found.cpu_us, first.cpu_us)
            compared = "" if found is first else f" ({times:.2f} times, by CPU {by_cpu:.2f})"
            rows.setdefault(found.server, []).append(f"{rate:,.0f}{compared}")
    head = ("requests/s (litereg is faster by)", *READS.values())
    return report.table(head, [(server, *cells) for server, cells in rows.items()])


def goals_table(results: Results) -> str:
    """Return each goal with what was measured."""
    rows = [
        (goal.name, goal.asked, goal.measured, "met" if goal.met else "**missed**")
        for goal in goals(results)
    ]
    return report.table(("goal", "asked", "measured", ""), rows)


def goals(results: Results) -> Iterator[Goal]:
    """Yield the goals that a run says something about."""
    yield from _against_peers(results)
    yield from _against_the_floor(results)
    yield from _growing(results)
    yield from _writes(results)
    yield from _latency(results)
    if results.memory_mib is not None:
        held = results.memory_mib
        yield _at_most("memory after all of it", held, MEMORY_MIB, "MiB", "{:.0f}".format)
    for way, most in (("litereg --version", VERSION_S), ("first answer", FIRST_ANSWER_S)):
        if way in results.start_s:
            yield _at_most(f"`{way}`", results.start_s[way], most, "s", "{:.2f}".format)


def _against_peers(results: Results) -> Iterator[Goal]:
    for peers, wanted in PEERS.items():
        for peer in peers:
            times = list(_compared(results, peer))
            if len(times) == len(wanted):
                yield Goal(
                    f"faster than {peer}: {', '.join(READS.values())}",
                    f"≥ {', '.join(map(str, wanted))} times",
                    f"{', '.join(f'{found:.1f}' for found in times)} times",
                    all(found >= least for found, least in zip(times, wanted, strict=True)),
                )


def _against_the_floor(results: Results) -> Iterator[Goal]:
    times = list(_compared(results, "floor"))
    if times:
        yield Goal(
            "of the floor: aiohttp, the same SQL and no GraphQL",
            f"≥ {OF_THE_FLOOR:.0%}",
            ", ".join(f"{found:.0%}" for found in times),
            min(times) >= OF_THE_FLOOR,
        )


def _compared(results: Results, server: str) -> Iterator[float]:
    """Yield how many times faster than *server* litereg is, for each of READS that was played."""
    for name in READS:
        first, *others = results.scenarios.get(name) or [None]
        for found in others:
            if first is not None and found.server == server:
                yield ratio(_rates(first), _rates(found))


def _growing(results: Results) -> Iterator[Goal]:
    for name, most in GROWN.items():
        small, *grown = results.growth.get(name) or [None]
        if small is None or not grown:
            continue
        times = [ratio(found.cpu_us, small.cpu_us) for found in grown]
        sizes = ", ".join(f"{t:.2f} with {f.server}" for t, f in zip(times, grown, strict=True))
        asked = "flat" if most < 2 else f"≤ {most:.0f} times"
        yield Goal(f"growth: {READS[name]}", asked, f"CPU times {sizes}", max(times) <= most)


def _writes(results: Results) -> Iterator[Goal]:
    for scenario in scenarios.WRITES:
        if found := results.scenarios.get(scenario.name):
            litereg, each = found
            times = ratio(_rates(litereg), _rates(each))
            yield Goal(
                f"{scenario.name}, durable, to a COMMIT for each",
                f"≥ {GROUP_COMMIT} times",
                f"{median(_rates(litereg)):,.0f}/s, {times:.2f} times",
                times >= GROUP_COMMIT,
            )


def _latency(results: Results) -> Iterator[Goal]:
    for name in ("reads-beside-writes", "heavy-beside"):
        if found := results.scenarios.get(name):
            p99 = median(sample.p99 for sample in found[0].groups["open"])
            yield _at_most(f"p99 of reads in {name}", p99, P99_BESIDE_MS, "ms", "{:.0f}".format)
    tails = {
        f"{name}, {group}" if len(found[0].groups) > 1 else name: _tail(found[0], group)
        for name, found in results.scenarios.items()
        for group in found[0].groups
    }
    if tails:
        worst = max(tails, key=lambda name: tails[name])
        yield Goal(
            "p99 ÷ median in each scenario",
            f"≤ {P99_OF_MEDIAN}",
            f"{tails[worst]:.1f} at worst ({worst})",
            tails[worst] <= P99_OF_MEDIAN,
        )


def _tail(found: Figures, group: str) -> float:
    samples = found.groups[group]
    return median(s.p99 for s in samples) / median(s.median for s in samples)


def _at_most(
    name: str, value: float, most: float, unit: str, shown: Callable[[float], str]
) -> Goal:
    return Goal(name, f"≤ {most:g} {unit}", f"{shown(value)} {unit}", value <= most)


def _rates(found: Figures) -> Sequence[float]:
    """Return the requests a second of all clients together, a turn each."""
    return [sum(turn) for turn in zip(*map(found.rates, found.groups), strict=True)]

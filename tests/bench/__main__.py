"""Measure litereg and its peers; see `python -m tests.bench --help`."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from tests import readme
from tests.bench import dataset as made
from tests.bench import (
    goals,
    importing,
    label_scenarios,
    page_scenarios,
    peer_servers,
    profiling,
    report,
    scenarios,
    startup,
)
from tests.bench.dataset import Dataset
from tests.bench.goals import Results
from tests.bench.measure import Entry, Plan, compare, different
from tests.bench.scenarios import Scenario
from tests.bench.servers import COMMIT_EACH, FLOOR, GRAPHQL_CORE, LITEREG, all_running, running

WHAT = ("reads", "writes", "others", "pages", "labels", "import", "growth", "start")
USUAL = ("reads", "writes", "others", "pages", "labels", "import", "start")
SMALL = 2_000
# How many versions carry the label that is read.
LABELLED = (2_000, 100_000)


def main() -> int:
    """Measure what the command line asks for; return 1 when answers differ."""
    options = parse()
    plan = Plan(options.rounds, options.seconds, options.connections)
    say(f"{report.machine()}; {plan.rounds} rounds of {plan.seconds:g} s, in turn\n")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if options.profile:
            return profile(options, folder)
        code, results = 0, Results()
        if {"reads", "writes", "others"} & set(options.what):
            code = scenarios_of(options, plan, folder, results)
        if "pages" in options.what:
            pages(options, plan, folder)
        if "labels" in options.what:
            labels(options, plan, folder)
        if "import" in options.what:
            say(importing.table(made.present(options.cache, SMALL), options.rounds))
        if "growth" in options.what:
            growth(options, plan, folder, results)
        if "start" in options.what:
            times = startup.measure(made.present(options.cache, SMALL), options.rounds)
            results.start_s = {name: median(found) for name, found in times.items()}
            say(startup.table(times))
        if options.goals or options.readme:
            say(goals.section(results))
        if options.readme:
            text = readme.README.read_text("utf-8")
            readme.README.write_text(
                readme.with_part(text, "speed", goals.section(results)), "utf-8"
            )
        return code


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("what", nargs="*", help=f"any of {', '.join(WHAT)}; without growth: all")
    parser.add_argument("--peers", action="store_true", help="install and measure the peers too")
    parser.add_argument(
        "--packages", type=int, nargs="+", help="size of the registry; sizes to compare, in growth"
    )
    parser.add_argument("--scenario", nargs="+", help="only the scenarios of these names")
    parser.add_argument("--server", nargs="+", help="only these servers beside litereg")
    parser.add_argument("--rounds", type=int, default=5, help="turns of each server")
    parser.add_argument("--seconds", type=float, default=1.0, help="length of a turn")
    parser.add_argument("--connections", type=int, default=32, help="clients")
    parser.add_argument("--goals", action="store_true", help="end with what the README shows")
    parser.add_argument("--readme", action="store_true", help="put that into the README")
    parser.add_argument("--profile", action="store_true", help="show where litereg's time goes")
    parser.add_argument("--cache", type=Path, default=cache(), help="where registries are kept")
    options = parser.parse_args()
    if unknown := set(options.what) - set(WHAT):
        parser.error(f"{', '.join(sorted(unknown))}: none of {', '.join(WHAT)}")
    options.what = options.what or USUAL
    return options


def cache() -> Path:
    """Return where made registries and installed peers are kept: outside of the repository."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "litereg-bench"


def scenarios_of(options: argparse.Namespace, plan: Plan, folder: Path, results: Results) -> int:
    """Play reads, writes and the rest, and print a table of each."""
    # With growth, the sizes are what it compares.
    size = options.packages[0] if options.packages and "growth" not in options.what else SMALL
    dataset = made.present(options.cache, size).copy(folder)
    others = [
        FLOOR,
        GRAPHQL_CORE,
        *(peer_servers.installed(options.cache) if options.peers else ()),
    ]
    if options.server is not None:
        others = [server for server in others if server.name in options.server]
    code = 0

    def play(scenario: Scenario, entries: Sequence[Entry]) -> None:
        figures = results.scenarios[scenario.name] = compare(scenario, entries, plan)
        say(report.scenario_table(scenario.name, figures))

    with all_running(others, dataset, folder) as servers:
        litereg = servers[0]
        for scenario in chosen(options, "reads", scenarios.READS):
            request = scenario.groups(dataset, plan.turn(0))[0].requests[0]
            for name, wrong in different(request, servers).items():
                code = 1
                say(f"{name} answers {scenario.name} differently: {str(wrong)[:500]}\n")
            play(scenario, [Entry(server, dataset) for server in servers])
        for scenario in chosen(options, "others", scenarios.OTHERS):
            play(scenario, [Entry(litereg, dataset)])
        for scenario in chosen(options, "writes", scenarios.WRITES):
            apart = folder / scenario.name
            apart.mkdir()
            own = made.present(options.cache, size).copy(apart)
            with running(COMMIT_EACH, own, apart) as each:
                play(scenario, [Entry(litereg, dataset), Entry(each, own)])
        results.memory_mib = litereg.resident_mib()
        now, peak = results.memory_mib, litereg.resident_mib(peak=True)
        say(f"litereg holds {now:.0f} MiB after all of it, {peak:.0f} MiB at its peak.\n")
    return code


def pages(options: argparse.Namespace, plan: Plan, folder: Path) -> None:
    """Open pages and ask the API for what they show, in turn, and print a table of each."""
    size = options.packages[0] if options.packages else SMALL
    apart = folder / "pages"
    apart.mkdir()
    dataset = made.present(options.cache, size).copy(apart)
    with running(LITEREG, dataset, apart) as server:
        for page in page_scenarios.PAGES:
            if options.scenario is None or page.name in options.scenario:
                figures = page_scenarios.compare(page, server, dataset, plan)
                table = report.scenario_table(f"{page.name} page", figures, page_scenarios.RATIOS)
                say(table)


def labels(options: argparse.Namespace, plan: Plan, folder: Path) -> None:
    """Assign labels and read them back, in short lists and long ones; print a table of each."""
    with contextlib.ExitStack() as stack:
        entries = []
        for count in LABELLED:
            apart = folder / f"labels-{count}"
            apart.mkdir()
            dataset = made.present(options.cache, SMALL).copy(apart)
            label_scenarios.furnish(dataset, count)
            server = stack.enter_context(running(LITEREG, dataset, apart))
            entries.append(Entry(server, dataset, f"{count:,} labelled versions"))
        for scenario in chosen(options, "labels", label_scenarios.READING):
            say(report.scenario_table(scenario.name, compare(scenario, entries, plan)))
        for scenario in chosen(options, "labels", label_scenarios.ASSIGNING):
            figures = compare(scenario, entries[:1], plan)
            figures.append(label_scenarios.floor(_apart(options, folder, scenario.name), plan))
            say(report.scenario_table(scenario.name, figures))


def _apart(options: argparse.Namespace, folder: Path, name: str) -> Dataset:
    """Return a registry that no server has, with a label."""
    apart = folder / name
    apart.mkdir()
    dataset = made.present(options.cache, SMALL).copy(apart)
    label_scenarios.furnish(dataset, 0)
    return dataset


def growth(options: argparse.Namespace, plan: Plan, folder: Path, results: Results) -> None:
    """Play the reads in registries of different sizes, and print a table of each."""
    sizes = sorted({SMALL, *(options.packages or [100_000])})
    datasets = [made.present(options.cache, size) for size in sizes]
    for scenario in chosen(options, "growth", scenarios.GROWTH):
        with contextlib.ExitStack() as stack:
            entries = []
            for dataset in datasets:
                apart = folder / f"{scenario.name}-{dataset.packages}"
                apart.mkdir()
                server = stack.enter_context(running(LITEREG, dataset, apart))
                entries.append(Entry(server, dataset, f"{dataset.packages:,} packages"))
            figures = results.growth[scenario.name] = compare(scenario, entries, plan)
            say(report.scenario_table(f"{scenario.name}, growing", figures))


def profile(options: argparse.Namespace, folder: Path) -> int:
    """Print where litereg's time goes: in the reads, or in the scenarios that are named."""
    size = options.packages[0] if options.packages else SMALL
    of_labels = (*label_scenarios.READING, *label_scenarios.ASSIGNING)
    every = (*scenarios.READS, *scenarios.OTHERS, *scenarios.WRITES, *of_labels)
    for scenario in chosen(options, "", every) or scenarios.READS:
        dataset = made.present(options.cache, size).copy(folder)
        if scenario in of_labels:
            label_scenarios.furnish(dataset, LABELLED[0])
        say(profiling.tables(scenario, dataset, folder, options.seconds))
    return 0


def chosen(
    options: argparse.Namespace, kind: str, all_of_them: Sequence[Scenario]
) -> list[Scenario]:
    """Return the scenarios of a kind that are asked for, by kind or by name."""
    if options.scenario is not None:
        return [scenario for scenario in all_of_them if scenario.name in options.scenario]
    return list(all_of_them) if kind in options.what else []


def say(text: str) -> None:
    """Print at once: a table may take a minute."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())

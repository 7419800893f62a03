"""What the README shows is counted from what was measured, and says where a goal is missed."""

import pytest

from tests.bench import goals
from tests.bench.goals import Results
from tests.bench.measure import Figures, Sample


def figures(server, rate, *, cpu=100.0, p99=2.0, groups=("",)):
    found = Figures(server, cpu_us=[cpu] * 3)
    for group in groups:
        found.groups[group] = [Sample(rate, 1.0, p99, 100, 0)] * 3
    return found


def found(results):
    return {goal.name: goal for goal in goals.goals(results)}


def reads(**rates):
    return {name: [figures(*pair) for pair in rates.items()] for name in goals.READS}


@pytest.mark.parametrize(("rate", "met"), [(10, True), (11, False)])
def test_a_peer_is_left_behind_only_where_every_read_is_fast_enough(rate, met):
    results = Results(reads(litereg=300, Strawberry=10))
    results.scenarios["browse-catalog"] = [figures("litereg", 300), figures("Strawberry", rate)]

    goal = found(results)["faster than Strawberry: open a package, search, browse a catalog"]

    assert (goal.asked, goal.met) == ("≥ 15, 20, 30 times", met)
    assert goal.measured.startswith("30.0, 30.0, ")


@pytest.mark.parametrize(("floor", "met", "shown"), [(100, True, "70%"), (101, False, "69%")])
def test_the_floor_is_a_share(floor, met, shown):
    goal = found(Results(reads(litereg=70, floor=floor)))[
        "of the floor: aiohttp, the same SQL and no GraphQL"
    ]

    assert (goal.measured, goal.met) == (", ".join([shown] * 3), met)


@pytest.mark.parametrize(("cpu", "met"), [(299, True), (301, False)])
def test_growth_compares_processor_time_with_the_smallest(cpu, met):
    small, large = figures("2,000 packages", 9), figures("9,000 packages", 3, cpu=cpu)

    goal = found(Results(growth={"search": [small, large]}))["growth: search"]

    assert goal.met is met
    assert goal.measured == f"CPU times {cpu / 100:.2f} with 9,000 packages"


@pytest.mark.parametrize(("rate", "met"), [(100, True), (101, False)])
def test_group_commit_is_compared_with_a_commit_for_each(rate, met):
    results = Results({"update-package": [figures("litereg", 300), figures("each", rate)]})

    assert found(results)["update-package, durable, to a COMMIT for each"].met is met


@pytest.mark.parametrize(("p99", "met"), [(5, True), (5.1, False)])
def test_the_longest_tail_counts(p99, met):
    mixed = figures("litereg", 9, p99=p99, groups=("open", "heavy"))
    results = Results({"search": [figures("litereg", 9)], "heavy-beside": [mixed]})

    goal = found(results)["p99 ÷ median in each scenario"]

    assert (goal.measured, goal.met) == (f"{p99:.1f} at worst (heavy-beside, open)", met)
    assert found(results)["p99 of reads in heavy-beside"].met


def test_what_was_not_measured_has_no_row():
    assert found(Results()) == {}
    assert list(found(Results(memory_mib=120.0, start_s={"first answer": 1.1}))) == [
        "memory after all of it",
        "`first answer`",
    ]


def test_the_tables_name_every_server_and_mark_what_is_missed():
    results = Results(reads(litereg=70, floor=140), memory_mib=121)

    text = goals.section(results)

    assert "| litereg | 70 | 70 | 70 |" in text
    assert "| floor | 140 (0.50 times, by CPU 1.00) |" in text
    assert text.count("**missed**") == 2

"""The benchmark at its smallest: that it works and compares like with like, not how fast it is."""

from __future__ import annotations

import html
import re
import urllib.request
from urllib.parse import parse_qsl

import orjson
import pytest

from litereg import operations
from litereg.access import ANONYMOUS, Credentials
from litereg.app import Registry
from litereg.gql.engine import Engine, Request
from litereg.registry import identity, package_file
from litereg.registry.search.index import file_text
from litereg.registry.search.words import index_text, stem
from litereg.settings import Settings
from tests.bench import dataset as made
from tests.bench import importing, label_scenarios, page_scenarios, report, scenarios, texts
from tests.bench.client import content_length, is_good
from tests.bench.measure import Entry, Figures, Plan, answer, compare, different, play
from tests.bench.servers import FLOOR, GRAPHQL_CORE, all_running

PACKAGES = 2 * made.PER_CATALOG
PLAN = Plan(rounds=1, seconds=0.05, connections=scenarios.HEAVY_CLIENTS + 2)
OF_LABELS = (*label_scenarios.READING, *label_scenarios.ASSIGNING)
OTHERS = (*scenarios.OTHERS, *scenarios.WRITES, *OF_LABELS)
LABELLED = 250


@pytest.fixture(scope="module")
def unserved(tmp_path_factory):
    return made.present(tmp_path_factory.mktemp("bench"), PACKAGES, password_cost=4)


@pytest.fixture(scope="module")
def dataset(unserved, tmp_path_factory):
    dataset = unserved.copy(tmp_path_factory.mktemp("served"))
    label_scenarios.furnish(dataset, LABELLED)
    return dataset


def test_a_registry_that_was_made_before_a_migration_is_brought_up_to_date(tmp_path):
    first = made.present(tmp_path, made.PER_CATALOG, password_cost=4)
    layout = first.path.with_suffix(".layout")
    now = layout.read_text()
    layout.write_text("older")
    made_at = first.path.stat().st_ino

    again = made.present(tmp_path, made.PER_CATALOG, password_cost=4)

    assert again == first
    assert layout.read_text() == now
    assert again.path.stat().st_ino == made_at


@pytest.fixture(scope="module")
def servers(dataset, tmp_path_factory):
    folder = tmp_path_factory.mktemp("logs")
    with all_running([FLOOR, GRAPHQL_CORE], dataset, folder) as servers:
        yield servers


def first_request(scenario, dataset):
    return scenario.groups(dataset, PLAN.turn(0))[0].requests[0]


def name_of(scenario):
    return scenario.name


@pytest.mark.parametrize("scenario", scenarios.READS, ids=name_of)
def test_servers_answer_alike(scenario, dataset, servers):
    assert different(first_request(scenario, dataset), servers) == {}


def test_a_comparison_ends_in_a_row_for_each_server(dataset, servers):
    entries = [Entry(server, dataset) for server in servers]

    table = report.scenario_table("search", compare(scenarios.READS[1], entries, PLAN))

    rows = [line.split(" | ") for line in table.splitlines() if line.startswith("| ")]
    assert [row[0] for row in rows[2:]] == ["| litereg", "| floor", "| graphql-core"]
    assert {len(row) for row in rows} == {len(report.HEAD + report.RATIOS)}
    assert "failed" not in table


@pytest.mark.parametrize("page", page_scenarios.PAGES, ids=name_of)
def test_a_page_is_compared_with_the_operation_that_feeds_it(page, dataset, servers):
    path, variables = page.asked(dataset)[0]
    asked = urllib.request.Request(servers[0].url + path, headers=page_scenarios.BROWSER)
    with urllib.request.urlopen(asked) as opened:
        fragment = re.search(r'/playground#([^"]+)', opened.read().decode())[1]
    figures = page_scenarios.compare(page, servers[0], dataset, PLAN)

    operation = dict(parse_qsl(html.unescape(fragment)))
    assert operation["query"] == operations.document(page.operation)
    assert orjson.loads(operation["variables"]) == variables
    assert [found.failed for found in figures] == [0, 0]


@pytest.mark.parametrize("scenario", OTHERS, ids=name_of)
def test_litereg_does_what_the_clients_ask(scenario, dataset, servers):
    found = Figures("litereg")

    play(scenario, Entry(servers[0], dataset), PLAN.turn(1), found)

    assert found.failed == 0
    assert all(samples[0].count for samples in found.groups.values())


@pytest.mark.parametrize("scenario", label_scenarios.READING, ids=name_of)
def test_a_page_of_what_carries_a_label_is_whole(scenario, dataset, servers):
    for request in scenario.groups(dataset, PLAN.turn(0))[0].requests[:5]:
        found = answer(servers[0], request)["data"]["customCatalogLabel"]["getLabel"]
        page = found["publicPackageVersionsConnection"]
        assert found["name"] == label_scenarios.SHELF
        assert len(page["edges"]) == label_scenarios.PAGE


@pytest.mark.parametrize("scenario", label_scenarios.ASSIGNING, ids=name_of)
def test_a_call_labels_500_versions_that_no_other_call_does(scenario, dataset):
    named = [
        re.findall(r"(?:literals|variables)-\d+-\d+", request.body)
        for number in (8, 9)
        for request in scenario.groups(dataset, PLAN.turn(number))[0].requests
    ]

    assert {len(names) for names in named} == {label_scenarios.AT_ONCE}
    packages = label_scenarios.AT_ONCE // label_scenarios.VERSIONS_A_PACKAGE
    assert len({name for names in named for name in names}) == packages * len(named)


def test_what_sqlite_alone_takes_is_measured_too(unserved, tmp_path):
    dataset = unserved.copy(tmp_path)
    label_scenarios.furnish(dataset, 0)

    found = label_scenarios.floor(dataset, PLAN)

    (sample,) = found.groups["assign"]
    assert sample.count > 0


def test_long_lists_are_imported_by_a_process_each(unserved):
    table = importing.table(unserved, rounds=1, sizes=(50,))

    rows = [line.split(" | ") for line in table.splitlines() if line.startswith("| 50")]
    assert [row[0] for row in rows] == ["| 50, all new", "| 50, all known"]


@pytest.mark.parametrize("scenario", scenarios.READS, ids=name_of)
async def test_a_read_takes_two_statements_at_most(scenario, dataset):
    request = as_request(first_request(scenario, dataset))

    assert await count_statements(dataset, request, lambda tx, *_: ANONYMOUS) <= 2


async def test_a_key_takes_one_statement_more(dataset):
    request = as_request(first_request(scenarios.READS[0], dataset))

    assert await count_statements(dataset, request, identity.identify) <= 3


def as_request(request):
    asked = orjson.loads(request.body)
    return Request(asked["query"], asked["operationName"], asked["variables"])


async def count_statements(dataset, request, identify):
    """Return how many statements *request*, made with a key, takes once its document is known."""
    registry = await Registry.open(Settings(db=str(dataset.path)))
    transactions = []

    def identify_in_view(tx, credentials, now):
        transactions.append(tx)
        return identify(tx, credentials, now)

    schema, database = registry.engine.schema, registry.database
    engine = Engine(schema, database, registry.settings, identify_in_view, lambda *_: None)
    credentials = Credentials(dataset.key, "api_key")
    try:
        await engine.answer(request, credentials, "first")
        second = await engine.answer(request, credentials, "second")
    finally:
        engine.close()
        await registry.close()
    assert "errors" not in second.body
    return transactions[-1].statements


@pytest.mark.parametrize(
    ("scenario", "fields"),
    [("open-package", 25), ("search", 464), ("browse-catalog", 688)],
)
def test_the_reads_are_as_large_as_they_are_said_to_be(scenario, fields, dataset, servers):
    (found,) = (s for s in scenarios.READS if s.name == scenario)

    answered = answer(servers[0], first_request(found, dataset))

    assert count_fields(answered["data"]) == fields


def count_fields(value):
    """Return how many fields an answer has."""
    if isinstance(value, dict):
        return len(value) + sum(map(count_fields, value.values()))
    return sum(map(count_fields, value)) if isinstance(value, list) else 0


def test_made_package_files_are_valid_and_found_by_their_own_words():
    text = texts.package_file(7, PACKAGES, texts.VERSIONS[-1])

    file = package_file.parse(text)

    assert 4_000 < len(text) < 5_000
    assert file.format == texts.FORMAT
    assert file_text(file) == index_text(texts.search_parts(7))


def test_words_that_are_searched_for_are_their_own_stems():
    # The peers and the floor do not stem.
    words = [texts.COMMON, *(texts.topic(package, 100_000) for package in range(2_000))]

    assert [word for word in words if stem(word) != word] == []


def test_a_topic_stays_as_rare_however_many_packages_there_are():
    for packages in (600, 6_000):
        topics = [texts.topic(package, packages) for package in range(packages)]

        assert topics.count(topics[0]) == texts.PER_TOPIC


def test_the_client_reads_lengths_and_tells_errors():
    head = b"HTTP/1.1 200 OK\r\nServer: x\r\nContent-length: 12"

    assert content_length(head) == 12
    assert content_length(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked") is None
    assert is_good(head + b'\r\n\r\n{"data":null}')
    assert not is_good(head + b'\r\n\r\n{"errors":[]}')
    assert not is_good(b'HTTP/1.1 503 Busy\r\n\r\n{"data":{}}')

"""The statements that are put together for connections find their rows by an index.

Those that stand in `queries.py` as they are have a test of their own, in tests/store.
"""

from __future__ import annotations

from itertools import product

import pytest

from litereg.labels import filters
from litereg.labels.assignments import queries as assignments
from litereg.labels.connections import Form, Source, count_query, page_query
from litereg.labels.history import queries as history
from litereg.labels.labels import queries as labels
from litereg.labels.labels.inputs import CreateLabel
from litereg.labels.public_packages import queries as public_packages
from litereg.store import Transaction
from litereg.store.connection import connect
from litereg.store.migrate import migrate

SOURCES = {
    name: member
    for module in (labels, public_packages, history)
    for name, member in vars(module).items()
    if isinstance(member, Source)
}


def condition(entity, **members):
    shape = filters.ENTITIES[entity].shape
    return filters.compile_filter(entity, shape(**members)).sql


FILTERS = {
    "label": condition("label", name_contains_fold="a", name_in=["a"], has_public_packages=True),
    "package": condition("package", type="npm", has_custom_catalog_labels=True),
    "version": condition("version", version_has_prefix="1", has_custom_catalog_labels=False),
}


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    path = tmp_path_factory.mktemp("statements") / "test.db"
    raw = connect(path)
    migrate(raw, path)
    yield raw
    raw.close()


class Ones(dict):
    """A value for any parameter."""

    def __missing__(self, name):
        return 1


def steps(database, query):
    """Return the steps of SQLite's plan for a statement."""
    plan = database.execute(f"EXPLAIN QUERY PLAN {query.sql}", Ones())
    return [row[3] for row in plan]


def whole_tables(database, query):
    """Return the steps that read a whole table; lists and the rows found so far are none."""
    tables = {row[0] for row in database.execute("SELECT name FROM sqlite_schema")}
    aliases = tables | {"n", "a", "p", "c", "r", "v", "e", "l"}
    return [
        step
        for step in steps(database, query)
        if step.startswith("SCAN ") and step.split()[1] in aliases
    ]


@pytest.mark.parametrize("name", SOURCES)
def test_connections_find_the_rows_of_their_parents_by_an_index(database, name):
    source = SOURCES[name]
    columns = [None, *source.orders.values()]
    for column, *flags in product(columns, *[(False, True)] * 6):
        form = Form(column, *flags, condition="")
        query = page_query(source, form)
        found = whole_tables(database, query)
        assert not found or query.scans, (form, found)
    found = whole_tables(database, count_query(source, ""))
    assert not found or source.scans, found


@pytest.mark.parametrize("name", SOURCES)
@pytest.mark.parametrize("has_parents", [False, True])
@pytest.mark.parametrize("is_filtered", [False, True])
def test_no_statement_builds_a_whole_view(database, name, has_parents, is_filtered):
    source = SOURCES[name]
    condition = FILTERS.get(source.entity, "") if is_filtered else ""

    for query in (
        page_query(source, Form(None, False, False, True, False, has_parents, False, condition)),
        page_query(source, Form(None, True, False, False, True, has_parents, True, condition)),
        count_query(source, condition),
    ):
        plan = steps(database, query)
        assert not [s for s in plan if "MATERIALIZE" in s or "AUTOMATIC" in s], plan


@pytest.mark.parametrize(
    "name",
    [
        "LABELS",
        "PACKAGES",
        "VERSIONS",
        "PACKAGES_OF_LABELS",
        "VERSIONS_OF_LABELS",
        "EVENTS",
        "EVENTS_OF_LABEL",
        "EVENTS_OF_PACKAGE",
        "EVENTS_OF_VERSION",
    ],
)
@pytest.mark.parametrize("is_backward", [False, True])
@pytest.mark.parametrize("has_after", [False, True])
def test_pages_are_read_in_the_order_of_ids_without_sorting(database, name, is_backward, has_after):
    form = Form(None, False, is_backward, has_after, False, False, False, "")

    plan = steps(database, page_query(SOURCES[name], form))

    assert not [step for step in plan if "TEMP B-TREE" in step], plan


@pytest.mark.parametrize("descending", [False, True])
def test_labels_are_paged_by_name_without_sorting(database, descending):
    form = Form("name", descending, False, True, False, False, False, "")

    plan = steps(database, page_query(SOURCES["LABELS"], form))

    assert not [step for step in plan if "TEMP B-TREE" in step], plan
    assert any("SEARCH n USING INDEX" in step for step in plan), plan


def test_registered_packages_are_paged_by_name_through_an_index(database):
    form = Form("name", False, False, True, False, False, False, "")

    plan = steps(database, page_query(SOURCES["PACKAGES"], form))

    # Data packages, whose names are put together, are sorted; they are a part of their own.
    registered = plan[plan.index("LEFT") + 1 : plan.index("RIGHT")]
    assert registered == ["SEARCH r USING INDEX registered_package_by_name (name>?)"]


def work(database, query, **values):
    """Return how many steps SQLite takes for a statement, to the ten."""
    tens = 0

    def count():
        nonlocal tens
        tens += 1

    database.set_progress_handler(count, 10)
    try:
        database.execute(query.sql, values).fetchall()
    finally:
        database.set_progress_handler(None, 0)
    return tens * 10


def test_a_page_costs_as_much_wherever_it_begins_and_however_long_the_list_is(database):
    tx = Transaction(database)
    database.execute("BEGIN")
    labels.insert_labels(tx, [CreateLabel(name="a")], None, 0)
    public_packages.register_packages(tx, [("npm", "x")], 0)
    package = public_packages.locate_packages(tx, [("npm", "x")])["npm", "x"].package
    wanted = [(package.row_id, f"{number}") for number in range(3_000)]
    public_packages.register_versions(tx, wanted, 0)
    found = public_packages.locate_versions(tx, wanted)
    ids = sorted(located.version.row_id for located in found.values())
    label = labels.find_label(tx, "a").row_id
    assignments.label_versions(tx, label, ids, None, 0)
    page = Form(None, False, False, True, False, False, False, "")
    query = page_query(public_packages.VERSIONS_OF_LABELS, page)

    costs = [
        work(database, query, parent=label, limit=101, after_id=after)
        for after in (0, ids[0], ids[1_500], ids[-102])
    ]
    database.execute("ROLLBACK")

    assert max(costs) < 4_000
    assert max(costs) - min(costs) < 200

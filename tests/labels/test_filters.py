"""Filters, orders and pages find what the model finds, whatever is combined."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from litereg.access import Viewer
from litereg.app import Registry
from litereg.errors import InvalidInput, LimitExceeded
from litereg.gql.context import Context, Memory
from litereg.gql.relay import Direction, Order, PageArguments
from litereg.labels.assignments import queries as assignments
from litereg.labels.connections import Listing
from litereg.labels.filters import ENTITIES, MAX_DEPTH, MAX_MEMBERS, compile_filter
from litereg.labels.labels import queries as labels
from litereg.labels.labels.inputs import CreateLabel
from litereg.labels.public_packages import queries as packages
from litereg.settings import Settings
from litereg.store import Transaction
from litereg.store.connection import connect
from tests.client import People, make_catalog, make_package, package_file, publish
from tests.labels.model import (
    ANY_TEXT,
    LETTERS,
    TEXT,
    Label,
    Package,
    Version,
    World,
    as_input,
    filters,
    holds,
    split,
)

ADMIN = Viewer(1, "ann", is_admin=True)
SOURCES = {"label": labels.LABELS, "package": packages.PACKAGES, "version": packages.VERSIONS}
ORDERS = {"label": ["NAME"], "package": ["NAME", "TYPE"], "version": ["VERSION"]}
QUICK = settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

# Where the registry keeps a second data package and its version, which are not public.
HIDDEN = 2


async def make_data_packages(path):
    """Make two data packages with a version each, the first of them public."""
    registry = await Registry.open(Settings(db=str(path), password_cost=4))
    ann = await People(registry)("ann")
    await make_catalog(ann, "sA", is_public=True)
    for slug, is_public in (("ab", True), ("b", False)):
        ref = await make_package(ann, "sA", slug, is_public)
        assert not (await publish(ann, ref, package_file("1.2.3"))).errors
    await registry.close()


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    path = tmp_path_factory.mktemp("filters") / "original.db"
    asyncio.run(make_data_packages(path))
    return path


@pytest.fixture(scope="module")
def database(original):
    raw = connect(original)
    assert raw.execute("SELECT slug FROM package ORDER BY id").fetchall() == [("ab",), ("b",)]
    assert raw.execute("SELECT id FROM version ORDER BY package_id").fetchall() == [(1,), (2,)]
    yield raw
    raw.close()


class Undone:
    """A transaction whose changes never stay."""

    def __init__(self, raw):
        self._raw = raw

    def __enter__(self):
        self._raw.execute("BEGIN")
        return Context(Transaction(self._raw), ADMIN, Settings(), Memory(0, b""))

    def __exit__(self, *_error):
        self._raw.execute("ROLLBACK")


@st.composite
def worlds(draw):
    """Draw a catalog without ids, and what carries labels that nobody sees."""
    names = draw(st.lists(TEXT, max_size=5, unique=True))
    world = World(
        [Label(name, draw(ANY_TEXT)) for name in names],
        [
            Package(type_, name)
            for type_, name in draw(st.lists(st.tuples(TEXT, TEXT), max_size=4, unique=True))
        ],
        [],
    )
    for package in world.packages:
        for number in draw(st.lists(TEXT, max_size=2, unique=True)):
            world.versions.append(Version(package, number))
    data_package = Package("datapm", "sA/ab", id=1)
    world.packages.append(data_package)
    world.versions.append(Version(data_package, "1.2.3", id=1))
    carriers = [("packages", p) for p in world.packages] + [("versions", v) for v in world.versions]
    hidden = [("packages", Package("", "", HIDDEN)), ("versions", Version(None, "", HIDDEN))]
    assigned = []
    if world.labels:
        for carrier in carriers + hidden:
            label = draw(st.one_of(st.none(), st.sampled_from(world.labels)))
            if label is not None:
                assigned.append((label, *carrier))
    return world, assigned


def build(ctx, world, assigned):
    """Put *world* into the database, the ids it gets into the world, and relate its rows."""
    new = [CreateLabel(name=label.name, description=label.description) for label in world.labels]
    labels.insert_labels(ctx.tx, new, 1, 0)
    for label in world.labels:
        label.id = labels.find_label(ctx.tx, label.name).row_id
        label.packages, label.versions = [], []
    keys = [(p.type, p.name) for p in world.packages]
    packages.register_packages(ctx.tx, keys[:-1], 0)
    found = packages.locate_packages(ctx.tx, keys)
    for package, key in zip(world.packages, keys, strict=True):
        package.id, package.labels = found[key].package.row_id, []
    keys = [(v.package.id, v.version) for v in world.versions]
    packages.register_versions(ctx.tx, keys[:-1], 0)
    found = packages.locate_versions(ctx.tx, keys)
    for version, key in zip(world.versions, keys, strict=True):
        version.id, version.labels = found[key].version.row_id, []
    for label, kind, carrier in assigned:
        if kind == "packages":
            assignments.label_package(ctx.tx, label.id, carrier.id, 1, 0)
        else:
            assignments.label_versions(ctx.tx, label.id, [carrier.id], 1, 0)
        if carrier.id != HIDDEN:
            getattr(label, kind).append(carrier)
            carrier.labels.append(label)


def random_world(random):
    """Return a catalog in which each predicate is true of some rows and false of others."""

    def text(shortest):
        return "".join(random.choices(LETTERS, k=random.randint(shortest, 3)))

    world = World([Label(name, text(0)) for name in {text(1) for _ in range(40)}], [], [])
    for type_, name in {(random.choice("aAä"), text(1)) for _ in range(20)}:
        package = Package(type_, name)
        world.packages.append(package)
        world.versions += [Version(package, number) for number in {text(1) for _ in range(2)}]
    data_package = Package("datapm", "sA/ab", id=1)
    world.packages.append(data_package)
    world.versions.append(Version(data_package, "1.2.3", id=1))
    assigned = [
        (random.choice(world.labels), kind, carrier)
        for kind in ("packages", "versions")
        for carrier in getattr(world, kind)[::2]
    ]
    return world, assigned


@pytest.fixture(scope="module")
def random_catalog(original):
    random = Random(1)
    world, assigned = random_world(random)
    raw = connect(Path(shutil.copy(original, original.with_name("copy.db"))))
    with Undone(raw) as ctx:
        build(ctx, world, assigned)
        yield ctx, world, random
    raw.close()


def some_values(random, world, entity, column):
    """Return values that equal, contain and miss what rows have in a column."""
    has = [getattr(row, column) for row in world.rows(entity)]
    if column == "id":
        return [str(value) for value in (*has[:8], 0, max(has) + 1)]
    texts = [*random.sample(has, 8), "", "%", "datapm", "1.2", "SA/A", "ss", "ß"]
    return [*texts, *(text[:1].upper() for text in texts), *(text[1:] for text in texts)]


@pytest.mark.parametrize(
    ("entity", "member"),
    [(entity, member) for entity in ENTITIES for member in ENTITIES[entity].predicates],
)
def test_each_predicate_means_what_the_model_says(random_catalog, entity, member):
    ctx, world, random = random_catalog
    column, suffix = split(member)
    values = some_values(random, world, entity, column)
    if suffix.endswith("_in"):
        values = [[], *(random.sample(values, 3) for _ in range(10))]
    found_some = False

    for value in values:
        where = {member: value}
        arguments = PageArguments(where=as_input(entity, where))
        found = ids(Listing(ctx, SOURCES[entity], arguments).page(0))
        assert found == expected(world, entity, where, None), where
        found_some = found_some or 0 < len(found) < len(world.rows(entity))
    assert found_some


@pytest.mark.parametrize(
    ("entity", "member"),
    [(entity, member) for entity in ENTITIES for member in ENTITIES[entity].related],
)
@pytest.mark.parametrize("value", [True, False])
def test_related_rows_are_there_or_not_as_the_model_says(random_catalog, entity, member, value):
    ctx, world, _ = random_catalog
    where = {member: value}

    found = Listing(ctx, SOURCES[entity], PageArguments(where=as_input(entity, where))).page(0)

    assert ids(found) == expected(world, entity, where, None)


def value_of(column):
    if column == "id":
        return st.integers(0, 12).map(str)
    return st.one_of(ANY_TEXT, st.sampled_from(["datapm", "DataPM", "sA/ab", "/", "1.2", "1.2.3"]))


@st.composite
def searches(draw):
    entity = draw(st.sampled_from(["label", "package", "version"]))
    world, assigned = draw(worlds())
    where = draw(st.one_of(st.none(), filters(entity, value_of)))
    order = draw(
        st.one_of(
            st.none(),
            st.builds(
                Order, field=st.sampled_from(ORDERS[entity]), direction=st.sampled_from(Direction)
            ),
        )
    )
    return entity, world, assigned, where, order


def expected(world, entity, where, order):
    """Return the ids of what the model finds, in order."""
    rows = [row for row in world.rows(entity) if where is None or holds(where, row)]
    if order is None:
        return sorted(row.id for row in rows)
    column = order.field.lower()
    rows.sort(
        key=lambda row: (getattr(row, column), row.id),
        reverse=order.direction is Direction.DESC,
    )
    return [row.id for row in rows]


def ids(page):
    return [edge.node.row_id for edge in page.edges]


@QUICK
@given(search=searches())
def test_a_search_finds_what_the_model_finds_in_its_order(database, search):
    entity, world, assigned, where, order = search
    with Undone(database) as ctx:
        build(ctx, world, assigned)
        given = None if where is None else as_input(entity, where)

        listing = Listing(ctx, SOURCES[entity], PageArguments(where=given, order_by=order))

        wanted = expected(world, entity, where, order)
        assert ids(listing.page(0)) == wanted
        assert listing.count(0) == len(wanted)


@QUICK
@given(search=searches(), size=st.integers(1, 3), backward=st.booleans())
def test_pages_put_together_are_the_whole(database, search, size, backward):
    entity, world, assigned, where, order = search
    with Undone(database) as ctx:
        build(ctx, world, assigned)
        given = None if where is None else as_input(entity, where)
        seen, cursor, has_more = [], None, True

        while has_more:
            place = (
                {"last": size, "before": cursor}
                if backward
                else {
                    "first": size,
                    "after": cursor,
                }
            )
            arguments = PageArguments(where=given, order_by=order, **place)
            page = Listing(ctx, SOURCES[entity], arguments).page(0)
            assert len(page.edges) <= size
            seen = ids(page) + seen if backward else seen + ids(page)
            has_more = page.has_previous_page if backward else page.has_next_page
            cursor = page.start_cursor if backward else page.end_cursor
            assert page.edges or not has_more

        assert seen == expected(world, entity, where, order)


@QUICK
@given(search=searches(), size=st.integers(0, 2), backward=st.booleans())
def test_lists_below_many_parents_are_those_below_each(database, search, size, backward):
    _, world, assigned, _, order = search
    with Undone(database) as ctx:
        build(ctx, world, assigned)
        order = None if order is None else Order(field="NAME", direction=order.direction)
        page = PageArguments(order_by=order, **{"last" if backward else "first": size})
        parents = [package.id for package in world.packages] + [HIDDEN, world.packages[0].id]

        together = Listing(ctx, labels.LABELS_OF_PACKAGES, page, parents).connections()

        for parent, connection in zip(parents, together, strict=True):
            alone = Listing(ctx, labels.LABELS_OF_PACKAGES, page, [parent]).connections()[0]
            assert ids(connection.page_info) == ids(alone.page_info)
            assert connection.page_info[1:] == alone.page_info[1:]
            assert connection.total_count == alone.total_count
        assert together[-2].total_count == 0


@pytest.mark.parametrize(
    ("where", "entity", "message"),
    [
        ({"not_": {}}, "label", "empty predicate CustomCatalogLabelWhereInput: field 'not'"),
        ({"and_": [{}]}, "label", "empty predicate CustomCatalogLabelWhereInput: field 'and'"),
        ({"or_": []}, "package", "empty predicate PublicPackageWhereInput: field 'or'"),
        (
            {"has_public_package_with": [{}]},
            "version",
            "empty predicate PublicPackageWhereInput: field 'hasPublicPackageWith'",
        ),
        (
            {"not_": {"name": None}},
            "label",
            "empty predicate CustomCatalogLabelWhereInput: field 'not'",
        ),
    ],
)
def test_what_says_nothing_inside_a_filter_is_refused(where, entity, message):
    with pytest.raises(InvalidInput) as refused:
        compile_filter(entity, as_input(entity, where))

    assert refused.value.message == message


@pytest.mark.parametrize("where", [{}, {"name": None}])
def test_what_says_nothing_at_the_top_filters_nothing(where):
    assert compile_filter("label", as_input("label", where)) == ("", {})
    assert compile_filter("label", None) == ("", {})


@pytest.mark.parametrize("text", ["", "x", "-1", "1.0", "٣", "1" * 19, " 1", "1e3"])
def test_an_id_that_is_no_number_is_refused(text):
    for member in ("id", "id_gt"):
        with pytest.raises(InvalidInput, match="INVALID_ID"):
            compile_filter("label", as_input("label", {member: text}))
    with pytest.raises(InvalidInput, match="INVALID_ID"):
        compile_filter("label", as_input("label", {"id_in": ["1", text]}))


@pytest.mark.parametrize("member", ["name", "name_contains_fold", "description_in"])
@pytest.mark.parametrize("text", ["\ud800", "a\0"])
def test_text_that_no_row_can_hold_is_refused(member, text):
    value = [text] if member.endswith("_in") else text

    with pytest.raises(InvalidInput, match="INVALID_TEXT"):
        compile_filter("label", as_input("label", {member: value}))


def nested(levels):
    where = {"name": "a"}
    for _ in range(levels - 1):
        where = {"not_": where}
    return where


def test_filters_nest_so_deep_and_no_deeper():
    compile_filter("label", as_input("label", nested(MAX_DEPTH)))

    with pytest.raises(LimitExceeded, match="FILTER_TOO_DEEP"):
        compile_filter("label", as_input("label", nested(MAX_DEPTH + 1)))


def test_filters_have_so_many_parts_and_no_more():
    def parts(count):
        return as_input("label", {"or_": [{"name": str(n)} for n in range(count - 1)]})

    compile_filter("label", parts(MAX_MEMBERS))

    with pytest.raises(LimitExceeded, match="FILTER_TOO_LARGE"):
        compile_filter("label", parts(MAX_MEMBERS + 1))


def test_no_value_becomes_part_of_the_statement():
    text = "' OR 1=1 -- {list:x}"

    for entity, found in ENTITIES.items():
        for member, predicate in found.predicates.items():
            if predicate.prepare.__name__ == "_row_ids":
                continue
            value = [text] if member.endswith("_in") else text
            compiled = compile_filter(entity, as_input(entity, {member: value}))
            assert "OR 1=1" not in compiled.sql
            assert list(compiled.values) == ["p1"]

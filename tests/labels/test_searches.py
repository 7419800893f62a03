"""Filters, orders and pages find what the model finds, whatever is combined."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from litereg.gql.relay import Direction, Order, PageArguments
from litereg.labels.connections import Listing
from litereg.labels.labels import queries as labels
from litereg.labels.public_packages import queries as public_packages
from litereg.store.connection import connect
from tests.labels.model import ANY_TEXT, as_input, filters
from tests.labels.worlds import HIDDEN, SOURCES, Undone, build, expected, ids, worlds

ORDERS = {"label": ["NAME"], "package": ["NAME", "TYPE"], "version": ["VERSION"]}
QUICK = settings(
    max_examples=100,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(scope="module")
def database(original):
    raw = connect(original)
    yield raw
    raw.close()


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


def rows_below(world, kind, parent):
    """Return what is listed below a row, as the model has it."""
    match kind:
        case "packages of labels":
            return parent.packages
        case "versions of labels":
            return parent.versions
        case "versions of packages":
            return [version for version in world.versions if version.package is parent]
    return parent.labels


# What is listed → where it comes from, and what is above and below.
BELOW = {
    "packages of labels": (public_packages.PACKAGES_OF_LABELS, "label", "package"),
    "versions of labels": (public_packages.VERSIONS_OF_LABELS, "label", "version"),
    "versions of packages": (public_packages.VERSIONS_OF_PACKAGES, "package", "version"),
    "labels of packages": (labels.LABELS_OF_PACKAGES, "package", "label"),
    "labels of versions": (labels.LABELS_OF_VERSIONS, "version", "label"),
}


@st.composite
def listings(draw):
    kind = draw(st.sampled_from(sorted(BELOW)))
    entity = BELOW[kind][2]
    where = draw(st.one_of(st.none(), filters(entity, value_of)))
    orders = st.builds(
        Order, field=st.sampled_from(ORDERS[entity]), direction=st.sampled_from(Direction)
    )
    order = draw(st.one_of(st.none(), orders))
    size = draw(st.one_of(st.none(), st.integers(1, 2)))
    return kind, where, order, size, draw(st.booleans()), draw(worlds())


@QUICK
@given(listing=listings())
def test_lists_below_their_parents_are_what_the_model_has_there(database, listing):
    kind, where, order, size, backward, (world, assigned) = listing
    source, above, entity = BELOW[kind]
    page = {} if size is None else {"last" if backward else "first": size}
    with Undone(database) as ctx:
        build(ctx, world, assigned)
        given = None if where is None else as_input(entity, where)
        arguments = PageArguments(where=given, order_by=order, **page)
        parents = world.rows(above)
        if not parents:
            return

        found = Listing(ctx, source, arguments, [parent.id for parent in parents]).connections()

        for parent, connection in zip(parents, found, strict=True):
            there = {row.id for row in rows_below(world, kind, parent)}
            wanted = [id_ for id_ in expected(world, entity, where, order) if id_ in there]
            assert connection.total_count == len(wanted)
            if size is not None:
                wanted = wanted[-size:] if backward else wanted[:size]
            assert ids(connection.page_info) == wanted

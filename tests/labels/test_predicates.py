"""Each predicate finds what the model finds, and a filter that cannot be meant is refused."""

from __future__ import annotations

import shutil
from pathlib import Path
from random import Random

import pytest

from litereg.errors import InvalidInput, LimitExceeded
from litereg.gql.relay import PageArguments
from litereg.labels.connections import Listing
from litereg.labels.filters import ENTITIES, MAX_DEPTH, MAX_MEMBERS, compile_filter
from litereg.store.connection import connect
from tests.labels.model import as_input, split
from tests.labels.worlds import SOURCES, Undone, build, expected, ids, random_world


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

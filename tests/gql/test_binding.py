"""Where the SDL and the code do not fit together, nothing starts, and every gap is listed."""

import enum
from dataclasses import dataclass, make_dataclass
from typing import NamedTuple

import pytest

from litereg.gql.binding import BindingError, bind, snake_case
from litereg.gql.resolver import resolver
from tests.gql.toy import base, make_schema, room


class Model(NamedTuple):
    """A row."""

    display_name: str


@dataclass(slots=True)
class Plain:
    """A model that is no row, with a property."""

    first: str

    @property
    def second(self) -> str:
        return self.first * 2


def root(field="Query.first"):
    """Return a new function that answers *field*."""

    def answer(ctx):
        return None

    return resolver(field)(answer)


FIRST = "extend type Query { first: String }"


def gaps(sdl, *rooms):
    with pytest.raises(BindingError) as error:
        bind(base() + sdl, rooms)
    for gap in error.value.gaps:
        assert f"\n  {gap}" in str(error.value)
    # The roots of these schemas have no field of their own.
    return error.value.gaps


@pytest.mark.parametrize(
    ("sdl", "members", "expected"),
    [
        (FIRST, {}, ["Query.first has no resolver and no attribute"]),
        (
            FIRST,
            {"first": root(), "second": root("Query.second"), "third": root("Thing.third")},
            ["Query.second has a resolver but no field", "Thing.third has a resolver but no field"],
        ),
        (
            FIRST + "type Thing { displayName: String! size: Int }",
            {"first": root(), "MODELS": {"Thing": Model}},
            ["Thing.size has no resolver and no attribute"],
        ),
        (
            FIRST + "type Thing { displayName: String! }",
            {"first": root()},
            ["Thing.displayName has no resolver and no attribute"],
        ),
        (
            FIRST,
            {"first": root(), "MODELS": {"Thing": Model}},
            ["Thing is in no SDL"],
        ),
        (
            FIRST + "input New { displayName: String }",
            {"first": root()},
            ["input New has no dataclass"],
        ),
        (
            FIRST + "input New { displayName: String size: Int }",
            {"first": root(), "INPUTS": {"New": make_dataclass("New", ["size", "weight"])}},
            ["New lacks display_name of New", "New.weight is not in New"],
        ),
        (
            FIRST,
            {"first": root(), "INPUTS": {"New": make_dataclass("New", [])}},
            ["New is in no SDL"],
        ),
        (
            FIRST + "enum Colour { RED GREEN }",
            {"first": root(), "ENUMS": {"Colour": enum.Enum("Colour", "RED BLUE")}},
            ["Colour lacks GREEN of Colour", "Colour.BLUE is not in enum Colour"],
        ),
        (
            FIRST,
            {"first": root(), "ENUMS": {"Colour": enum.Enum("Colour", "RED")}},
            ["Colour is in no SDL"],
        ),
        (
            FIRST,
            {"first": root(), "again": root()},
            ["Query.first has two resolvers"],
        ),
    ],
)
def test_a_gap_stops_the_start(sdl, members, expected):
    assert gaps(sdl, room(**members)) == expected


def test_all_gaps_are_told_at_once():
    sdl = "extend type Query { first: String second: Int } input New { a: Int }"

    assert len(gaps(sdl, room(other=root("Query.other")))) == 4


def test_two_rooms_may_not_answer_one_field():
    assert gaps(FIRST, room(first=root()), room(first=root())) == ["Query.first has two resolvers"]


def test_a_function_that_a_room_only_imports_is_not_its_resolver():
    first = root()
    home = room(first=first)
    visitor = room()
    visitor.first = first
    visitor.__name__ = "visitor"

    schema = bind(base() + FIRST, [home, visitor])

    assert schema.query_type.fields["first"].resolve is not None


def test_an_attribute_answers_where_no_resolver_does():
    sdl = FIRST + "type Row { displayName: String! } type Thing { first: String! second: String! }"
    members = {"first": root(), "MODELS": {"Row": Model, "Thing": Plain}}

    schema = bind(base() + sdl, [room(**members)])

    row, thing = schema.get_type("Row").fields, schema.get_type("Thing").fields
    assert row["displayName"].resolve(Model("Rain"), None) == "Rain"
    assert thing["first"].resolve(Plain("ab"), None) == "ab"
    assert thing["second"].resolve(Plain("ab"), None) == "abab"


def test_annotations_that_nobody_can_read_are_no_hindrance():
    def answer(ctx) -> "Nowhere":  # noqa: F821 - the name is unknown on purpose
        return "answered"

    schema = bind(base() + FIRST, [room(first=resolver("Query.first")(answer))])

    assert schema.query_type.fields["first"].resolve is not None


def test_enums_without_a_python_side_and_scalars_without_functions_stay_as_they_are():
    sdl = FIRST + "enum Colour { RED } scalar Anything"

    schema = bind(base() + sdl, [room(first=root())])

    assert schema.get_type("Colour").values["RED"].value == "RED"
    assert schema.get_type("Anything").coerce_output_value({"any": 1}) == {"any": 1}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("name", "name"),
        ("displayName", "display_name"),
        ("offSet", "off_set"),
        ("isAPI", "is_api"),
        ("registryURL", "registry_url"),
        ("createAPIKey", "create_api_key"),
        ("gitHubHandle", "git_hub_handle"),
        ("not", "not_"),
        ("and", "and_"),
    ],
)
def test_names_are_spelled_as_python_spells_them(name, expected):
    assert snake_case(name) == expected


def test_the_schema_of_these_tests_fits_together():
    assert make_schema().query_type is not None

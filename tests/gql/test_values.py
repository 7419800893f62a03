"""Values that resolvers return, and what the specification makes of them."""

import pytest
from graphql import get_introspection_query

pytestmark = pytest.mark.asyncio(loop_scope="module")

SELECTION = "{ loose(shape: %s) { text flag number colour even needed item { name } } }"

AS_PROMISED = {
    "text": "text",
    "flag": True,
    "number": 7,
    "colour": "GREEN",
    "even": 4,
    "needed": "needed",
    "item": {"name": "a"},
}
NULLS = dict.fromkeys(("text", "flag", "number", "colour", "even"))


@pytest.mark.parametrize(
    ("shape", "data"),
    [
        ("as promised", AS_PROMISED),
        ("nulls", AS_PROMISED | NULLS),
        ("convertible", AS_PROMISED | {"text": "7", "flag": True, "number": 7}),
    ],
)
async def test_values_are_converted_where_that_loses_nothing(shared_engine, shape, data):
    answer = await shared_engine.ask(SELECTION % f'"{shape}"')

    assert answer.body == {"data": {"loose": data}}


@pytest.mark.parametrize(
    "field", ["text", "flag", "number", "large number", "colour", "even", "needed", "item"]
)
async def test_a_value_that_cannot_be_converted_fails_its_field(shared_engine, field):
    answer = await shared_engine.ask(SELECTION % f'"{field}"')

    name = field.removeprefix("large ")
    nothing = AS_PROMISED | {name: None} if name in NULLS else None
    assert answer.body["data"] == {"loose": nothing}
    assert [error["path"] for error in answer.body["errors"]] == [["loose", name]]


async def test_an_object_that_must_be_there_takes_its_parent_with_it(shared_engine):
    text = '{ flag item(name: "%s") { twin { name } } }'

    there = await shared_engine.ask(text % "a")
    absent = await shared_engine.ask(text % "alone")

    assert there.body == {"data": {"flag": False, "item": {"twin": {"name": "a"}}}}
    assert absent.body["data"] == {"flag": False, "item": None}
    assert [error["path"] for error in absent.body["errors"]] == [["item", "twin"]]


async def test_nulls_and_lists_inside_objects_are_kept_in_place(shared_engine):
    answer = await shared_engine.ask(
        "{ items(count: 2) { name parent { name parent { name } } inside { name } "
        "children(most: 2) { children(most: 0) { name } parent { name } } } }"
    )

    child = [{"children": [], "parent": {"name": name}} for name in "01"]
    assert answer.body["data"]["items"] == [
        {"name": name, "parent": None, "inside": None, "children": [child[place]] * 2}
        for place, name in enumerate("01")
    ]


async def test_a_list_that_is_not_there_is_null_among_those_that_are(shared_engine):
    answer = await shared_engine.ask("{ items(count: 3) { cousins { name } } }")

    lists = [items["cousins"] for items in answer.body["data"]["items"]]
    assert lists == [None, [{"name": "1"}] * 2, [{"name": "2"}] * 2]


async def test_no_objects_ask_for_no_children(shared_engine):
    answer = await shared_engine.ask(
        "{ items(count: 0) { children { children(most: 1) { name } } } }"
    )

    assert answer.body == {"data": {"items": []}}


async def test_one_field_selected_twice_is_answered_once_with_all_that_was_selected(shared_engine):
    answer = await shared_engine.ask(
        '{ item(name: "ab") { name parent { name } } item(name: "ab") { ...P __typename } } '
        "fragment P on Item { parent { colour name } }"
    )

    assert answer.body == {
        "data": {
            "item": {
                "name": "ab",
                "parent": {"name": "a", "colour": "RED"},
                "__typename": "Item",
            }
        }
    }


@pytest.mark.parametrize("text", ["query @traced { flag }", "{ flag @traced }"])
async def test_directives_without_a_meaning_here_change_nothing(shared_engine, text):
    assert (await shared_engine.ask(text)).body == {"data": {"flag": False}}


async def test_the_schema_describes_itself(shared_engine):
    answer = await shared_engine.ask(get_introspection_query(), "ann")

    names = {entry["name"] for entry in answer.body["data"]["__schema"]["types"]}
    assert {"Item", "Loose", "Box", "Colour", "Even"} <= names


@pytest.mark.parametrize("value", [{"a": [1, {"b": None}]}, [1.5, "x"], "text", None])
async def test_any_json_comes_back_as_it_went(shared_engine, value):
    answer = await shared_engine.ask("query ($v: JSON) { anything(value: $v) }", v=value)

    assert answer.body == {"data": {"anything": value}}


async def test_json_may_be_written_out_with_variables_inside(shared_engine):
    literal = "{a: [1, {b: null}], text: $text}"

    answer = await shared_engine.ask(
        f"query ($text: String!) {{ anything(value: {literal}) }}", text="much too long for a name"
    )

    wanted = {"a": [1, {"b": None}], "text": "much too long for a name"}
    assert answer.body == {"data": {"anything": wanted}}

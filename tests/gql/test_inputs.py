"""Rules on members of inputs and on arguments, and how values are converted."""

import pytest

pytestmark = pytest.mark.asyncio(loop_scope="module")

REASON = "NAME_TOO_LONG"
GOOD = {"name": "good"}
LONG = {"name": "much too long"}


async def send(shared_engine, value):
    return await shared_engine.ask("query ($value: Box!) { box(value: $value) }", value=value)


@pytest.mark.parametrize(
    ("value", "place"),
    [
        (LONG, "value.name"),
        (GOOD | {"note": "much too long"}, "value.note"),
        (GOOD | {"inner": LONG}, "value.inner.name"),
        (GOOD | {"inner": GOOD | {"inner": LONG}}, "value.inner.inner.name"),
        (GOOD | {"more": [GOOD, LONG]}, "value.more.1.name"),
        # One item stands for a list of one.
        (GOOD | {"more": LONG}, "value.more.0.name"),
    ],
)
async def test_a_broken_rule_is_found_wherever_it_is(shared_engine, value, place):
    answer = await send(shared_engine, value)

    assert answer.status == 400
    (error,) = answer.body["errors"]
    assert error["message"] == f'Variable "$value" got an invalid value at "{place}"; {REASON}'
    assert error["extensions"] == {"code": "GRAPHQL_VALIDATION_FAILED"}
    assert "much too long" not in str(answer.body)


@pytest.mark.parametrize(
    "value",
    [
        GOOD,
        GOOD | {"note": None, "inner": None, "more": None},
        GOOD | {"more": []},
        GOOD | {"more": GOOD},
    ],
)
async def test_what_keeps_the_rules_is_taken(shared_engine, value):
    assert (await send(shared_engine, value)).status == 200


async def test_each_broken_rule_is_told(shared_engine):
    answer = await send(shared_engine, LONG | {"note": "much too long", "inner": LONG})

    assert [error["message"].rpartition("; ")[2] for error in answer.body["errors"]] == [REASON] * 3


@pytest.mark.parametrize(
    "literal",
    [
        '{name: "much too long"}',
        '{name: """much too long"""}',
        '{name: "good", inner: {name: "much too long"}}',
        '{name: "good", more: [{name: "much too long"}]}',
        '{name: "good", more: {name: "much too long"}}',
    ],
)
async def test_a_broken_rule_is_found_in_a_literal(shared_engine, literal):
    answer = await shared_engine.ask(f"{{ box(value: {literal}) }}")

    assert answer.status == 400
    assert answer.body["errors"][0]["message"] == f'Invalid value at "name"; {REASON}'


@pytest.mark.parametrize("literal", ['{name: "a", note: null}', '{name: "a", note: "b"}'])
async def test_what_keeps_the_rules_is_taken_from_a_literal(shared_engine, literal):
    assert (await shared_engine.ask(f"{{ box(value: {literal}) }}")).status == 200


async def test_a_broken_rule_is_found_in_the_default_of_a_variable(shared_engine):
    default = 'query ($value: Box = {name: "much too long"}) { boxes(values: [$value]) }'

    answer = await shared_engine.ask(default.replace("Box =", "Box! ="))

    assert answer.status == 400
    assert REASON in answer.body["errors"][0]["message"]


@pytest.mark.parametrize(
    "literal",
    ["{name: $text}", '{name: "good", note: $text}', '{name: "good", more: [{name: $text}]}'],
)
async def test_a_variable_inside_a_literal_obeys_the_rule_of_its_place(shared_engine, literal):
    text = f"query ($text: String!) {{ box(value: {literal}) }}"

    broken = await shared_engine.ask(text, text="much too long")
    kept = await shared_engine.ask(text, text="good")

    assert broken.status == 400
    assert broken.body["errors"][0]["message"].endswith(f"; {REASON}")
    assert kept.status == 200


async def test_a_rule_in_a_fragment_counts_in_the_operation_that_spreads_it(shared_engine):
    text = "query ($text: String!) { ...F } fragment F on Query { box(value: {name: $text}) }"

    answer = await shared_engine.ask(text, text="much too long")

    assert answer.status == 400


@pytest.mark.parametrize(
    "field", ['item(name: "much too long") { name }', "item(name: $long) { name }"]
)
async def test_a_rule_on_an_argument_fails_its_field(shared_engine, field):
    answer = await shared_engine.ask(f'query ($long: String = "much too long") {{ {field} }}')

    assert answer.status == 200
    (error,) = answer.body["errors"]
    assert (error["message"], error["path"]) == (REASON, ["item"])


@pytest.mark.parametrize("note", ["note: null", "note: $absent", "note: $null", ""])
async def test_a_rule_on_an_argument_minds_no_null(shared_engine, note):
    text = f'query ($absent: String, $null: String) {{ item(name: "a" {note}) {{ name }} }}'

    answer = await shared_engine.ask(text, null=None)

    assert answer.body == {"data": {"item": {"name": "a"}}}


async def test_of_several_broken_arguments_the_last_declared_is_told_first(shared_engine):
    answer = await shared_engine.ask('{ item(name: "a", note: "much too long") { name } }')

    assert answer.body["errors"][0]["message"] == REASON


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "non-null"),
        ({}, "required"),
        ({"name": None}, "non-null"),
        ({"name": 7}, "string"),
        ({"name": "a", "colour": "BLUE"}, "Colour"),
        ({"name": "a", "colour": 1}, "Colour"),
        ({"name": "a", "size": 3}, "not even"),
        ({"name": "a", "unknown": 1}, "unknown"),
        ({"name": "a", "inner": "text"}, "object"),
        ({"name": "a", "more": [None]}, "non-null"),
        ([], "object"),
    ],
)
async def test_a_value_of_the_wrong_type_cannot_run(shared_engine, value, words):
    answer = await send(shared_engine, value)

    assert answer.status == 400
    assert "data" not in answer.body
    assert words.lower() in answer.body["errors"][0]["message"].lower()
    codes = {error["extensions"]["code"] for error in answer.body["errors"]}
    assert codes == {"GRAPHQL_VALIDATION_FAILED"}


@pytest.mark.parametrize("value", [True, 1.5, "1", 2**31, None])
async def test_what_is_no_int_cannot_run(shared_engine, value):
    answer = await shared_engine.ask("query ($n: Int!) { items(count: $n) { name } }", n=value)

    assert answer.status == 400


@pytest.mark.parametrize("value", [1, True, []])
async def test_what_is_no_text_cannot_run(shared_engine, value):
    answer = await shared_engine.ask("query ($t: String!) { slow(text: $t) }", t=value)

    assert answer.status == 400


async def test_of_two_inputs_one_may_be_left_out(shared_engine):
    text = (
        "query ($v: [Box!], $o: [Box!], $n: Int = 1) "
        "{ boxes(values: $v) items(count: $n) { name } }"
    )

    answer = await shared_engine.ask(text, v=[GOOD])

    assert answer.body == {"data": {"boxes": 1, "items": [{"name": "0"}]}}


@pytest.mark.parametrize("value", [1, "true", []])
async def test_what_is_no_boolean_cannot_run(shared_engine, value):
    answer = await shared_engine.ask("query ($b: Boolean!) { flag(value: $b) }", b=value)

    assert answer.status == 400


async def test_a_whole_float_is_an_int_as_the_specification_says(shared_engine):
    answer = await shared_engine.ask("query ($n: Int!) { items(count: $n) { name } }", n=1.0)

    assert answer.body == {"data": {"items": [{"name": "0"}]}}


async def test_values_reach_resolvers_as_python_spells_them(shared_engine):
    full = {"name": "a", "colour": "GREEN", "size": 4, "more": [{"name": "b"}]}
    literal = '{name: "a", colour: GREEN, size: 4, more: [{name: "b"}]}'
    mixed = "{name: $name, colour: $colour, size: $size, more: $more}"
    declared = "$name: String!, $colour: Colour!, $size: Even, $more: [Box!]"

    by_variable = await send(shared_engine, full)
    by_literal = await shared_engine.ask(f"{{ box(value: {literal}) }}")
    by_both = await shared_engine.ask(f"query ({declared}) {{ box(value: {mixed}) }}", **full)

    assert by_variable.body == by_literal.body == by_both.body
    assert by_variable.body["data"]["box"] == (
        "Box(name='a', colour=<Colour.GREEN: 2>, note=None, size=4, inner=None, "
        "more=[Box(name='b', colour=<Colour.RED: 1>, note=None, size=None, inner=None, more=None)])"
    )


@pytest.mark.parametrize(
    ("text", "variables", "data"),
    [
        ("{ flag }", {}, {"flag": False}),
        ("{ flag(value: true) }", {}, {"flag": True}),
        ("query ($b: Boolean) { flag(value: $b) }", {}, {"flag": False}),
        ("query ($b: Boolean) { flag(value: $b) }", {"b": True}, {"flag": True}),
        ("query ($b: Boolean = true) { flag(value: $b) }", {}, {"flag": True}),
        ("query ($b: Boolean = true) { flag(value: $b) }", {"b": False}, {"flag": False}),
        ("query ($v: [Box!]) { boxes(values: $v) }", {}, {"boxes": None}),
        ("query ($v: [Box!]) { boxes(values: $v) }", {"v": None}, {"boxes": None}),
        ("query ($v: [Box!]) { boxes(values: $v) }", {"v": GOOD}, {"boxes": 1}),
        ("query ($v: [Box!]) { boxes(values: $v) }", {"v": [GOOD, GOOD]}, {"boxes": 2}),
        ('query ($v: Box!) { boxes(values: [$v, {name: "a"}]) }', {"v": GOOD}, {"boxes": 2}),
        ("query ($e: Even) { even(value: $e) }", {"e": 4}, {"even": 4}),
        ("query ($e: Even) { even(value: $e) }", {}, {"even": None}),
        ("{ even(value: 4) }", {}, {"even": 4}),
        ("query ($e: Even) { even(value: $e) }", {"e": 4, "surplus": 1}, {"even": 4}),
    ],
)
async def test_arguments_and_their_defaults(shared_engine, text, variables, data):
    answer = await shared_engine.ask(text, **variables)

    assert answer.body == {"data": data}


@pytest.mark.parametrize("text", ["{ even(value: 3) }", "query ($e: Even = 3) { even(value: $e) }"])
async def test_a_literal_that_a_scalar_refuses_cannot_run(shared_engine, text):
    answer = await shared_engine.ask(text)

    assert answer.status == 400


async def test_children_are_fetched_with_their_own_arguments(shared_engine):
    text = (
        "query ($n: Int, $most: Int) { items(count: 2) { name a: children(most: 1) { name } "
        "b: children(most: $most) { children(most: $n) { name } } children { name } } }"
    )

    answer = await shared_engine.ask(text, n=1, most=1)

    assert answer.body["data"]["items"][1] == {
        "name": "1",
        "a": [{"name": "10"}],
        "b": [{"children": [{"name": "100"}]}],
        "children": [{"name": "10"}, {"name": "11"}],
    }


async def test_a_required_argument_may_not_come_from_a_variable_that_is_null(shared_engine):
    text = 'query ($n: Int = 1) { items(count: $n) { name } item(name: "a") { name } }'

    answer = await shared_engine.ask(text, n=None)

    assert answer.status == 200
    assert answer.body["data"] is None
    assert answer.body["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"


async def test_a_rule_holds_for_the_default_of_a_variable_inside_a_literal(engine):
    text = 'query ($text: String = "much too long") { box(value: {name: $text}) }'

    answer = await engine.ask(text)

    assert answer.status == 400

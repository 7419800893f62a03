"""What a document is, is known once it is prepared."""

import pytest
from graphql import OperationType

from litereg.gql.documents import MAX_PLANS, MAX_WITH_HINTS, Rejected
from litereg.gql.errors import MAX_MESSAGE
from litereg.gql.limits import MAX_WORD

TEXT = '{ item(name: "a") { name } }'


@pytest.fixture
def document(documents):
    return documents.prepare(TEXT, 1_000)


def test_a_document_of_one_operation_needs_no_name(document):
    operation = document.operation(None)

    assert (operation.name, operation.kind) == (None, OperationType.QUERY)
    with pytest.raises(Rejected, match='no operation named "Other"'):
        document.operation("Other")


def test_of_several_operations_one_must_be_named(documents):
    document = documents.prepare("query A { __typename } mutation B { draw }", 1_000)

    assert [document.operation(name).writes for name in "AB"] == [False, True]
    with pytest.raises(Rejected, match="operationName is needed"):
        document.operation(None)


@pytest.mark.parametrize(
    ("text", "writes", "nullable"),
    [
        ("{ missing { name } }", False, True),
        ("{ missing { name } flag }", False, False),
        ('{ remember(name: "x") }', True, False),
        ('{ ... on Query { ... { remember(name: "x") } } }', True, False),
        ('{ ...R } fragment R on Query { remember(name: "x") }', True, False),
        ('mutation { fail(reason: "x") }', True, True),
        ("mutation { ...D } fragment D on Mutation { draw }", True, False),
    ],
)
def test_what_an_operation_does_is_known_wherever_its_fields_stand(
    documents, text, writes, nullable
):
    operation = documents.prepare(text, 1_000).operation(None)

    assert (operation.writes, operation.nullable) == (writes, nullable)


def test_variables_that_nobody_uses_are_no_fault(documents):
    text = "mutation Logout($username: String!, $password: String!) { draw }"

    assert documents.prepare(text, 1_000).operation("Logout").writes


def test_variables_that_nobody_declared_are_a_fault(documents):
    with pytest.raises(Rejected, match="not defined"):
        documents.prepare("{ items(count: $n) { name } }", 1_000)


def test_one_operation_is_compiled_for_so_many_choices_of_its_conditions(documents):
    names = [f"c{number}" for number in range(5)]
    declared = ", ".join(f"${name}: Boolean!" for name in names)
    body = " ".join(f"{name}: flag @include(if: ${name})" for name in names)
    operation = documents.prepare(f"query ({declared}) {{ {body} }}", 1_000).operation(None)

    choices = [
        {name: bool(number >> i & 1) for i, name in enumerate(names)} for number in range(32)
    ]
    plans = [operation.plan(choice) for choice in choices]

    assert sum(plan is not None for plan in plans) == MAX_PLANS
    assert operation.plan(choices[0]) is plans[0]


async def test_every_choice_of_conditions_is_answered_right(engine):
    text = (
        "query ($a: Boolean!, $b: Boolean!, $c: Boolean!, $d: Boolean!) { __typename "
        "a: flag @include(if: $a) b: flag @skip(if: $b) "
        "...F @include(if: $c) ... @skip(if: $d) { d: flag } } fragment F on Query { c: flag }"
    )

    for number in range(16):
        a, b, c, d = (bool(number >> place & 1) for place in range(4))
        answer = await engine.ask(text, a=a, b=b, c=c, d=d)

        shown = {"a": a, "b": not b, "c": c, "d": not d}
        wanted = {key: False for key, there in shown.items() if there}
        assert answer.body["data"] == {"__typename": "Query", **wanted}


async def test_conditions_in_the_document_itself_hold_too(engine):
    answer = await engine.ask(
        "{ a: flag @skip(if: true) b: flag @skip(if: false) c: flag @include(if: false) "
        "d: flag @include(if: true) @skip(if: true) }"
    )

    assert answer.body == {"data": {"b": False}}


@pytest.mark.parametrize("value", ["$unknown", "[$unknown]"])
def test_a_variable_that_is_not_declared_is_refused_wherever_it_stands(documents, value):
    with pytest.raises(Rejected, match=r"'\$unknown' is not defined"):
        documents.prepare(f"{{ item(name: {value}) {{ name }} }}", 1_000)


def test_what_is_wrong_is_found_without_any_variable_too(documents):
    with pytest.raises(Rejected, match="String cannot represent"):
        documents.prepare("{ item(name: 7) { name } }", 1_000)


@pytest.mark.parametrize("value", ["1", "1.", "a"])
async def test_a_word_as_long_as_a_body_is_refused_in_plain_words(engine, value):
    allowed = value.ljust(MAX_WORD, value[0] if value != "1." else "0")
    longer = allowed + allowed[-1]

    plain = await engine.ask(f"{{ items(count: {allowed}) {{ name }} }}")
    answer = await engine.ask(f"{{ items(count: {longer}) {{ name }} }}")

    assert plain.body["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    (error,) = answer.body["errors"]
    assert answer.status == 400
    assert error["message"] == f"A name or a number has at most {MAX_WORD} characters"
    assert error["locations"] == [{"line": 1, "column": 16}]
    assert error["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"


def test_a_text_and_a_comment_may_be_longer(documents):
    text = "a" * (MAX_WORD + 1)

    assert documents.prepare(f'{{ anything(value: "{text}") }} # {text}', 1_000).tokens == 9


@pytest.mark.parametrize(
    "slip", ["items(count: 1) { nam }", 'box(value: {name: "a", colour: GREN})']
)
def test_what_a_word_may_have_meant_is_said_of_documents_that_are_not_as_long_as_bodies(
    documents, slip
):
    with pytest.raises(Rejected, match="Did you mean"):
        documents.prepare(f"{{ {slip} }}", 1_000)
    with pytest.raises(Rejected) as silent:
        documents.prepare(f"{{ {slip} }}{' ' * MAX_WITH_HINTS}", 1_000)

    assert "Did you mean" not in silent.value.errors[0].message


async def test_what_a_word_may_have_meant_is_said_of_variables_of_short_requests(engine):
    text = "query ($box: Box!) { box(value: $box) }"
    box = {"name": "a", "colour": "GREN"}

    short, long = [await engine.ask(text, heavy=heavy, box=box) for heavy in (False, True)]

    said = [answer.body["errors"][0]["message"] for answer in (short, long)]
    assert "Did you mean" in said[0]
    assert said[1] == said[0].partition(" Did you mean")[0]


@pytest.mark.parametrize(
    ("box", "end"),
    [
        ({"name": "a", "colour": "g" * 10_000}, "Value does not exist in 'Colour' enum."),
        ({"name": "a", "g" * 10_000: 1}, "ggg…"),
    ],
)
async def test_an_error_repeats_little_of_what_was_sent(engine, box, end):
    answer = await engine.ask("query ($box: Box!) { box(value: $box) }", box=box)

    (error,) = answer.body["errors"]
    assert len(error["message"]) <= MAX_MESSAGE + 1
    assert error["message"].endswith(end)


@pytest.mark.parametrize("sent", ['"{}"', '"""{}"""'])
async def test_of_a_text_that_is_out_of_place_nothing_is_repeated(engine, sent):
    answer = await engine.ask(f"{{ item({sent.format('secret ' * 1_000)}) {{ name }} }}", "ann")

    assert answer.status == 400
    assert "secret" not in str(answer.body)

"""A document without its values answers as it does with them, or not at all."""

from __future__ import annotations

import asyncio
from random import Random

import pytest
from graphql import Lexer, Source, TokenKind

from litereg.gql.documents import Documents, Rejected
from litereg.gql.executor import AsWritten, Prepared, RunAgain
from litereg.gql.literals import MAX_CHARACTERS, Literals
from tests.gql.documents_of_schema import Writer
from tests.gql.test_equality import VIEWERS, filled, run

ROUNDS = 20
# Without the mark `fuzz`, only so many run.
QUICK_ROUNDS = 2
QUERIES_A_ROUND = 140
MUTATIONS_A_ROUND = 40
MANY = 100_000

__all__ = ["filled"]


@pytest.fixture
def lift(toy_schema):
    """Lift a document of the toy schema."""
    literals = Literals(toy_schema)
    return lambda text, max_tokens=MANY: literals.lift(text, max_tokens)


@pytest.mark.parametrize(
    ("text", "left", "values"),
    [
        (
            '{ item(name: "a", note: "b") { name } }',
            "query ( $_0: String! $_1: String ) { item ( name : $_0 note : $_1 ) { name } }",
            {"_0": "a", "_1": "b"},
        ),
        (
            "query Many { some: items(count: -3) { name children(most:2) { name } } }",
            "query Many ( $_0: Int! $_1: Int ) "
            "{ some : items ( count : $_0 ) { name children ( most : $_1 ) { name } } }",
            {"_0": -3, "_1": 2},
        ),
        (
            'mutation { add(name: "") { name } }',
            "mutation ( $_0: String! ) { add ( name : $_0 ) { name } }",
            {"_0": ""},
        ),
    ],
)
def test_values_become_variables(lift, text, left, values):
    lifted = lift(text)

    assert (lifted.text, lifted.values) == (left, values)


def test_documents_that_differ_in_values_spaces_and_comments_become_one(lift):
    one = lift('{item(name:"a",note:"x"){name}}')
    other = lift(
        '# the first\n{\n  item(name: "b", note: "y") {,,, name # the name\n  }\r\n}\ufeff '
    )

    assert one.text == other.text
    assert one.values != other.values


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ('"Ärger 🙂"', "Ärger 🙂"),
        (r'"a \"b\" \\ \/ \n\t\b\f\r"', 'a "b" \\ / \n\t\b\f\r'),
        ('"{ # $ ... \'"', "{ # $ ... '"),
        ("0", 0),
        ("-0", 0),
        ("12", 12),
        ("[]", []),
        (
            '{a: [1 {b: true, c: null}] d: {}, e: "f"}',
            {"a": [1, {"b": True, "c": None}], "d": {}, "e": "f"},
        ),
    ],
)
def test_a_value_is_what_the_literal_says(lift, written, value):
    assert lift(f"{{ anything(value: {written}) }}").values == {"_0": value}


@pytest.mark.parametrize(
    "text",
    [
        "{ flag }",
        "{ flag(value: true) }",
        "query ($n: Int!) { items(count: $n) { name } }",
        '{ item(name: "a") { ...F } } fragment F on Item { name }',
        '{ item(name: "a") { ... { name } } }',
        '{ item(name: "a") @skip(if: true) { name } }',
        'query @traced { item(name: "a") { name } }',
        'subscription { item(name: "a") { name } }',
        'query A { item(name: "a") { name } } query B { flag }',
        '{ item(name: """a""") { name } }',
        r'{ item(name: "\u0041") { name } }',
        '{ item(name: "a\tb") { name } }',
        '{ item(name: "a\nb") { name } }',
        '{ item(name: "\ud800") { name } }',
        '{ item(name: "a) { name } }',
        '{ item(name: "a") { name }',
        '{ item(name: "a") { name } } }',
        '{ item(name: "a") { name } ',
        '{ item(name "a") { name } }',
        "{ item(name: ) { name } }",
        '{ item("a") { name } }',
        '{ item(other: "a") { name } }',
        '{ nobody(name: "a") { name } }',
        "{ items(count: 1.0) { name } }",
        "{ items(count: 01) { name } }",
        "{ items(count: 1e3) { name } }",
        "{ items(count: 1a) { name } }",
        f"{{ items(count: {'1' * 17}) {{ name }} }}",
        "{ items(count: [}) { name } }",
        "{ __schema { types { name } } }",
        '{ __type(name: "Item") { name } }',
        "",
        "{",
        "query",
    ],
)
def test_what_is_not_plain_stays_as_it_is(lift, text):
    assert lift(text) is None


@pytest.mark.parametrize(
    "text",
    [
        '{ box(value: {name: "a", colour: GREEN}) }',
        # A variable may be "GREEN", a literal may not.
        '{ box(value: {name: "a", colour: "GREEN"}) }',
        '{ anything(value: {a: ["b" GREEN]}) }',
    ],
)
def test_what_means_something_else_as_a_variable_stays_where_it_is(lift, text):
    assert lift(text) is None
    lifted = lift(text.replace("{ ", '{ item(name: "a") { name } ', 1))

    assert lifted.values == {"_0": "a"}
    assert "".join(lifted.text.split()).endswith(
        "".join(text.replace(", ", " ").split()).removeprefix("{")
    )


def test_a_value_that_says_something_twice_stays_where_it_is(registry):
    literals = Literals(registry.engine.schema)
    twice = '{ package(identifier: {catalogSlug: "a", packageSlug: "b"%s}) { displayName } }'

    assert literals.lift(twice % "", MANY)
    assert literals.lift(twice % ', packageSlug: "b"', MANY) is None


def test_nothing_is_read_past_the_limit(lift):
    text = '{ item(name: "a") { name } }'

    assert lift(text, 11).tokens == 11
    assert lift(text, 10) is None


def test_values_in_values_without_end_stay_where_they_are(registry):
    deep = "[" * 200_000

    assert Literals(registry.engine.schema).lift(f"{{ package(identifier: {deep}", MANY) is None


def test_tokens_are_counted_as_graphql_core_counts_them(registry):
    literals = Literals(registry.engine.schema)
    writer = Writer(registry.engine.schema, Random(1), is_plain=True)
    counted = 0

    for _ in range(200):
        text, _ = writer.document("query")
        lifted = literals.lift(text, MANY)
        if lifted is not None:
            assert (
                lifted.tokens
                == Documents(registry.engine.schema, registry.settings)._parse(text, MANY)[1]
            )
            counted += 1

    assert counted > 50


async def test_each_document_is_answered_with_its_own_values(engine):
    for name in "abab":
        answer = await engine.ask(f'{{ item(name: "{name}") {{ name }} }}')

        assert answer.body == {"data": {"item": {"name": name}}}


async def test_an_error_names_the_place_in_the_document_that_was_sent(engine):
    spaces = " " * 30
    for _ in range(3):
        answer = await engine.ask(f'mutation {{{spaces}fail(reason: "because") }}')

        (error,) = answer.body["errors"]
        assert error["locations"] == [{"line": 1, "column": 41}]


async def test_what_is_no_document_is_refused_in_its_own_words(engine):
    answer = await engine.ask('{ item(name: "a") { name nothing } }')

    (error,) = answer.body["errors"]
    assert error["locations"] == [{"line": 1, "column": 26}]
    assert answer.status == 400


def test_a_document_that_takes_long_to_look_through_stays_as_it_is(lift):
    text = '{ item(name: "a") { name } }'
    assert lift(text + " " * (MAX_CHARACTERS - len(text)))

    assert lift(text + " " * (MAX_CHARACTERS - len(text) + 1)) is None


async def test_a_document_is_as_long_as_it_was_written(engine):
    names = " ".join(f'a{n}: item(name: "a") {{ name }}' for n in range(11))

    assert (await engine.ask(f"{{ {names} }}")).body["errors"][0]["message"].startswith("TOO_MANY")
    assert "errors" not in (await engine.ask(f"{{ {names} }}", "ann")).body
    # What somebody who may send it has sent is no shorter for somebody else.
    assert (await engine.ask(f"{{ {names} }}")).body["errors"][0]["message"].startswith("TOO_MANY")


async def test_values_of_others_are_nobodys(engine):
    texts = [f'{{ item(name: "{n}") {{ name }} }}' for n in range(50)]

    answers = await asyncio.gather(*(engine.ask(text) for text in texts))

    assert [a.body["data"]["item"]["name"] for a in answers] == [str(n) for n in range(50)]


@pytest.mark.parametrize("seed", range(QUICK_ROUNDS))
async def test_random_documents_are_answered_alike(filled, seed):
    await compare_a_round(filled, seed)


@pytest.mark.fuzz
@pytest.mark.parametrize("seed", range(QUICK_ROUNDS, ROUNDS))
async def test_many_random_documents_are_answered_alike(filled, seed):
    await compare_a_round(filled, seed)


async def compare_a_round(registry, seed):
    """Compare answers to random documents, whole ones and ones with a token that is wrong."""
    random = Random(seed)
    schema = registry.engine.schema
    writer = Writer(schema, random, is_plain=True)
    literals, documents = Literals(schema), Documents(schema, registry.settings)
    answered = 0
    for number in range(QUERIES_A_ROUND + MUTATIONS_A_ROUND):
        text, _ = writer.document("query" if number < QUERIES_A_ROUND else "mutation")
        for sent in (text, spoiled(text, random)):
            lifted = literals.lift(sent, MANY)
            if lifted is None:
                continue
            viewer = random.choice(VIEWERS)
            try:
                operation = documents.prepare(lifted.text, MANY).operation(None)
                without = Prepared(schema, operation, lifted.values, lifted=True)
                answer = await run(registry, without, viewer)
            except (Rejected, AsWritten, RunAgain):
                continue
            operation = documents.prepare(sent, MANY).operation(None)
            expected = await run(registry, Prepared(schema, operation, {}), viewer)
            assert answer == expected, sent
            assert b'"errors":[]' in answer, sent
            answered += 1
    assert answered > 10


def spoiled(text, random):
    """Return *text* with one token left out, written twice, or in another's place."""
    lexer = Lexer(Source(text))
    tokens = []
    while (token := lexer.advance()).kind is not TokenKind.EOF:
        tokens.append(text[token.start : token.end])
    place = random.randrange(len(tokens))
    wrong = random.choice(
        (random.choice(tokens), '"a"', "7", "-1", "GREEN", "true", "null", "[", "]", "{}", "")
    )
    return " ".join([*tokens[:place], wrong, *tokens[place + random.choice((0, 1)) :]])

"""How large a document may be, whatever form its size takes."""

import pytest
from graphql import get_introspection_query

from litereg.app import make_schema
from litereg.errors import LimitExceeded
from litereg.gql.documents import Documents, Rejected
from litereg.settings import Settings

MANY = 1_000_000


def limits(**changes):
    """Return settings in which only the limits in *changes* can be met."""
    wide = {
        name: MANY
        for name in (
            "max_depth",
            "max_aliases",
            "max_fields",
            "max_same_keys",
            "max_spreads",
            "max_directives",
            "max_root_mutations",
            "max_operations",
        )
    }
    return Settings(**(wide | changes))


def nested(levels, leaf="name"):
    """Return a document of so many levels of fields."""
    return '{ item(name: "a") ' + "{ parent " * (levels - 2) + f"{{ {leaf} }}" + " }" * (levels - 1)


def aliases(number):
    return "{ " + " ".join(f"a{i}: __typename" for i in range(number)) + " }"


def fields(number):
    parts = " ".join(f"f{i}: name" for i in range(number - 1))
    return f'{{ item(name: "a") {{ {parts} }} }}'


def same_keys(number):
    return '{ item(name: "a") { ' + "name " * number + "} }"


def same_keys_in_fragments(number):
    """The same key in several fragments of one selection set."""
    inline = "... on Item { name } " * (number - 1)
    return f'{{ item(name: "a") {{ name {inline} }} }}'


def spreads(number):
    return "{ " + "...T " * number + "} fragment T on Query { __typename }"


def nested_spreads(number):
    """One spread at the root, and the others in what it spreads."""
    inner = "...U " * (number - 1)
    return f"{{ ...T }} fragment T on Query {{ {inner} }} fragment U on Query {{ __typename }}"


def directives(number):
    return "{ " + " ".join(f"a{i}: __typename @skip(if: false)" for i in range(number)) + " }"


def directives_everywhere(number):
    """Directives on a spread, on an inline fragment, and on fields in a fragment."""
    inner = " ".join(f"a{i}: __typename @include(if: true)" for i in range(number - 2))
    return (
        "{ ...T @skip(if: false) ... @skip(if: false) { __typename } } "
        f"fragment T on Query {{ {inner} }}"
    )


def mutations(number):
    return "mutation { " + " ".join(f"a{i}: draw" for i in range(number)) + " }"


def mutations_in_fragments(number):
    inner = " ".join(f"a{i}: draw" for i in range(number - 1))
    return f"mutation {{ draw ...Rest }} fragment Rest on Mutation {{ {inner} }}"


def operations(number):
    return " ".join(f"query Q{i} {{ __typename }}" for i in range(number))


CASES = [
    ("max_depth", 15, "TOO_DEEP", nested),
    ("max_aliases", 30, "TOO_MANY_ALIASES", aliases),
    ("max_fields", 500, "TOO_MANY_FIELDS", fields),
    ("max_same_keys", 20, "TOO_MANY_SELECTIONS_UNDER_ONE_NAME", same_keys),
    ("max_same_keys", 20, "TOO_MANY_SELECTIONS_UNDER_ONE_NAME", same_keys_in_fragments),
    ("max_spreads", 50, "TOO_MANY_FRAGMENT_SPREADS", spreads),
    ("max_spreads", 50, "TOO_MANY_FRAGMENT_SPREADS", nested_spreads),
    ("max_directives", 50, "TOO_MANY_DIRECTIVES", directives),
    ("max_directives", 50, "TOO_MANY_DIRECTIVES", directives_everywhere),
    ("max_root_mutations", 10, "TOO_MANY_MUTATIONS", mutations),
    ("max_root_mutations", 10, "TOO_MANY_MUTATIONS", mutations_in_fragments),
    ("max_operations", 10, "TOO_MANY_OPERATIONS", operations),
]


@pytest.mark.parametrize(("name", "most", "reason", "document"), CASES)
def test_the_limit_is_allowed_and_one_more_is_not(toy_schema, name, most, reason, document):
    documents = Documents(toy_schema, limits(**{name: most}))
    assert getattr(Settings(), name) == most

    with pytest.raises(LimitExceeded, match=reason) as refusal:
        documents.prepare(document(most + 1), MANY)

    assert refusal.value.detail == f"{most + 1} found, {most} allowed"
    documents.prepare(document(most), MANY)


def test_depth_is_counted_through_fragments_of_both_kinds(toy_schema):
    documents = Documents(toy_schema, limits(max_depth=4))
    text = (
        '{{ item(name: "a") {{ ... on Item {{ ...Parent }} }} }} '
        "fragment Parent on Item {{ parent {{ parent {{ {leaf} }} }} }}"
    )

    documents.prepare(text.format(leaf="name"), MANY)

    with pytest.raises(LimitExceeded, match="TOO_DEEP: 5 found"):
        documents.prepare(text.format(leaf="parent { name }"), MANY)


def test_a_bomb_of_a_million_fields_in_twenty_fragments_is_counted_not_walked(toy_schema):
    doubled = " ".join(
        f"fragment F{i} on Item {{ a: parent {{ ...F{i + 1} }} b: parent {{ ...F{i + 1} }} }}"
        for i in range(20)
    )
    bomb = f'{{ item(name: "a") {{ ...F0 }} }} {doubled} fragment F20 on Item {{ name }}'

    counted = "TOO_MANY_FIELDS: 3145727 found"
    with pytest.raises(LimitExceeded, match=counted):
        Documents(toy_schema, limits(max_fields=500)).prepare(bomb, MANY)


def test_a_fragment_that_nobody_uses_is_counted_too(toy_schema):
    many = " ".join(f"f{i}: name" for i in range(501))

    with pytest.raises(LimitExceeded, match="TOO_MANY_FIELDS: 501 found"):
        Documents(toy_schema, limits(max_fields=500)).prepare(
            f"{{ __typename }} fragment Unused on Item {{ {many} }}", MANY
        )


@pytest.mark.parametrize(
    "text",
    [
        "{ ...F } fragment F on Query { ...F }",
        "{ ...F } fragment F on Query { ...G } fragment G on Query { ...F }",
        "{ ...F }",
    ],
)
def test_fragments_that_go_round_or_nowhere_are_left_to_validation(documents, text):
    with pytest.raises(Rejected):
        documents.prepare(text, MANY)


@pytest.mark.parametrize(
    "text",
    [
        "{" * 100_000,
        "{ item " * 5_000 + "}" * 5_000,
        "{ ... " * 5_000 + "}" * 5_000,
        "{ items(count: " + "[" * 50_000 + "]" * 50_000 + ") { name } }",
        "query ($a: " + "[" * 50_000 + "Int" + "]" * 50_000 + ") { __typename }",
        "{ box(value: " + "{inner: " * 20_000 + "null" + "}" * 20_000 + ") }",
    ],
)
def test_what_is_nested_deeper_than_anything_is_refused_by_the_parser(documents, text):
    with pytest.raises(Rejected):
        documents.prepare(text, MANY)


def test_tokens_are_counted_while_parsing(documents):
    text = "{ __typename }"

    assert documents.prepare(text, 3).tokens == 3

    with pytest.raises(LimitExceeded, match="TOO_MANY_TOKENS: at most 2 are allowed"):
        documents.prepare(text, 2)


async def test_viewers_who_are_known_may_send_longer_documents(engine):
    # The engine of these tests allows 100 tokens to anybody and 400 to ann.
    middle = "{ " + "__typename " * 18 + "".join(f"a{i}: __typename " for i in range(28)) + "}"
    long = "{ " + f'item(name: "a") {{ {"... { name } " * 99} }} }}'

    before = await engine.ask(middle)
    known = await engine.ask(middle, "ann")
    after = await engine.ask(middle)
    longer = await engine.ask(long, "ann")

    assert known.status == 200
    for refused, most in ((before, 100), (after, 100), (longer, 400)):
        assert refused.status == 400
        message = f"TOO_MANY_TOKENS: at most {most} are allowed"
        assert refused.body == {
            "errors": [{"message": message, "extensions": {"code": "LIMIT_EXCEEDED"}}]
        }


# What GraphiQL and the command line tools of other makers ask for.
INTROSPECTION = [
    get_introspection_query(),
    get_introspection_query(
        descriptions=True,
        specified_by_url=True,
        directive_is_repeatable=True,
        schema_description=True,
        input_value_deprecation=True,
    ),
]


@pytest.mark.parametrize("query", INTROSPECTION)
def test_tools_may_ask_for_the_whole_schema(query):
    documents = Documents(make_schema(), Settings())

    documents.prepare(query, Settings().max_tokens_anonymous)


def test_introspection_may_nest_deeper_than_data_but_not_without_end(toy_schema):
    text = '{{ __type(name: "Item") {{ fields {{ type {} name {} }} }} }}'
    documents = Documents(toy_schema, Settings())

    documents.prepare(text.format("{ ofType " * 16 + "{", "}" * 17), MANY)

    with pytest.raises(LimitExceeded, match="INTROSPECTION_TOO_DEEP: 21 found, 20 allowed"):
        documents.prepare(text.format("{ ofType " * 17 + "{", "}" * 18), MANY)


def test_depth_of_introspection_is_counted_through_fragments(toy_schema):
    text = (
        '{ ...Schema } fragment Schema on Query { __type(name: "Item") { ...Type } } '
        "fragment Type on __Type { name " + "ofType { " * 20 + "name" + " }" * 20 + " }"
    )

    with pytest.raises(LimitExceeded, match="INTROSPECTION_TOO_DEEP: 22 found"):
        Documents(toy_schema, Settings()).prepare(text, MANY)


@pytest.mark.parametrize(
    "text",
    ['{ item(name: "a") { name } }', "query Q($x: Int!) { items(count: $x) { name } }"],
)
def test_ordinary_documents_are_far_from_every_limit(documents, text):
    assert documents.prepare(text, 1_000).operations


def chain(length, first):
    links = " ".join(f"fragment F{i} on Query {{ ...F{i + 1} }}" for i in range(length))
    return f"{{ {first} }} {links} fragment F{length} on Query {{ __typename }}"


@pytest.mark.parametrize("first", ["...F0", "__typename"])
def test_a_long_chain_of_fragments_is_counted_not_climbed(toy_schema, first):
    with pytest.raises(LimitExceeded, match="TOO_MANY_FRAGMENT_SPREADS"):
        Documents(toy_schema, Settings()).prepare(chain(2_000, first), 1_000_000)


def test_aliases_inside_introspection_count_too(toy_schema):
    many = " ".join(f"a{i}: types {{ name }}" for i in range(100))
    with pytest.raises(LimitExceeded, match="TOO_MANY_ALIASES"):
        Documents(toy_schema, Settings()).prepare(f"{{ __schema {{ {many} }} }}", 1_000_000)


@pytest.mark.parametrize(
    "inner",
    [
        " ".join(f"f{i}: parent {{ name }}" for i in range(100)),  # aliases
        " ".join(f"f{i}: name @skip(if: true)" for i in range(100)),  # directives
        "parent { " * 30 + "name" + " }" * 30,  # depth
    ],
)
def test_a_fragment_that_nobody_uses_obeys_every_limit(toy_schema, inner):
    with pytest.raises(LimitExceeded):
        Documents(toy_schema, Settings()).prepare(
            f"{{ __typename }} fragment Unused on Item {{ {inner} }}", 1_000_000
        )

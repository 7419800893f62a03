"""The schema holds everything that the first clients know, as `registry_schema.toml` says it."""

import tomllib
from pathlib import Path

import pytest
from graphql import parse, print_ast

from litereg.app import make_schema

CONTRACT = tomllib.loads((Path(__file__).parent / "registry_schema.toml").read_text("utf-8"))
CHANGED, ABSENT = CONTRACT["changed"], CONTRACT["absent"]
# Type → its fields as the contract writes them, those of the newest clients behind the others.
FIELDS: dict[str, str] = {}
for era in (CONTRACT, CONTRACT["later"]):
    for kind in ("outputs", "roots", "inputs"):
        for type_name, text in era[kind].items():
            FIELDS[type_name] = f"{FIELDS.get(type_name, '')} {text}"
INPUTS = CONTRACT["inputs"] | CONTRACT["later"]["inputs"]


@pytest.fixture(scope="module")
def schema():
    return make_schema()


def stated(name, text):
    """Yield each field and argument that *text* says the type *name* has: (place, type, rules)."""
    kind = "input" if name in INPUTS else "type"
    (definition,) = parse(f"{kind} {name} {{ {text} }}").definitions
    for field in definition.fields:
        yield from member(f"{name}.{field.name.value}", field)


def held(type_):
    """Yield the same of a type of the schema."""
    for name, field in type_.fields.items():
        yield from member(f"{type_.name}.{name}", field.ast_node)


def member(place, node):
    yield place, print_ast(node.type), {print_ast(rule) for rule in node.directives or ()}
    for argument in getattr(node, "arguments", None) or ():
        yield from member(f"{place}.{argument.name.value}", argument)


def wanted(place, kind, rules):
    """Return the type and the rules that *place* is to have: the contract's or what we changed."""
    if place in CHANGED:
        (definition,) = parse(f"type Changed {{ field: {CHANGED[place]['is']} }}").definitions
        ((_, kind, rules),) = member(place, definition.fields[0])
    return kind, rules


def is_absent(place):
    return any(place == absent or place.startswith(f"{absent}.") for absent in ABSENT)


@pytest.mark.parametrize("name", FIELDS)
def test_each_field_and_argument_has_its_type_and_its_rules(schema, name):
    type_ = schema.get_type(name)
    found = {place: (kind, rules) for place, kind, rules in held(type_)} if type_ else {}

    expected = {
        place: wanted(place, kind, rules)
        for place, kind, rules in stated(name, FIELDS[name])
        if not is_absent(place)
    }

    assert {place: found.get(place) for place in expected} == expected


@pytest.mark.parametrize("name", FIELDS)
def test_nothing_more_is_asked_of_a_client(schema, name):
    """Further arguments and members of inputs can be left out."""
    type_ = schema.get_type(name)
    known = {place for place, _, _ in stated(name, FIELDS[name])}
    fields = {place for place in known if place.count(".") == 1}
    given = "inputs" if name in INPUTS else "outputs"

    demanded = [
        place
        for place, kind, _ in (held(type_) if type_ else ())
        if place not in known
        and kind.endswith("!")
        and (given == "inputs" or (place.count(".") == 2 and place.rpartition(".")[0] in fields))
    ]

    assert demanded == []


@pytest.mark.parametrize("name", CONTRACT["enums"])
def test_each_enum_has_its_values(schema, name):
    type_ = schema.get_type(name)

    if name in ABSENT:
        assert type_ is None
    else:
        values = CONTRACT["enums"][name].split()
        assert [value for value in type_.values if value in values] == values


@pytest.mark.parametrize("name", CONTRACT["directives"])
def test_each_directive_stands_where_it_may(schema, name):
    directive = schema.get_directive(name)
    if name in ABSENT:
        assert directive is None
        return

    locations = {location.name for location in directive.locations}
    assert locations >= set(CONTRACT["directives"][name].split())


def test_the_arguments_of_directives(schema):
    taken = {d.name: {n: str(a.type) for n, a in d.args.items()} for d in schema.directives}

    for noun in ("Catalog", "Package", "Collection"):
        assert taken[f"has{noun}Permission"] == {"permission": "Permission"}
    assert taken["validCollectionSlug"] == {"allowNull": "Boolean"}


def test_each_scalar_is_there(schema):
    missing = [name for name in CONTRACT["scalars"].split() if schema.get_type(name) is None]

    assert [name for name in missing if name not in ABSENT] == []


def test_every_difference_is_one(schema):
    """Nothing is listed that the contract does not know, or that follows it by now."""
    stated_ = [row for name, text in FIELDS.items() for row in stated(name, text)]
    known = {place for place, _, _ in stated_} | set(FIELDS) | set(CONTRACT["scalars"].split())
    known |= set(CONTRACT["enums"]) | set(CONTRACT["directives"])
    there = {place for root in CONTRACT["roots"] for place, _, _ in held(schema.get_type(root))}

    assert [place for place in [*CHANGED, *ABSENT] if place not in known] == []
    assert [name for name in ABSENT if name in there or schema.get_type(name)] == []
    assert [
        place
        for place, kind, rules in stated_
        if place in CHANGED and wanted(place, kind, rules) == (kind, rules)
    ] == []

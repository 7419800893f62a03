"""Everything that clients of the labels API may rely on is in the schema, to the letter."""

from __future__ import annotations

from pathlib import Path

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLObjectType,
    build_schema,
    print_ast,
)

from litereg.app import make_schema

PROMISED = build_schema(Path(__file__).with_name("promised.graphql").read_text("utf-8"))
TYPES = [
    name
    for name, type_ in PROMISED.type_map.items()
    if not name.startswith("__") and type_.ast_node is not None
]


def members(type_):
    """Return what a type is made of: each field with its arguments, or each value."""
    if isinstance(type_, GraphQLEnumType):
        return set(type_.values)
    if isinstance(type_, GraphQLObjectType):
        return {f"{name}{arguments(field)}: {field.type}" for name, field in type_.fields.items()}
    if isinstance(type_, GraphQLInputObjectType):
        return {written(name, field) for name, field in type_.fields.items()}
    return set()


def arguments(field):
    """Return the arguments in their order."""
    return [written(name, argument) for name, argument in field.args.items()]


def written(name, argument):
    """Return an argument, or a member of an input, with its default as the SDL has it."""
    value = argument.ast_node.default_value
    default = "" if value is None else f" = {print_ast(value)}"
    return f"{name}: {argument.type}{default}"


@pytest.mark.parametrize("name", TYPES)
def test_a_type_has_all_that_is_promised_of_it(name):
    ours = make_schema().get_type(name)

    assert type(ours) is type(PROMISED.get_type(name))
    assert members(PROMISED.get_type(name)) - members(ours) == set()


@pytest.mark.parametrize("name", [name for name in TYPES if name.endswith(("Input", "Order"))])
def test_an_input_demands_no_more_than_is_promised(name):
    assert members(make_schema().get_type(name)) == members(PROMISED.get_type(name))

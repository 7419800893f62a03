"""Documents for one root field, named `Query.me` or `Mutation.createMe`."""

from __future__ import annotations

import json

from graphql import GraphQLNonNull, get_named_type, is_leaf_type


class Variable(str):
    """Stands in a literal for the variable of that name."""


def root_field(schema, name):
    """Return the field of *schema* that `Query.me` or its like names."""
    kind, _, field = name.partition(".")
    return schema.get_type(kind).fields[field]


def is_nullable(schema, name):
    return not isinstance(root_field(schema, name).type, GraphQLNonNull)


def selection(schema, name):
    """Return the least selection that the field's type demands."""
    return "" if is_leaf_type(get_named_type(root_field(schema, name).type)) else "__typename"


async def call(registry, caller, name, args):
    """Send one root field with its arguments as variables."""
    schema = registry.engine.schema
    kind, _, field = name.partition(".")
    send = caller.query if kind == "Query" else caller.mutate
    return await send(field, selection(schema, name), **args)


async def call_literally(registry, caller, name, args, variables=None):
    """Send one root field with its arguments written out; *variables* are all strings."""
    schema = registry.engine.schema
    kind, _, field = name.partition(".")
    declared = ", ".join(f"${variable}: String!" for variable in variables or ())
    passed = ", ".join(f"{key}: {literal(value)}" for key, value in args.items())
    selected = selection(schema, name)
    document = f"{kind.lower()} {f'({declared})' if declared else ''} {{ {field}({passed})"
    document += f" {{ {selected} }} }}" if selected else " }"
    return await caller.send(document, **(variables or {}))


def literal(value):
    """Return *value* as GraphQL writes it."""
    if isinstance(value, Variable):
        return f"${value}"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {literal(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(literal, value)) + "]"
    return json.dumps(value)


def put(args, path, value):
    """Return a copy of *args* with *value* at *path* (`value.password`)."""
    first, _, rest = path.partition(".")
    return args | {first: put(args[first], rest, value) if rest else value}

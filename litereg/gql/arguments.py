"""Work out the arguments of a field at each run, as cheaply as the document allows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    GraphQLField,
    ListValueNode,
    ObjectValueNode,
    VariableNode,
    is_required_argument,
)
from graphql.execution import VariableValues, get_argument_values
from graphql.pyutils import Undefined

from litereg.gql.binding import CHECKS
from litereg.gql.context import Context


class NotCompiled(Exception):
    """This is not the plain case; graphql-core's executor answers it."""


@dataclass(slots=True)
class Run:
    """What one run of a plan brings.

    Attributes:
        context: what resolvers get.
        values: the values of the variables by name, converted.
        variables: makes the variables as graphql-core keeps them, for arguments of several parts.
    """

    context: Context
    values: Mapping[str, Any]
    variables: Callable[[], VariableValues]


# Works out the arguments of a field.
Arguments = Callable[[Run], Mapping[str, Any]]
# What checks a field's arguments, by their Python names.
Checks = Sequence[tuple[str, Callable[[Any], None]]]


def arguments_of(field: GraphQLField, node: FieldNode) -> Arguments | None:
    """Return how a field's arguments are worked out; None when it takes none."""
    if not field.args:
        return None
    checks = field.extensions.get(CHECKS, ())
    given = {argument.name.value: argument.value for argument in node.arguments or ()}
    if any(argument.default is not None for argument in field.args.values()):
        return _any(field, node, checks)
    if all(isinstance(value, VariableNode) for value in given.values()):
        return _plain(field, given, checks)
    if not any(map(_has_variable, given.values())):
        return _constant(field, node, checks)
    return _any(field, node, checks)


def _has_variable(value: Any) -> bool:
    if isinstance(value, VariableNode):
        return True
    if isinstance(value, ListValueNode):
        return any(map(_has_variable, value.values))
    if isinstance(value, ObjectValueNode):
        return any(_has_variable(field.value) for field in value.fields)
    return False


def _any(field: GraphQLField, node: FieldNode, checks: Checks) -> Arguments:
    """Return arguments of any form, worked out by graphql-core at each run."""

    def arguments(run: Run) -> Mapping[str, Any]:
        values = get_argument_values(field, node, run.variables())
        for name, check in checks:
            if name in values:
                check(values[name])
        return values

    return arguments


def _constant(field: GraphQLField, node: FieldNode, checks: Checks) -> Arguments:
    """Return arguments that are the same at each run."""
    try:
        values = get_argument_values(field, node)
        for name, check in checks:
            if name in values:
                check(values[name])
    except Exception as error:
        raise NotCompiled from error
    return lambda run: values


def _plain(field: GraphQLField, given: Mapping[str, Any], checks: Checks) -> Arguments:
    """Return arguments each of which is a variable."""
    plain = [
        (argument.out_name or name, given[name].name.value, is_required_argument(argument))
        for name, argument in field.args.items()
        if name in given
    ]

    def arguments(run: Run) -> Mapping[str, Any]:
        values = {}
        for name, variable, required in plain:
            value = run.values.get(variable, Undefined)
            if value is Undefined or (required and value is None):
                if required:
                    raise NotCompiled
                continue
            values[name] = value
        for name, check in checks:
            if name in values:
                check(values[name])
        return values

    return arguments

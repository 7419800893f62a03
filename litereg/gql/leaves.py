"""Write one value of a leaf type: a scalar or an enum."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphql import GraphQLEnumType, GraphQLScalarType
from graphql.pyutils import Undefined

from litereg.gql.arguments import NotCompiled

MAX_INT = 2**31 - 1
MIN_INT = -(2**31)

Write = Callable[[Any], Any]


def leaf(type_: GraphQLScalarType | GraphQLEnumType) -> Write:
    """Return the function that writes a value of *type_*, or None for none.

    It raises, anything, for what is not plainly a value of that type.
    """
    plain = PLAIN.get(type_.name)
    if plain is not None:
        return plain
    coerce = type_.coerce_output_value

    def write(value: Any) -> Any:
        if value is None:
            return None
        written = coerce(value)
        if written is Undefined:
            raise NotCompiled
        return written

    return write


def required_leaf(type_: GraphQLScalarType | GraphQLEnumType) -> Write:
    """Return the same for a place where none may be null; one call, because lists have many."""
    plain = REQUIRED.get(type_.name)
    if plain is not None:
        return plain
    coerce = type_.coerce_output_value
    if type_.name in STRICT:
        return coerce

    def write(value: Any) -> Any:
        written = None if value is None else coerce(value)
        if written is None or written is Undefined:
            raise NotCompiled
        return written

    return write


def _text(value: Any) -> Any:
    if value.__class__ is not str and value is not None:
        raise NotCompiled
    return value


def _boolean(value: Any) -> Any:
    if value.__class__ is not bool and value is not None:
        raise NotCompiled
    return value


def _integer(value: Any) -> Any:
    return None if value is None else _required_integer(value)


def _required_text(value: Any) -> Any:
    if value.__class__ is not str:
        raise NotCompiled
    return value


def _required_boolean(value: Any) -> Any:
    if value.__class__ is not bool:
        raise NotCompiled
    return value


def _required_integer(value: Any) -> Any:
    if value.__class__ is not int or not MIN_INT <= value <= MAX_INT:
        raise NotCompiled
    return value


# The scalars whose own function raises for whatever is not a value of theirs, None included.
STRICT = {"Date"}
# The scalars whose values need no conversion when they are what they should be.
PLAIN: dict[str, Write] = {"String": _text, "ID": _text, "Boolean": _boolean, "Int": _integer}
REQUIRED: dict[str, Write] = {
    "String": _required_text,
    "ID": _required_text,
    "Boolean": _required_boolean,
    "Int": _required_integer,
}

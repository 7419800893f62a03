"""Convert an operation's variables by functions made once for it.

Only what is plainly right is converted here. For anything else (a value that is missing, of another
type, or against a rule) `convert` gives up, and graphql-core and `litereg.gql.inputs` find the
words for what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLError,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
    GraphQLSchema,
    OperationDefinitionNode,
)
from graphql.execution import VariableValues
from graphql.execution.get_variable_signature import get_variable_signature
from graphql.execution.values import VariableValueSource
from graphql.pyutils import Undefined
from graphql.utilities.coerce_input_value import coerce_default_value

from litereg.gql.binding import CHECK
from litereg.gql.leaves import MAX_INT, MIN_INT

Convert = Callable[[Any], Any]


class Unclear(Exception):
    """A value is not plainly right."""


class VariableConverter:
    """Converts the variables of one operation."""

    def __init__(self, schema: GraphQLSchema, operation: OperationDefinitionNode) -> None:
        self._signatures = {}
        self._converts: dict[str, tuple[Convert, bool]] = {}
        self._is_plain = True
        made: dict[str, Convert] = {}
        for definition in operation.variable_definitions or ():
            signature = get_variable_signature(schema, definition)
            if isinstance(signature, GraphQLError) or definition.default_value is not None:
                self._is_plain = False
                continue
            self._signatures[signature.name] = signature
            required = isinstance(signature.type, GraphQLNonNull)
            self._converts[signature.name] = (converter(signature.type, made), required)

    def convert(self, raw: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return the values of the variables by name, or None when one is not plainly right."""
        if not self._is_plain:
            return None
        values = {}
        try:
            for name, (convert, required) in self._converts.items():
                if name in raw:
                    values[name] = convert(raw[name])
                elif required:
                    return None
        except Exception:
            return None
        return values

    def as_graphql_core(self, raw: Mapping[str, Any], values: Mapping[str, Any]) -> VariableValues:
        """Return converted *values* in the form that graphql-core's functions take."""
        sources = {
            name: VariableValueSource(signature, raw.get(name, Undefined))
            for name, signature in self._signatures.items()
            if name in raw
        }
        return VariableValues(sources, dict(values))


def converter(type_: Any, made: dict[str, Convert]) -> Convert:
    """Return the function that converts a value of *type_*; *made* holds those of input objects."""
    if isinstance(type_, GraphQLNonNull):
        return _required(_present(type_.of_type, made))
    return _optional(_present(type_, made))


def _required(convert: Convert) -> Convert:
    def required(value: Any) -> Any:
        if value is None:
            raise Unclear
        return convert(value)

    return required


def _optional(convert: Convert) -> Convert:
    return lambda value: None if value is None else convert(value)


def _present(type_: Any, made: dict[str, Convert]) -> Convert:
    """Return the function that converts a value that is not null."""
    if isinstance(type_, GraphQLList):
        return _list(converter(type_.of_type, made))
    if isinstance(type_, GraphQLInputObjectType):
        return _object(type_, made)
    if isinstance(type_, GraphQLEnumType):
        return _enum(type_)
    if isinstance(type_, GraphQLScalarType):
        return PLAIN.get(type_.name) or type_.coerce_input_value
    raise TypeError(f"{type_} is no input type")


def _list(convert: Convert) -> Convert:
    def convert_list(value: Any) -> list[Any]:
        if not isinstance(value, list):
            return [convert(value)]
        return [convert(item) for item in value]

    return convert_list


def _enum(type_: GraphQLEnumType) -> Convert:
    values = {name: value.value for name, value in type_.values.items()}

    def convert(value: Any) -> Any:
        if value.__class__ is not str:
            raise Unclear
        return values[value]

    return convert


def _object(type_: GraphQLInputObjectType, made: dict[str, Convert]) -> Convert:
    if type_.name in made:
        # An input that contains itself: its function is looked up once it is made.
        return lambda value: made[type_.name](value)
    made[type_.name] = _unmade
    members = {name: _member(name, field, made) for name, field in type_.fields.items()}
    build = type_.out_type
    is_plain = not type_.is_one_of

    def convert(value: Any) -> Any:
        if value.__class__ is not dict or not is_plain or not value.keys() <= members.keys():
            raise Unclear
        values: dict[str, Any] = {}
        for name, read in members.items():
            read(value.get(name, Undefined), values)
        return build(values)

    made[type_.name] = convert
    return convert


def _unmade(value: Any) -> Any:
    raise Unclear


def _member(
    name: str, field: GraphQLInputField, made: dict[str, Convert]
) -> Callable[[Any, dict[str, Any]], None]:
    """Return the function that puts one member of an input object among its values."""
    out_name = field.out_name or name
    convert = converter(field.type, made)
    check = field.extensions.get(CHECK)
    default = coerce_default_value(field)
    required = isinstance(field.type, GraphQLNonNull) and default is Undefined

    def read(value: Any, values: dict[str, Any]) -> None:
        if value is Undefined:
            if required:
                raise Unclear
            if default is not Undefined:
                values[out_name] = default
            return
        if check is not None and value is not None:
            check(value)
        values[out_name] = convert(value)

    return read


def _text(value: Any) -> str:
    if value.__class__ is not str:
        raise Unclear
    return value


def _boolean(value: Any) -> bool:
    if value.__class__ is not bool:
        raise Unclear
    return value


def _integer(value: Any) -> int:
    if value.__class__ is not int or not MIN_INT <= value <= MAX_INT:
        raise Unclear
    return value


PLAIN: dict[str, Convert] = {"String": _text, "ID": _text, "Boolean": _boolean, "Int": _integer}

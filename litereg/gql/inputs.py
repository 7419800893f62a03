"""Check what an operation is given before it is run.

The SDL declares rules on input fields by directives (`@validPassword` and its like) while their
types stay `String`, so that `$slug: String!` is legal everywhere. A value that breaks such a rule
makes the request one that cannot run (HTTP 400), wherever it stands: inside a variable, inside a
literal, or as a variable inside a literal. Values are not echoed: one of them may be a password.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from graphql import (
    SKIP,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    Node,
    ObjectFieldNode,
    OperationDefinitionNode,
    StringValueNode,
    TypeInfo,
    TypeInfoVisitor,
    VariableNode,
    Visitor,
    get_named_type,
    type_from_ast,
    value_from_ast_untyped,
    visit,
)

from litereg.errors import LiteregError
from litereg.gql.binding import CHECK, Check

Faults = Iterator[tuple[list[str | int], LiteregError]]


class InputRules:
    """The rules on input fields that one operation touches.

    Attributes:
        literal_errors: what is wrong in the document itself, whatever the variables.
        has_inner: a variable stands inside a literal, where a rule applies to it.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        operation: OperationDefinitionNode,
        fragments: list[FragmentDefinitionNode],
    ) -> None:
        self._types = {}
        self._defaults: dict[str, Any] = {}
        for definition in operation.variable_definitions or ():
            if definition.default_value is not None:
                default = value_from_ast_untyped(definition.default_value)
                self._defaults[definition.variable.name.value] = default
            type_ = type_from_ast(schema, definition.type)
            if type_ is not None and has_rules(get_named_type(type_), set()):
                self._types[definition.variable.name.value] = (type_, definition)
        collector = _Collector(TypeInfo(schema))
        for node in (operation, *fragments):
            collector.collect(node)
        self.literal_errors = collector.errors
        self._inner = collector.variables
        self.has_inner = bool(self._inner)

    def errors(self, variables: Mapping[str, Any]) -> list[GraphQLError]:
        """Return an error for each value of *variables*, or default of one, that breaks a rule."""
        errors = []
        variables = self._defaults | dict(variables)
        for name, (type_, definition) in self._types.items():
            if name in variables:
                for path, fault in faults(type_, variables[name], [name]):
                    errors.append(_error(name, path, fault, definition))
        for name, check, node in self._inner:
            inner_fault = broken(check, variables.get(name))
            if inner_fault is not None:
                errors.append(_error(name, [name], inner_fault, node))
        return errors


def faults(type_: Any, value: Any, path: list[str | int]) -> Faults:
    """Yield the place and the fault of each part of *value* that breaks a rule of its type."""
    if isinstance(type_, GraphQLNonNull):
        yield from faults(type_.of_type, value, path)
    elif isinstance(type_, GraphQLList):
        items = value if isinstance(value, list) else [value]
        for index, item in enumerate(items):
            yield from faults(type_.of_type, item, [*path, index])
    elif isinstance(type_, GraphQLInputObjectType) and isinstance(value, dict):
        for name, field in type_.fields.items():
            if name not in value:
                continue
            fault = broken(field.extensions.get(CHECK), value[name])
            if fault is not None:
                yield [*path, name], fault
            yield from faults(field.type, value[name], [*path, name])


def broken(check: Check | None, value: Any) -> LiteregError | None:
    """Return how *value* breaks the rule *check*; values that are no text are for the type."""
    if check is None or not isinstance(value, str):
        return None
    try:
        check(value)
    except LiteregError as fault:
        return fault
    return None


def has_rules(type_: Any, seen: set[str]) -> bool:
    """Return whether *type_*, or any type inside it, has a rule on a field."""
    if not isinstance(type_, GraphQLInputObjectType) or type_.name in seen:
        return False
    seen.add(type_.name)
    return any(
        CHECK in field.extensions or has_rules(get_named_type(field.type), seen)
        for field in type_.fields.values()
    )


def _error(name: str, path: list[str | int], fault: LiteregError, node: Node) -> GraphQLError:
    place = ".".join(map(str, path))
    return GraphQLError(
        f'Variable "${name}" got an invalid value at "{place}"; {fault.message}',
        node,
        original_error=fault,
    )


class _Collector(Visitor):
    """Finds rules broken by literals, and variables that stand where a rule applies."""

    def __init__(self, info: TypeInfo) -> None:
        super().__init__()
        self._info = info
        self.errors: list[GraphQLError] = []
        self.variables: list[tuple[str, Check, Node]] = []

    def collect(self, node: Node) -> None:
        visit(node, TypeInfoVisitor(self._info, self))

    def enter_argument(self, *_args: Any) -> Any:
        # Most arguments have no rule anywhere inside, and some are long.
        argument = self._info.get_argument()
        if argument is None or not has_rules(get_named_type(argument.type), set()):
            return SKIP
        return None

    def enter_object_field(self, node: ObjectFieldNode, *_args: Any) -> None:
        parent = self._info.get_parent_input_type()
        named = None if parent is None else get_named_type(parent)
        if not isinstance(named, GraphQLInputObjectType):
            return
        field = named.fields.get(node.name.value)
        check: Callable[[Any], None] | None = field.extensions.get(CHECK) if field else None
        if check is None:
            return
        if isinstance(node.value, VariableNode):
            self.variables.append((node.value.name.value, check, node))
        elif isinstance(node.value, StringValueNode):
            fault = broken(check, node.value.value)
            if fault is not None:
                message = f'Invalid value at "{node.name.value}"; {fault.message}'
                self.errors.append(GraphQLError(message, node, original_error=fault))

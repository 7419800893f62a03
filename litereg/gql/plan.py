"""Compile an operation once, then build answers without walking it again.

A general executor decides, for each field of each object, what the field is, which function answers
it and how its value is completed. All of that is known once the operation is: `compile_selections`
turns a selection set into a list of steps, and a step fills one field of *all* objects of a list
before the next one begins:

    packages {                     results = [{}, {}, …]            one per package
      displayName                  step 1: results[i]["displayName"] = packages[i].display_name
      catalog { website }          step 2: catalogs = […]; inner steps over them; put them in
      versions { author { … } }    step 3: one call for the versions of all packages at once
    }

So a list costs one call of each batch resolver however long it is, and a small field costs one
attribute read. Fields stay in the document's order, because each step adds its key to every result
in turn. The steps are closures; `Run` carries what differs from one run to the next.

Only the plain case is compiled. Introspection, and whatever else is unusual, raises `NotCompiled`
when the plan is made; a field that fails, or a null where none may be, raises when it is run.
Either way graphql-core's own executor takes over, so errors and the propagation of nulls are
exactly its.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter, itemgetter
from typing import Any

from graphql import (
    DirectiveNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLEnumType,
    GraphQLField,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    InlineFragmentNode,
    ListValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    is_required_argument,
)
from graphql.execution import VariableValues, get_argument_values
from graphql.pyutils import Undefined

from litereg.gql.binding import CHECKS, READER, RESOLVER, ROOTS
from litereg.gql.context import Context

MAX_INT = 2**31 - 1
MIN_INT = -(2**31)


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


# Fills one field of each result, from the source at the same place.
Step = Callable[[list[Any], list[dict[str, Any]], Run], None]
# Turns the values of one field, for all objects of a list, into what goes to the wire.
Complete = Callable[[list[Any], Run], list[Any]]
# Works out the arguments of a field.
Arguments = Callable[[Run], Mapping[str, Any]]
# What checks a field's arguments, by their Python names.
Checks = Sequence[tuple[str, Callable[[Any], None]]]
# Fetches the values of one field for all sources.
Fetch = Callable[[list[Any], Run], list[Any]]


class Plan:
    """One operation, compiled for one choice of what its @skip and @include leave."""

    def __init__(self, root: GraphQLObjectType, steps: list[Step]) -> None:
        self.root = root
        self._steps = steps

    def run(self, run: Run) -> dict[str, Any]:
        """Return the data of the answer.

        Raises:
            Exception: anything at all; graphql-core's executor then says what is wrong.
        """
        results: list[dict[str, Any]] = [{}]
        for step in self._steps:
            step([None], results, run)
        return results[0]


class Compiler:
    """Turns one operation into a plan."""

    def __init__(
        self, fragments: Mapping[str, FragmentDefinitionNode], conditions: Mapping[str, bool]
    ) -> None:
        self._fragments = fragments
        self._conditions = conditions

    def compile(self, operation: OperationDefinitionNode, root: GraphQLObjectType) -> Plan:
        """Return the plan of *operation*, whose root fields are those of *root*.

        Raises:
            NotCompiled: there is something unusual in it.
        """
        if operation.directives:
            raise NotCompiled
        return Plan(root, self._steps(root, [operation.selection_set]))

    def _steps(self, type_: GraphQLObjectType, sets: list[SelectionSetNode]) -> list[Step]:
        """Return the steps that fill the merged selection sets *sets* of one type."""
        fields: dict[str, list[FieldNode]] = {}
        for selection_set in sets:
            self._collect(type_, selection_set, fields)
        return [self._step(type_, key, nodes) for key, nodes in fields.items()]

    def _collect(
        self,
        type_: GraphQLObjectType,
        selection_set: SelectionSetNode,
        fields: dict[str, list[FieldNode]],
    ) -> None:
        """Gather the fields of a selection set by response key, fragments flattened."""
        for selection in selection_set.selections:
            if not self._included(selection.directives or ()):
                continue
            if isinstance(selection, FieldNode):
                key = selection.alias.value if selection.alias else selection.name.value
                fields.setdefault(key, []).append(selection)
            elif isinstance(selection, FragmentSpreadNode):
                fragment = self._fragments[selection.name.value]
                # All types are objects, so a valid spread is always of this very type.
                self._collect(type_, fragment.selection_set, fields)
            elif isinstance(selection, InlineFragmentNode):
                self._collect(type_, selection.selection_set, fields)

    def _included(self, directives: tuple[DirectiveNode, ...]) -> bool:
        for directive in directives:
            wanted = WANTED.get(directive.name.value)
            if wanted is None or not directive.arguments:
                raise NotCompiled
            value = directive.arguments[0].value
            if isinstance(value, VariableNode):
                present = self._conditions[value.name.value]
            else:
                present = getattr(value, "value", None) is True
            if present is not wanted:
                return False
        return True

    def _step(self, type_: GraphQLObjectType, key: str, nodes: list[FieldNode]) -> Step:
        name = nodes[0].name.value
        if name == "__typename":
            return _constant(key, type_.name)
        if name.startswith("__"):
            raise NotCompiled
        field = type_.fields[name]
        fetch = _fetch(type_, field, _arguments(field, nodes[0]))
        complete = self._complete(field.type, nodes)
        return _fill(key, fetch, complete)

    def _complete(self, type_: Any, nodes: list[FieldNode]) -> Complete:
        """Return how the values of a field are completed, by its type from the outside in."""
        if isinstance(type_, GraphQLNonNull):
            return _not_null(self._complete(type_.of_type, nodes))
        if isinstance(type_, GraphQLList):
            return _each_list(self._complete(type_.of_type, nodes))
        if isinstance(type_, GraphQLObjectType):
            sets = [node.selection_set for node in nodes if node.selection_set]
            return _objects(self._steps(type_, sets))
        if isinstance(type_, (GraphQLScalarType, GraphQLEnumType)):
            return _leaves(type_)
        raise NotCompiled


# Directive → the condition under which the selection stays.
WANTED = {"include": True, "skip": False}


def _constant(key: str, value: str) -> Step:
    def step(sources: list[Any], results: list[dict[str, Any]], run: Run) -> None:
        for result in results:
            result[key] = value

    return step


def _fill(key: str, fetch: Fetch, complete: Complete) -> Step:
    def step(sources: list[Any], results: list[dict[str, Any]], run: Run) -> None:
        for result, value in zip(results, complete(fetch(sources, run), run), strict=True):
            result[key] = value

    return step


def _fetch(type_: GraphQLObjectType, field: GraphQLField, arguments: Arguments | None) -> Fetch:
    """Return how the values of *field* are fetched: an attribute, or a resolver of the rooms."""
    resolver = field.extensions.get(RESOLVER)
    if resolver is None:
        return _attribute(field.extensions[READER])
    function = resolver.function
    if type_.name in ROOTS:
        if arguments is None:
            return lambda sources, run: [function(run.context)]
        return lambda sources, run: [function(run.context, **arguments(run))]
    if resolver.batch:
        if arguments is None:
            return lambda sources, run: function(sources, run.context) if sources else []
        return lambda sources, run: (
            function(sources, run.context, **arguments(run)) if sources else []
        )
    if arguments is None:
        return lambda sources, run: [function(source, run.context) for source in sources]

    def fetch(sources: list[Any], run: Run) -> list[Any]:
        values = arguments(run)
        return [function(source, run.context, **values) for source in sources]

    return fetch


def _attribute(read: attrgetter[Any] | itemgetter[int]) -> Fetch:
    return lambda sources, run: [read(source) for source in sources]


def _arguments(field: GraphQLField, node: FieldNode) -> Arguments | None:
    """Return how a field's arguments are worked out; None when it takes none."""
    if not field.args:
        return None
    checks = field.extensions.get(CHECKS, ())
    given = {argument.name.value: argument.value for argument in node.arguments or ()}
    if any(argument.default is not None for argument in field.args.values()):
        return _any_arguments(field, node, checks)
    if all(isinstance(value, VariableNode) for value in given.values()):
        return _plain_arguments(field, given, checks)
    if not any(map(_has_variable, given.values())):
        return _constant_arguments(field, node, checks)
    return _any_arguments(field, node, checks)


def _has_variable(value: Any) -> bool:
    if isinstance(value, VariableNode):
        return True
    if isinstance(value, ListValueNode):
        return any(map(_has_variable, value.values))
    if isinstance(value, ObjectValueNode):
        return any(_has_variable(field.value) for field in value.fields)
    return False


def _any_arguments(field: GraphQLField, node: FieldNode, checks: Checks) -> Arguments:
    """Return arguments of any form, worked out by graphql-core at each run."""

    def arguments(run: Run) -> Mapping[str, Any]:
        values = get_argument_values(field, node, run.variables())
        for name, check in checks:
            if name in values:
                check(values[name])
        return values

    return arguments


def _constant_arguments(field: GraphQLField, node: FieldNode, checks: Checks) -> Arguments:
    """Return arguments that are the same at each run."""
    try:
        values = get_argument_values(field, node)
        for name, check in checks:
            if name in values:
                check(values[name])
    except Exception as error:
        raise NotCompiled from error
    return lambda run: values


def _plain_arguments(field: GraphQLField, given: Mapping[str, Any], checks: Checks) -> Arguments:
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


def _not_null(inner: Complete) -> Complete:
    def complete(values: list[Any], run: Run) -> list[Any]:
        done = inner(values, run)
        for value in done:
            if value is None:
                raise NotCompiled
        return done

    return complete


def _each_list(inner: Complete) -> Complete:
    """Complete lists by completing all their items at once."""

    def complete(values: list[Any], run: Run) -> list[Any]:
        items: list[Any] = []
        for value in values:
            if value is not None:
                items.extend(value)
        done = inner(items, run)
        lists: list[Any] = []
        start = 0
        for value in values:
            if value is None:
                lists.append(None)
                continue
            end = start + len(value)
            lists.append(done[start:end])
            start = end
        return lists

    return complete


def _objects(steps: list[Step]) -> Complete:
    def complete(values: list[Any], run: Run) -> list[Any]:
        present = [value for value in values if value is not None]
        results: list[dict[str, Any]] = [{} for _ in present]
        if present:
            for step in steps:
                step(present, results, run)
        if len(present) == len(values):
            return results
        built = iter(results)
        return [None if value is None else next(built) for value in values]

    return complete


def _leaves(type_: GraphQLScalarType | GraphQLEnumType) -> Complete:
    plain = PLAIN_LEAVES.get(type_.name)
    if plain is not None:
        return plain
    write = type_.coerce_output_value

    def complete(values: list[Any], run: Run) -> list[Any]:
        done = [None if value is None else write(value) for value in values]
        # Not `in`: graphql-core's Undefined equals None.
        if any(value is Undefined for value in done):
            raise NotCompiled
        return done

    return complete


def _texts(values: list[Any], run: Run) -> list[Any]:
    for value in values:
        if value.__class__ is not str and value is not None:
            raise NotCompiled
    return values


def _booleans(values: list[Any], run: Run) -> list[Any]:
    for value in values:
        if value.__class__ is not bool and value is not None:
            raise NotCompiled
    return values


def _integers(values: list[Any], run: Run) -> list[Any]:
    for value in values:
        if value is None:
            continue
        if value.__class__ is not int or not MIN_INT <= value <= MAX_INT:
            raise NotCompiled
    return values


# The scalars whose values need no conversion when they are what they should be.
PLAIN_LEAVES: dict[str, Complete] = {
    "String": _texts,
    "ID": _texts,
    "Boolean": _booleans,
    "Int": _integers,
}

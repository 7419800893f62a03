"""Compile an operation once, then build answers without walking it again.

A general executor decides, for each field of each object, what the field is, which function answers
it and how its value is completed. All of that is known once the operation is. `Compiler` turns each
selection set into a `Shape`: a function that makes the result of one object, and steps for what is
better done for many objects at once:

    packages {                     make: {"displayName": s[2], "catalog": {…}, "versions": None}
      displayName                  an attribute read, written straight into `make`
      catalog { website }          an object at hand, its fields read on the way
      versions { author { … } }    a step: one call for the versions of all packages, then one for
    }                              the authors of all versions; put in where `make` left None

So a list costs one call of each batch resolver however long it is, and the rest is as fast as if
somebody had written the answer out by hand: `make` is Python source, put together in
`litereg.gql.template`. Results have their keys in the document's order, because `make` names them
all.

Only the plain case is compiled. Introspection, and whatever else is unusual, raises `NotCompiled`
when the plan is made; a field that fails, or a null where none may be, raises when it is run.
Either way graphql-core's own executor takes over, so errors and the propagation of nulls are
exactly its.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from graphql import (
    DirectiveNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableNode,
    is_leaf_type,
)

from litereg.gql.arguments import Arguments, NotCompiled, Run, arguments_of
from litereg.gql.binding import READER, RESOLVER, ROOTS
from litereg.gql.context import Context
from litereg.gql.leaves import leaf
from litereg.gql.reads import Reads
from litereg.gql.template import NotInline, Template
from litereg.store import Projection

# Fills one field of each result, from the source at the same place.
Step = Callable[[list[Any], list[dict[str, Any]], Run], None]
# Turns the values of one field, for all objects of a list, into what goes to the wire.
Complete = Callable[[list[Any], Run], list[Any]]
# Fetches the values of one field for all sources.
Fetch = Callable[[list[Any], Run], list[Any]]
# The fields of a selection set by response key; several nodes where a field is selected again.
Fields = dict[str, list[FieldNode]]

# Directive → the condition under which the selection stays.
WANTED = {"include": True, "skip": False}


class Shape(NamedTuple):
    """One selection set, compiled.

    Attributes:
        make: makes the result of one object.
        steps: what is done for all objects at once.
        size: how many fields `make` fills.
    """

    make: Callable[[Any, Context], dict[str, Any]]
    steps: list[Step]
    size: int

    def fill(self, sources: list[Any], run: Run) -> list[dict[str, Any]]:
        """Return the results for *sources*, in their order."""
        make, context = self.make, run.context
        context.pay(len(sources) * self.size)
        results = [make(source, context) for source in sources]
        if results:
            for step in self.steps:
                step(sources, results, run)
        return results


class Plan:
    """One operation, compiled for one choice of what its @skip and @include leave."""

    def __init__(self, shape: Shape, projection: Projection | None) -> None:
        self._shape = shape
        self._projection = projection

    def run(self, run: Run) -> dict[str, Any]:
        """Return the data of the answer.

        Raises:
            Exception: anything at all; graphql-core's executor then says what is wrong.
        """
        tx = run.context.tx
        tx.projection = self._projection
        try:
            return self._shape.fill([None], run)[0]
        finally:
            tx.projection = None


class Compiler:
    """Turns one operation into a plan."""

    def __init__(
        self, fragments: Mapping[str, FragmentDefinitionNode], conditions: Mapping[str, bool]
    ) -> None:
        self._fragments = fragments
        self._conditions = conditions
        self._reads = Reads()

    def compile(self, operation: OperationDefinitionNode, root: GraphQLObjectType) -> Plan:
        """Return the plan of *operation*, whose root fields are those of *root*.

        Raises:
            NotCompiled: there is something unusual in it.
        """
        if operation.directives:
            raise NotCompiled
        shape = self._shape(root, self._fields(root, [operation.selection_set]))
        # What is changed is worked out from whole rows.
        is_query = operation.operation is OperationType.QUERY
        return Plan(shape, self._reads.projection() if is_query else None)

    def fields(self, type_: GraphQLObjectType, nodes: list[FieldNode]) -> Fields:
        """Return what *nodes*, which select the same field, select of its objects."""
        sets = [node.selection_set for node in nodes if node.selection_set]
        return self._fields(type_, sets)

    def _shape(self, type_: GraphQLObjectType, fields: Fields) -> Shape:
        template = Template(self.fields, self._reads)
        self._reads.add(type_)
        entries, steps = [], []
        for key, nodes in fields.items():
            try:
                text = template.field(type_, nodes, "s")
            except NotInline:
                text = "None"
                steps.append(self._step(type_, key, nodes))
            entries.append(f"{key!r}: {text}")
        make = template.function(f"{{{', '.join(entries)}}}")
        return Shape(make, steps, template.size)

    def _fields(self, type_: GraphQLObjectType, sets: list[SelectionSetNode]) -> Fields:
        fields: Fields = {}
        for selection_set in sets:
            self._collect(type_, selection_set, fields)
        return fields

    def _collect(
        self,
        type_: GraphQLObjectType,
        selection_set: SelectionSetNode,
        fields: Fields,
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
        field = type_.fields[nodes[0].name.value]
        self._reads.add(type_, field)
        fetch = _fetch(type_, field, arguments_of(field, nodes[0]))
        complete = self._complete(field.type, nodes)

        def step(sources: list[Any], results: list[dict[str, Any]], run: Run) -> None:
            for result, value in zip(results, complete(fetch(sources, run), run), strict=True):
                result[key] = value

        return step

    def _complete(self, type_: Any, nodes: list[FieldNode]) -> Complete:
        """Return how the values of a field are completed, by its type from the outside in."""
        if is_leaf_type(type_):
            write = leaf(type_)
            return lambda values, run: [write(value) for value in values]
        if isinstance(type_, GraphQLNonNull):
            return _not_null(self._complete(type_.of_type, nodes))
        if isinstance(type_, GraphQLList):
            return _each_list(self._complete(type_.of_type, nodes))
        if isinstance(type_, GraphQLObjectType):
            return _objects(self._shape(type_, self.fields(type_, nodes)))
        raise NotCompiled


def _fetch(type_: GraphQLObjectType, field: GraphQLField, arguments: Arguments | None) -> Fetch:
    """Return how the values of *field* are fetched: an attribute, or a resolver of the rooms."""
    resolver = field.extensions.get(RESOLVER)
    if resolver is None:
        read = field.extensions[READER].read
        return lambda sources, run: [read(source) for source in sources]
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
        present = [value for value in values if value is not None]
        # Of many objects with long lists, the list of all items alone may be too large.
        run.context.pay(sum(map(len, present)))
        items: list[Any] = []
        for value in present:
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


def _objects(shape: Shape) -> Complete:
    def complete(values: list[Any], run: Run) -> list[Any]:
        present = [value for value in values if value is not None]
        results = shape.fill(present, run)
        if len(present) == len(values):
            return results
        built = iter(results)
        return [None if value is None else next(built) for value in values]

    return complete

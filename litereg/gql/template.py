"""Write the function that makes the result of one object, as Python source.

What is put into the source is only ever: response keys and type names (which GraphQL restricts to
letters, digits and underscores), places in a row (`s[3]`), attribute names of our own models, and
names that stand for functions. No value of a request comes near it.

Where the annotation of a model's field or of a resolver says the same as the SDL (`str` for
`String!`), mypy has checked the code that fills it, the binding has compared the two, and nothing
is checked again here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    is_leaf_type,
)

from litereg.gql.arguments import NotCompiled
from litereg.gql.binding import EXACT, READER, RESOLVER, ROOTS
from litereg.gql.leaves import leaf, required_leaf
from litereg.gql.reads import Reads

# Leaves that go to the wire as they are, once their Python type is known to be right.
AS_THEY_ARE = ("String", "ID", "Boolean")

Make = Callable[[Any, Any], Any]


class NotInline(Exception):
    """A field that has to be fetched for all objects at once: it gets a step of its own."""


class Template:
    """Collects the source of one function, and the objects that its names stand for.

    In the source `s` is the object and `c` the context of the run.

    Attributes:
        size: how many fields are in the source, those of objects inside the object included.
    """

    def __init__(
        self,
        fields: Callable[[GraphQLObjectType, list[FieldNode]], dict[str, list[FieldNode]]],
        reads: Reads,
    ) -> None:
        self._fields = fields
        self._reads = reads
        self._names: dict[str, Any] = {}
        self._variables = 0
        self.size = 0

    def function(self, expression: str) -> Make:
        """Return the function of `s` and `c` whose result is *expression*."""
        return eval(f"lambda s, c: {expression}", self._names)  # type: ignore[no-any-return]  # noqa: S307

    def field(self, type_: GraphQLObjectType, nodes: list[FieldNode], source: str) -> str:
        """Return the expression of one field of the object that *source* stands for.

        Raises:
            NotInline: it needs a step of its own, or something inside it does.
            NotCompiled: it is nothing that is compiled.
        """
        self.size += 1
        name = nodes[0].name.value
        if name == "__typename":
            return repr(type_.name)
        if name.startswith("__"):
            raise NotCompiled
        field = type_.fields[name]
        if field.args or type_.name in ROOTS:
            raise NotInline
        is_exact = field.extensions.get(EXACT, False)
        value, is_path = self._value(field, source)
        self._reads.add(type_, field)
        return self._complete(field.type, nodes, value, is_path, is_exact)

    def _value(self, field: GraphQLField, source: str) -> tuple[str, bool]:
        """Return the expression that fetches a field, and whether it may be repeated freely."""
        resolver = field.extensions.get(RESOLVER)
        if resolver is None:
            return source + field.extensions[READER].text, True
        if resolver.batch:
            raise NotInline
        return f"{self._name(resolver.function)}({source}, c)", False

    def _complete(
        self, type_: Any, nodes: list[FieldNode], value: str, is_path: bool, is_exact: bool
    ) -> str:
        is_required = isinstance(type_, GraphQLNonNull)
        inner = type_.of_type if is_required else type_
        if is_leaf_type(inner):
            # What a resolver hands on may be of a column that was not fetched; see `gql.reads`.
            if is_exact and is_path and inner.name in AS_THEY_ARE:
                return value
            write = required_leaf(inner) if is_required else leaf(inner)
            return f"{self._name(write)}({value})"
        if is_path and (is_exact or not is_required):
            built = self._build(inner, nodes, value, is_exact)
            return built if is_required else f"(None if {value} is None else {built})"
        # What is fetched by a call is fetched once and handed on.
        name = self._name(_guarded(self._function(inner, nodes, is_exact), is_required))
        return f"{name}({value}, c)"

    def _build(self, type_: Any, nodes: list[FieldNode], value: str, is_exact: bool) -> str:
        """Return the expression of an object or a list that is known to be there."""
        if isinstance(type_, GraphQLList):
            self._variables += 1
            item = f"x{self._variables}"
            built = self._complete(type_.of_type, nodes, item, True, is_exact)
            return f"[{built} for {item} in {value}]"
        if not isinstance(type_, GraphQLObjectType):
            raise NotCompiled
        self._reads.add(type_)
        entries = [
            f"{key!r}: {self.field(type_, inner, value)}"
            for key, inner in self._fields(type_, nodes).items()
        ]
        return f"{{{', '.join(entries)}}}"

    def _function(self, type_: Any, nodes: list[FieldNode], is_exact: bool) -> Make:
        inner = Template(self._fields, self._reads)
        built = inner._build(type_, nodes, "s", is_exact)
        self.size += inner.size
        return inner.function(built)

    def _name(self, value: Any) -> str:
        name = f"f{len(self._names)}"
        self._names[name] = value
        return name


def _guarded(make: Make, is_required: bool) -> Make:
    """Return *make* with its answer for None: null where that may be, else an end of the plan."""

    def make_unless_none(value: Any, context: Any) -> Any:
        if value is None:
            if is_required:
                raise NotCompiled
            return None
        return make(value, context)

    return make_unless_none

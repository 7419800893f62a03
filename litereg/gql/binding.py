"""Make one executable schema of the rooms' SDL, models and functions.

Each room brings `schema.graphql` and a module of resolvers, which may also hold tables:
`MODELS` (GraphQL object → Python class), `INPUTS` (GraphQL input → dataclass), `ENUMS` (GraphQL
enum → Python enum), `SCALARS` (scalar → the functions that read and write it), `CHECKS` (directive
→ the function that checks what it stands on, as `bind` explains) and `PATHS` (`Type.field` → the
attribute that answers it, `catalog.slug` for one of a row in the row, "" for the object itself). A
field is answered by its resolver, or else by its path, or else by the attribute of the same name in
snake_case. Whatever does not fit together stops the start, all of it in one list.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields as dataclass_fields
from functools import lru_cache
from keyword import iskeyword
from operator import attrgetter, itemgetter
from types import ModuleType, UnionType
from typing import Any, NamedTuple, Union, get_args, get_origin, get_type_hints

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLError,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLScalarType,
    GraphQLSchema,
    build_schema,
    specified_scalar_types,
)

from litereg.gql import scalars
from litereg.gql.context import Context
from litereg.gql.limits import MAX_WORD
from litereg.gql.resolver import MARK, Resolver

Check = Callable[[Any], None]

ROOTS = ("Query", "Mutation")
PYTHON_TYPES = {"String": str, "ID": str, "Boolean": bool}
CHECK = "litereg.check"
# The names under which a field keeps what the executor needs of it: the checks of its arguments,
# its resolver, or the function that reads its attribute.
CHECKS = "litereg.checks"
RESOLVER = "litereg.resolver"
READER = "litereg.reader"
# The Python class of a GraphQL object type.
MODEL = "litereg.model"
# Whether what answers the field is annotated with exactly the field's type.
EXACT = "litereg.exact"
WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


class Reader(NamedTuple):
    """How an attribute of a model is read.

    Attributes:
        read: the function that does it.
        text: what is written behind an expression for the object: `[3]`, or `.number`.
        annotation: the attribute's type.
        reads: the fields of the model that it is made of: itself; None, all, for what is worked
            out.
    """

    read: Callable[[Any], Any]
    text: str
    annotation: Any
    reads: tuple[str, ...] | None


class BindingError(Exception):
    """The SDL and the Python code do not fit together; the message lists every gap."""

    def __init__(self, gaps: Sequence[str]) -> None:
        super().__init__("the schema cannot be served:\n" + "\n".join(f"  {gap}" for gap in gaps))
        self.gaps = list(gaps)


def snake_case(name: str) -> str:
    """Return a GraphQL name as Python spells it.

    `offSet` → `off_set`, `isAPI` → `is_api`, and `not`, which Python keeps to itself, → `not_`.
    """
    snake = WORD_START.sub("_", name).lower()
    return f"{snake}_" if iskeyword(snake) else snake


def bind(
    sdl: str, rooms: Sequence[ModuleType], checks: Mapping[str, Check] | None = None
) -> GraphQLSchema:
    """Return the schema of *sdl*, answered by the functions and models of *rooms*.

    *checks* maps the name of a directive to the function that checks what it stands on: an argument
    or an input field. It raises for a value that can never be accepted.

    Raises:
        BindingError: something is missing on one side or the other.
    """
    binder = _Binder(build_schema(sdl), rooms, checks or {})
    binder.bind()
    if binder.gaps:
        raise BindingError(binder.gaps)
    return binder.schema


class _Binder:
    def __init__(
        self, schema: GraphQLSchema, rooms: Sequence[ModuleType], checks: Mapping[str, Check]
    ) -> None:
        self.schema = schema
        self.checks = {**checks, **_merge(rooms, "CHECKS")}
        self.gaps: list[str] = []
        self.resolvers = self._collect_resolvers(rooms)
        self.models = _merge(rooms, "MODELS")
        self.paths = _merge(rooms, "PATHS")
        self.inputs = _merge(rooms, "INPUTS")
        self.enums = _merge(rooms, "ENUMS")
        self.scalars = scalars.as_scalars() | _merge(rooms, "SCALARS")

    def _collect_resolvers(self, rooms: Sequence[ModuleType]) -> dict[str, Resolver]:
        found: dict[str, Resolver] = {}
        for room in rooms:
            for member in vars(room).values():
                marks = getattr(member, MARK, ())
                # Not from what another room marked, and this one only imports.
                if not marks or member.__module__ != room.__name__:
                    continue
                for resolver in marks:
                    if resolver.field in found:
                        self.gaps.append(f"{resolver.field} has two resolvers")
                    found[resolver.field] = resolver
        return found

    def bind(self) -> None:
        for name, type_ in self.schema.type_map.items():
            if name.startswith("__") or name in specified_scalar_types:
                continue
            if isinstance(type_, GraphQLObjectType):
                type_.extensions[MODEL] = self.models.get(name)
                for field_name, field in type_.fields.items():
                    self._bind_field(name, field_name, field)
            elif isinstance(type_, GraphQLInputObjectType):
                self._bind_input(name, type_)
            elif isinstance(type_, GraphQLEnumType):
                self._bind_enum(name, type_)
            elif isinstance(type_, GraphQLScalarType) and name in self.scalars:
                scalars.install(type_, self.scalars[name])
        self.gaps += [f"{field} has a resolver but no field" for field in self.resolvers]
        self.gaps += [f"{field} has a path but no field, or a resolver" for field in self.paths]
        for table in (self.models, self.inputs, self.enums):
            self.gaps += [f"{name} is in no SDL" for name in table if not self._defined(name)]

    def _defined(self, name: str) -> bool:
        return self.schema.get_type(name) is not None

    def _bind_field(self, type_name: str, field_name: str, field: GraphQLField) -> None:
        for name, argument in field.args.items():
            argument.out_name = snake_case(name)
            self._attach_check(argument)
        resolver = self.resolvers.pop(f"{type_name}.{field_name}", None)
        if resolver is not None:
            checks = _argument_checks(field)
            returned = _hints(resolver.function).get("return")
            is_exact = self._fits(returned, field.type)
            field.extensions |= {RESOLVER: resolver, CHECKS: checks, EXACT: is_exact}
            field.resolve = _adapt(type_name, resolver, checks)
            return
        path = self.paths.pop(f"{type_name}.{field_name}", snake_case(field_name))
        read = _reader(self.models.get(type_name), path)
        if read is None:
            self.gaps.append(f"{type_name}.{field_name} has no resolver and no attribute")
            return
        field.extensions |= {READER: read, EXACT: self._fits(read.annotation, field.type)}
        function = read.read
        field.resolve = lambda source, info: function(source)

    def _fits(self, annotation: Any, type_: Any) -> bool:
        """Return whether a Python type says the same as a GraphQL type."""
        if isinstance(type_, GraphQLNonNull):
            return self._fits_inner(annotation, type_.of_type)
        without_none = _without_none(annotation)
        return self._fits_inner(without_none, type_)

    def _fits_inner(self, annotation: Any, type_: Any) -> bool:
        if isinstance(type_, GraphQLList):
            arguments = get_args(annotation)
            is_list = get_origin(annotation) is list and len(arguments) == 1
            return is_list and self._fits(arguments[0], type_.of_type)
        if isinstance(type_, GraphQLObjectType):
            model = self.models.get(type_.name)
            return model is not None and annotation is model
        return annotation is not None and annotation is PYTHON_TYPES.get(type_.name)

    def _bind_input(self, name: str, type_: GraphQLInputObjectType) -> None:
        for field_name, field in type_.fields.items():
            field.out_name = snake_case(field_name)
            self._attach_check(field)
        shape = self.inputs.get(name)
        if shape is None:
            self.gaps.append(f"input {name} has no dataclass")
            return
        wanted = {field.out_name for field in type_.fields.values()}
        present = {field.name for field in dataclass_fields(shape)}
        self.gaps += [f"{shape.__name__} lacks {n} of {name}" for n in sorted(wanted - present)]
        self.gaps += [f"{shape.__name__}.{n} is not in {name}" for n in sorted(present - wanted)]
        type_.out_type = lambda value: shape(**value)  # type: ignore[method-assign]

    def _bind_enum(self, name: str, type_: GraphQLEnumType) -> None:
        members = self.enums.get(name)
        if members is None:
            return
        for value_name, value in type_.values.items():
            if value_name not in members.__members__:
                self.gaps.append(f"{members.__name__} lacks {value_name} of {name}")
                continue
            value.value = members[value_name]
        type_.coerce_input_value = _of_short_words(type_)  # type: ignore[method-assign]
        extra = set(members.__members__) - set(type_.values)
        self.gaps += [f"{members.__name__}.{n} is not in enum {name}" for n in sorted(extra)]

    def _attach_check(self, target: GraphQLArgument | GraphQLInputField) -> None:
        node = target.ast_node
        for directive in node.directives or () if node else ():
            check = self.checks.get(directive.name.value)
            if check is not None:
                optional = not isinstance(target.type, GraphQLNonNull)
                target.extensions[CHECK] = _unless_null(check) if optional else check


def _unless_null(check: Check) -> Check:
    """Return *check* for a place that may be left open by saying null."""
    return lambda value: None if value is None else check(value)


def _of_short_words(type_: GraphQLEnumType) -> Callable[..., Any]:
    """Return how *type_* reads a value, but for one as long as a body."""
    coerce = type_.coerce_input_value

    def coerce_short(value: Any, hide_suggestions: bool = False) -> Any:
        if isinstance(value, str) and len(value) > MAX_WORD:
            raise GraphQLError(f"Value does not exist in {type_.name!r} enum.")
        return coerce(value, hide_suggestions)

    return coerce_short


def _reader(model: type | None, path: str) -> Reader | None:
    """Return how what *path* names is read of a *model*, the fastest way there is."""
    if model is None:
        return None
    if not path:
        return Reader(lambda source: source, "", model, ())
    attribute, _, rest = path.partition(".")
    outer = _attribute_reader(model, attribute)
    if outer is None or not rest:
        return outer
    inner = _reader(outer.annotation, rest)
    if inner is None:
        return None
    return Reader(attrgetter(path), outer.text + inner.text, inner.annotation, (path,))


def _attribute_reader(model: type, attribute: str) -> Reader | None:
    if not hasattr(model, attribute):
        return None
    member = getattr(model, attribute)
    if isinstance(member, property):
        annotation = _hints(member.fget).get("return")
    else:
        annotation = _hints(model).get(attribute)
    fields: tuple[str, ...] = getattr(model, "_fields", ())
    if attribute in fields:
        place = fields.index(attribute)
        return Reader(itemgetter(place), f"[{place}]", annotation, (attribute,))
    return Reader(attrgetter(attribute), f".{attribute}", annotation, None)


@lru_cache(maxsize=1024)
def _hints(thing: Any) -> dict[str, Any]:
    """Return the annotations of a class or function; none where they cannot be worked out."""
    try:
        return get_type_hints(thing)
    except (NameError, TypeError):
        return {}


def _without_none(annotation: Any) -> Any:
    """Return the other arm of `X | None`; anything else as it is."""
    if get_origin(annotation) in (Union, UnionType):
        arms = [arm for arm in get_args(annotation) if arm is not type(None)]
        return arms[0] if len(arms) == 1 else None
    return annotation


def _merge(rooms: Sequence[ModuleType], table: str) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for room in rooms:
        merged |= getattr(room, table, {})
    return merged


def _argument_checks(field: GraphQLField) -> list[tuple[str, Check]]:
    """Return the checks of a field's arguments, the last argument first, as clients expect."""
    found = [
        (argument.out_name or name, argument.extensions[CHECK])
        for name, argument in field.args.items()
        if CHECK in argument.extensions
    ]
    return found[::-1]


def _adapt(
    type_name: str, resolver: Resolver, checks: list[tuple[str, Check]]
) -> Callable[..., Any]:
    """Return *resolver* in the form that graphql-core calls."""
    function = resolver.function
    if type_name in ROOTS:

        def resolve(_source: Any, info: GraphQLResolveInfo[Context], **args: Any) -> Any:
            return function(info.context, **args)
    elif resolver.batch:

        def resolve(_source: Any, info: GraphQLResolveInfo[Context], **args: Any) -> Any:
            return function([_source], info.context, **args)[0]
    else:

        def resolve(_source: Any, info: GraphQLResolveInfo[Context], **args: Any) -> Any:
            return function(_source, info.context, **args)

    if not checks:
        return resolve

    def resolve_checked(source: Any, info: GraphQLResolveInfo[Context], **args: Any) -> Any:
        for name, check in checks:
            if name in args:
                check(args[name])
        return resolve(source, info, **args)

    return resolve_checked

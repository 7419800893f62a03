"""Take the values out of a document, so that documents which differ in nothing else are one.

Scripts write names, cursors and whole lists into the document that they send, so that hardly two
of them are the same, and to parse and validate one takes far longer than to run it:

    { package(identifier: {catalogSlug: "open", packageSlug: "rain"}) { displayName } }

is read here as what it says with variables, and these:

    query ( $_0: PackageIdentifierInput! ) { package ( identifier : $_0 ) { displayName } }

Only plain documents are: one operation without fragments, directives and variables of its own.
Values are taken out where a literal and a variable of the argument's type mean the same, which
leaves out enums, whose literals have no quotes, and floats. Whatever else there is, an error that
names a place in the document included, is for the document as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

import orjson
from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    TypeNameMetaFieldDef,
    get_named_type,
)

# A token, and what may stand before it: GraphQL's own spaces, commas, comments. Texts in three
# quotes, with \u in them or a character that may not stand there are none, and neither are numbers
# longer than that of any time.
TOKEN: Final = re.compile(
    r"""(?:[ \t\n\r,\ufeff]++|\#[^\n\r]*+)*+
    ( [_A-Za-z][_0-9A-Za-z]*+
    | ""(?!")
    | "(?:[^"\\\x00-\x1f\ud800-\udfff]++|\\["\\/bfnrt])++"
    | -?(?:0|[1-9][0-9]{0,15}+)(?![0-9.eE_A-Za-z])
    | [{}()\[\]:]
    | \Z )""",
    re.VERBOSE,
)
KINDS: Final = {"query", "mutation"}
WORDS: Final[Mapping[str, bool | None]] = {"true": True, "false": False, "null": None}
ENDS: Final = {"[": "]", "{": "}"}
MAX_DEPTH: Final = 8
# A pattern holds Python's lock until it is through with a token and all comments before it. That
# takes up to 30 ms in a document of this length, also when it happens on a thread.
MAX_CHARACTERS: Final = 1024 * 1024


class Lifted(NamedTuple):
    """A document without its values.

    Attributes:
        text: the document with variables in their places.
        values: what stood there, by the names of these variables.
        tokens: how many the document had as it was written.
    """

    text: str
    values: dict[str, Any]
    tokens: int


class Literals:
    """What the schema says about where literals stand."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._roots = {"query": schema.query_type, "mutation": schema.mutation_type}
        self._plain: dict[str, bool] = {}

    def lift(self, text: str, max_tokens: int) -> Lifted | None:
        """Return *text* without its values; None when it has none, is giant, or is not plain.

        That it returns something does not say that the document is valid. It may run on a thread.
        """
        if len(text) > MAX_CHARACTERS:
            return None
        try:
            tokens = list(_tokens(text, max_tokens))
            lifter = _Lifter(tokens, self)
            lifter.document()
        except _NotPlain:
            return None
        if not lifter.values:
            return None
        return Lifted(lifter.text(), lifter.values, len(tokens) - 1)

    def root(self, kind: str) -> GraphQLObjectType:
        """Return the type of which a query or mutation selects fields."""
        root = self._roots[kind]
        if root is None:
            raise _NotPlain
        return root

    def is_plain(self, type_: GraphQLNamedType) -> bool:
        """Return whether a literal of *type_* means what the same JSON does, all the way down."""
        plain = self._plain.get(type_.name)
        if plain is None:
            plain = self._plain[type_.name] = _is_plain(type_, set())
        return plain


class _NotPlain(Exception):
    """There is something in the document that only a parser understands."""


def _is_plain(type_: GraphQLNamedType, seen: set[str]) -> bool:
    if isinstance(type_, GraphQLScalarType):
        # Our own read a literal as they read the same JSON; see `litereg.gql.scalars.install`.
        return type_.name != "Float"
    if not isinstance(type_, GraphQLInputObjectType):
        return False
    if type_.name in seen:
        return True
    seen.add(type_.name)
    return all(_is_plain(get_named_type(field.type), seen) for field in type_.fields.values())


def _tokens(text: str, max_tokens: int) -> Iterator[str]:
    """Yield the tokens of *text*, an empty one at the end."""
    position, count = 0, 0
    while True:
        found = TOKEN.match(text, position)
        if found is None or count > max_tokens:
            raise _NotPlain
        yield found[1]
        if not found[1]:
            return
        position, count = found.end(), count + 1


class _Lifter:
    """Reads one document, writing what is left of it."""

    def __init__(self, tokens: list[str], literals: Literals) -> None:
        self._tokens = tokens
        self._literals = literals
        self._at = 0
        self._written: list[str] = []
        self._head: list[str] = []
        self._variables: list[str] = []
        self.values: dict[str, Any] = {}

    def text(self) -> str:
        """Return the document that is left."""
        variables = ["(", *self._variables, ")"]
        return " ".join([*self._head, *variables, *self._written])

    def document(self) -> None:
        """Read the only operation there is."""
        kind = "query" if self._peek() == "{" else self._name()
        if kind not in KINDS:
            raise _NotPlain
        self._head = [kind] if self._peek() == "{" else [kind, self._name()]
        self._selections(self._literals.root(kind), 0)
        self._take("")

    def _selections(self, type_: GraphQLObjectType, depth: int) -> None:
        if depth > 2 * MAX_DEPTH:
            raise _NotPlain
        self._copy("{")
        while self._peek() != "}":
            self._field(type_, depth)
        self._copy("}")

    def _field(self, type_: GraphQLObjectType, depth: int) -> None:
        name = self._copy_name()
        if self._peek() == ":":
            self._copy(":")
            name = self._copy_name()
        field = TypeNameMetaFieldDef if name == "__typename" else type_.fields.get(name)
        if field is None:
            raise _NotPlain
        if self._peek() == "(":
            self._arguments(field)
        inner = get_named_type(field.type)
        if self._peek() == "{" and isinstance(inner, GraphQLObjectType):
            self._selections(inner, depth + 1)

    def _arguments(self, field: GraphQLField) -> None:
        self._copy("(")
        while self._peek() != ")":
            argument = field.args.get(self._copy_name())
            if argument is None:
                raise _NotPlain
            self._copy(":")
            self._argument(argument)
        self._copy(")")

    def _argument(self, argument: GraphQLArgument) -> None:
        """Take the value out if that can be done, or else copy it."""
        first, begin = self._peek(), self._at
        # Of a word, an enum or what stays the same, nothing is gained.
        if not first.isidentifier() and self._literals.is_plain(get_named_type(argument.type)):
            try:
                value = self._value(0)
            except _NotPlain:
                self._at = begin
            else:
                name = f"_{len(self.values)}"
                self.values[name] = value
                self._variables += [f"${name}:", str(argument.type)]
                self._written.append(f"${name}")
                return
        self._skip_value()
        self._written += self._tokens[begin : self._at]

    def _value(self, depth: int) -> Any:
        piece = self._next()
        if piece[:1] == '"':
            return orjson.loads(piece) if "\\" in piece else piece[1:-1]
        if piece in WORDS:
            return WORDS[piece]
        if depth > MAX_DEPTH:
            raise _NotPlain
        if piece == "[":
            return self._list(depth)
        if piece == "{":
            return self._object(depth)
        if piece.lstrip("-").isdigit():
            return int(piece)
        raise _NotPlain

    def _list(self, depth: int) -> list[Any]:
        items = []
        while self._peek() != "]":
            items.append(self._value(depth + 1))
        self._at += 1
        return items

    def _object(self, depth: int) -> dict[str, Any]:
        members: dict[str, Any] = {}
        while self._peek() != "}":
            name = self._name()
            self._take(":")
            if name in members:
                raise _NotPlain
            members[name] = self._value(depth + 1)
        self._at += 1
        return members

    def _skip_value(self) -> None:
        """Go on behind one value, whatever it is."""
        waiting: list[str] = []
        while True:
            piece = self._next()
            if piece in ENDS:
                waiting.append(ENDS[piece])
            elif waiting and piece == waiting[-1]:
                waiting.pop()
            elif piece in {"", ")", "]", "}", "("} or (piece == ":" and not waiting):
                raise _NotPlain
            if not waiting:
                return

    def _peek(self) -> str:
        return self._tokens[self._at]

    def _next(self) -> str:
        piece = self._tokens[self._at]
        if not piece:
            raise _NotPlain
        self._at += 1
        return piece

    def _take(self, piece: str) -> None:
        if self._tokens[self._at] != piece:
            raise _NotPlain
        self._at += 1

    def _name(self) -> str:
        name = self._next()
        if not name.isidentifier():
            raise _NotPlain
        return name

    def _copy(self, piece: str) -> None:
        self._take(piece)
        self._written.append(piece)

    def _copy_name(self) -> str:
        name = self._name()
        self._written.append(name)
        return name

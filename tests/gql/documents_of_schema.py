"""Write random documents that are valid for a schema: fragments, aliases, directives, variables."""

from __future__ import annotations

from random import Random
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_required_argument,
    is_required_input_field,
)

from tests.client import package_file

# Values that sometimes name something and sometimes do not, by the name of what they are for.
WORDS = {
    "catalogSlug": ["open", "closed", "ann", "OPEN", "nowhere", "-bad", ""],
    "slug": ["open", "new-one", "graphql"],
    "packageSlug": ["rain", "snow", "hail", "nothing", "Bad Slug"],
    "username": ["ann", "bob", "nobody", "ann@example.org", "a b"],
    "password": ["correct horse 9", "short", ""],
    "newPassword": ["another horse 9", "short"],
    "query": ["rain", "", "rain | snow", '"'],
    "emailAddress": ["ann@example.org", "new@example.org", "no address"],
}
NUMBERS = {"versionMajor": [1, 2], "versionMinor": [0], "versionPatch": [0]}


class Writer:
    """Writes documents for one kind of operation, with *random* as the only source of chance."""

    def __init__(self, schema: GraphQLSchema, random: Random, is_plain: bool = False) -> None:
        """Begin; when they shall be plain, documents have literals and no variables, no fragments
        and no directives."""
        self.schema = schema
        self.random = random
        self.is_plain = is_plain

    def document(self, kind: str, avoid: frozenset[str] = frozenset()) -> tuple[str, dict]:
        """Return a document with one operation of *kind*, and its variables."""
        self._declared: dict[str, str] = {}
        self._values: dict[str, Any] = {}
        self._fragments: list[str] = []
        root = self.schema.get_type(kind.capitalize())
        names = [name for name in root.fields if name not in avoid]
        count = self.random.choice((1, 1, 1, 2)) if kind == "query" else 1
        fields = [self._field(root, self.random.choice(names), f"f{n}", 4) for n in range(count)]
        declared = ", ".join(f"${name}: {type_}" for name, type_ in self._declared.items())
        body = " ".join(fields)
        text = f"{kind} Op{f'({declared})' if declared else ''} {{ {body} }}"
        return "\n".join([text, *self._fragments]), self._values

    def _selection(self, type_: GraphQLObjectType, depth: int) -> str:
        leaves, branches = [], []
        for name, field in type_.fields.items():
            is_object = isinstance(get_named_type(field.type), GraphQLObjectType)
            (branches if is_object else leaves).append(name)
        chosen = self.random.sample(leaves, min(len(leaves), self.random.randint(1, 4)))
        if depth and branches:
            chosen += self.random.sample(branches, min(len(branches), self.random.randint(0, 2)))
        self.random.shuffle(chosen)
        parts = [self._field(type_, name, name, depth - 1) for name in chosen]
        if self.random.random() < 0.2 or not parts:
            parts.append("__typename")
        if not self.is_plain and self.random.random() < 0.25:
            parts.append(self._spread(type_, depth))
        if self.random.random() < 0.15 and chosen:
            parts.append(parts[0])
        return " ".join(parts)

    def _spread(self, type_: GraphQLObjectType, depth: int) -> str:
        leaves = [
            name
            for name, field in type_.fields.items()
            if not field.args and not isinstance(get_named_type(field.type), GraphQLObjectType)
        ]
        inner = self.random.choice(leaves) if leaves else "__typename"
        if self.random.random() < 0.5:
            return f"... on {type_.name}{self._condition()} {{ {inner} }}"
        name = f"Part{len(self._fragments)}"
        self._fragments.append(f"fragment {name} on {type_.name} {{ {inner} }}")
        return f"...{name}{self._condition()}"

    def _condition(self) -> str:
        if self.is_plain or self.random.random() < 0.6:
            return ""
        directive = self.random.choice(("skip", "include"))
        if self.random.random() < 0.5:
            return f" @{directive}(if: {self.random.choice(('true', 'false'))})"
        return f" @{directive}(if: {self._variable('Boolean!', self.random.random() < 0.5)})"

    def _field(self, parent: GraphQLObjectType, name: str, key: str, depth: int) -> str:
        field = parent.fields[name]
        alias = f"{key}_x: " if self.random.random() < 0.2 else ""
        arguments = []
        for argument_name, argument in field.args.items():
            if not is_required_argument(argument) and self.random.random() < 0.5:
                continue
            arguments.append(f"{argument_name}: {self._value(argument_name, argument.type)}")
        text = f"{alias}{name}" + (f"({', '.join(arguments)})" if arguments else "")
        text += self._condition()
        named = get_named_type(field.type)
        if isinstance(named, GraphQLObjectType):
            text += f" {{ {self._selection(named, max(depth, 0))} }}"
        return text

    def _variable(self, type_: str, value: Any) -> str:
        name = f"v{len(self._declared)}"
        self._declared[name] = type_
        self._values[name] = value
        return f"${name}"

    def _value(self, name: str, type_: Any) -> str:
        """Return a literal, or a variable with its value, for something called *name*."""
        value = self._plain(name, type_)
        if not self.is_plain and self.random.random() < 0.6:
            return self._variable(str(type_), value)
        return self._literal(type_, value)

    def _plain(self, name: str, type_: Any, depth: int = 3) -> Any:
        if isinstance(type_, GraphQLNonNull):
            return self._plain(name, type_.of_type, depth)
        if isinstance(type_, GraphQLList):
            count = self.random.randint(0, 2) if depth else 0
            return [self._plain(name, type_.of_type, depth) for _ in range(count)]
        if isinstance(type_, GraphQLInputObjectType):
            # Large inputs (filters) are filled sparsely; inputs inside themselves end somewhere.
            share = min(0.4, 3 / len(type_.fields)) if depth else 0
            return {
                field_name: self._plain(field_name, field.type, depth - 1)
                for field_name, field in type_.fields.items()
                if is_required_input_field(field) or self.random.random() < share
            }
        if isinstance(type_, GraphQLEnumType):
            return self.random.choice(list(type_.values))
        if type_.name == "Int":
            return self.random.choice(NUMBERS.get(name, [0, 1, 5, -1]))
        if type_.name == "Boolean":
            return self.random.random() < 0.5
        if type_.name == "PackageFileJSON":
            return self.random.choice([package_file("2.0.0"), package_file("1.0.0"), "{}"])
        return self.random.choice(WORDS.get(name, ["some text", "", "Ärger"]))

    def _literal(self, type_: Any, value: Any) -> str:
        if isinstance(type_, GraphQLNonNull):
            return self._literal(type_.of_type, value)
        if isinstance(type_, GraphQLList):
            return "[" + ", ".join(self._literal(type_.of_type, item) for item in value) + "]"
        if isinstance(type_, GraphQLInputObjectType):
            members = []
            for name, inner in value.items():
                field = type_.fields[name]
                # Now and then a variable stands inside the literal.
                if not self.is_plain and self.random.random() < 0.2:
                    members.append(f"{name}: {self._variable(str(field.type), inner)}")
                else:
                    members.append(f"{name}: {self._literal(field.type, inner)}")
            return "{" + ", ".join(members) + "}"
        if isinstance(type_, GraphQLEnumType):
            return value
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, int):
            return str(value)
        escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return f'"{escaped}"'

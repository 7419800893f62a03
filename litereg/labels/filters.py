"""The filters of connections: which members a `where` may have, and the SQL that each stands for.

SQL is static text in this house. Filters are the exception: a client combines predicates as it
likes, so a statement's condition is put together for it. What it is put together from is fixed, the
texts of this module, and nothing that a client sent is ever among them: values travel as parameters
`:p1`, `:p2`, … The same tables make the classes that the inputs of the schema become, so a member
that the schema has and no text answers stops the start.

In a text, {row} is the row asked about, {value} the name of the parameter, {other} a related row
and {condition} what is asked of that one; doubled braces are slots of the dialect.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import field, fields, make_dataclass
from typing import Any, NamedTuple

from litereg.errors import InvalidInput, LimitExceeded
from litereg.labels.text import fold, require_storable

# How deep not, and, or and has…With may nest, and how many members a filter may have in all.
MAX_DEPTH = 8
MAX_MEMBERS = 200

# What a row id can be, as SQLite and PostgreSQL count.
ROW_ID = re.compile(r"[0-9]{1,18}", re.ASCII)


class Predicate(NamedTuple):
    """One member: its SQL, and what makes the parameter of the value given."""

    sql: str
    prepare: Callable[[Any], Any] = lambda value: value


EQUAL = {
    "": "{column} = :{value}",
    "_neq": "{column} <> :{value}",
    "_in": "{column} IN ({{list:{value}}})",
    "_not_in": "{column} NOT IN ({{list:{value}}})",
}
COMPARED = {
    "_gt": "{column} > :{value}",
    "_gte": "{column} >= :{value}",
    "_lt": "{column} < :{value}",
    "_lte": "{column} <= :{value}",
}
CONTAINS = {"_contains": "{{contains:{column}, :{value}}}"}
PREFIX = {"_has_prefix": "substr({column}, 1, length(:{value})) = :{value}"}
SUFFIX = {
    "_has_suffix": "substr({column}, length({column}) - length(:{value}) + 1) = :{value}",
}
EXACTLY = EQUAL | COMPARED | CONTAINS | PREFIX | SUFFIX
EQUAL_FOLD = {"_equal_fold": "{column}_folded = :{value}"}
CONTAINS_FOLD = {"_contains_fold": "{{contains:{column}_folded, :{value}}}"}
PREFIX_FOLD = {"_has_prefix_fold": "substr({column}_folded, 1, length(:{value})) = :{value}"}


def _row_ids(value: str | list[str]) -> int | list[int]:
    """Return an id, or a list of them, as the numbers that rows have."""
    if isinstance(value, list):
        return [_row_id(text) for text in value]
    return _row_id(value)


def _row_id(text: str) -> int:
    if not ROW_ID.fullmatch(text):
        raise InvalidInput("INVALID_ID", "an id is a number of at most 18 digits")
    return int(text)


def _on(column: str, *tables: Mapping[str, str], **prepare: Any) -> dict[str, Predicate]:
    """Return the members of *column*: its name and a suffix of *tables* each."""
    found = {}
    for table in tables:
        for suffix, sql in table.items():
            sql = sql.replace("{column}", "{row}." + column)
            found[column + suffix] = Predicate(sql, **prepare)
    return found


def _folded(column: str, *tables: Mapping[str, str]) -> dict[str, Predicate]:
    return _on(column, *tables, prepare=fold)


class Related(NamedTuple):
    """A pair of members, `has…` and `has…With`, about rows related to this one."""

    entity: str
    sql: str


class Entity(NamedTuple):
    """A kind of row and what can be asked of it.

    Attributes:
        input: the name of its filter in the schema.
        predicates: member → predicate.
        related: member → related rows.
        shape: the class that the schema's input becomes.
    """

    input: str
    predicates: Mapping[str, Predicate]
    related: Mapping[str, Related]
    shape: type


NESTED = ("not_", "and_", "or_")


def _entity(input_: str, predicates: dict[str, Predicate], **related: Related) -> Entity:
    members = [*NESTED, *predicates]
    for member in related:
        members += [member, f"{member}_with"]
    shape = make_dataclass(
        input_,
        [(member, Any, field(default=None)) for member in members],
        frozen=True,
        slots=True,
        kw_only=True,
    )
    return Entity(input_, predicates, related, shape)


ENTITIES = {
    "label": _entity(
        "CustomCatalogLabelWhereInput",
        _on("id", EQUAL, COMPARED, prepare=_row_ids)
        | _on("name", EXACTLY)
        | _folded("name", EQUAL_FOLD, CONTAINS_FOLD, PREFIX_FOLD)
        | _on("description", EXACTLY)
        | _folded("description", EQUAL_FOLD, CONTAINS_FOLD),
        has_public_packages=Related(
            "package",
            "{row}.id IN (SELECT a.label_id FROM package_label AS a"
            " JOIN public_package AS {other} ON {other}.id = a.package_id WHERE {condition})",
        ),
        has_public_package_versions=Related(
            "version",
            "{row}.id IN (SELECT a.label_id FROM version_label AS a"
            " JOIN public_package_version AS {other} ON {other}.id = a.version_id"
            " WHERE {condition})",
        ),
    ),
    "package": _entity(
        "PublicPackageWhereInput",
        _on("name", EQUAL, CONTAINS, PREFIX, SUFFIX)
        | _folded("name", EQUAL_FOLD, CONTAINS_FOLD, PREFIX_FOLD)
        | _on("type", EQUAL)
        | _folded("type", CONTAINS_FOLD),
        has_custom_catalog_labels=Related(
            "label",
            "{row}.id IN (SELECT a.package_id FROM package_label AS a"
            " JOIN label AS {other} ON {other}.id = a.label_id WHERE {condition})",
        ),
    ),
    "version": _entity(
        "PublicPackageVersionWhereInput",
        _on("version", EQUAL, CONTAINS, PREFIX) | _folded("version", CONTAINS_FOLD),
        has_public_package=Related(
            "package",
            "{row}.package_id IN (SELECT {other}.id FROM public_package AS {other}"
            " WHERE {condition})",
        ),
        has_custom_catalog_labels=Related(
            "label",
            "{row}.id IN (SELECT a.version_id FROM version_label AS a"
            " JOIN label AS {other} ON {other}.id = a.label_id WHERE {condition})",
        ),
    ),
}
INPUTS = {entity.input: entity.shape for entity in ENTITIES.values()}


class Filter(NamedTuple):
    """A condition on the rows called `n`, empty when there is none, and its parameters."""

    sql: str
    values: dict[str, Any]


def compile_filter(entity: str, where: Any) -> Filter:
    """Return the filter that *where*, an input of *entity*, stands for; None filters nothing.

    Raises:
        InvalidInput: an empty object or list where it would say nothing, an id that is none, a
            text that no row can hold.
        LimitExceeded: it is too deep or too large.
    """
    compiler = _Compiler()
    sql = "" if where is None else compiler.condition(ENTITIES[entity], where, "n", 1)
    return Filter(sql, compiler.values)


class _Compiler:
    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self._members = 0

    def condition(self, entity: Entity, where: Any, row: str, depth: int) -> str:
        """Return what *where* asks of *row*; empty when it asks nothing."""
        if depth > MAX_DEPTH:
            raise LimitExceeded("FILTER_TOO_DEEP", f"filters nest at most {MAX_DEPTH} levels")
        terms = []
        for member in fields(where):
            value = getattr(where, member.name)
            if value is None:
                continue
            self._members += 1
            if self._members > MAX_MEMBERS:
                raise LimitExceeded("FILTER_TOO_LARGE", f"a filter has at most {MAX_MEMBERS} parts")
            terms.append(self._member(entity, member.name, value, row, depth))
        return " AND ".join(terms)

    def _member(self, entity: Entity, member: str, value: Any, row: str, depth: int) -> str:
        predicate = entity.predicates.get(member)
        if predicate is not None:
            return f"({predicate.sql.format(row=row, value=self._parameter(predicate, value))})"
        if member == "not_":
            return f"NOT ({self._part(entity, value, row, depth, 'not')})"
        if member in NESTED:
            name = member.rstrip("_")
            parts = [f"({self._part(entity, part, row, depth, name)})" for part in value]
            if not parts:
                raise empty_predicate(entity, name)
            return f"({f' {name.upper()} '.join(parts)})"
        return self._related(entity, member, value, row, depth)

    def _parameter(self, predicate: Predicate, value: Any) -> str:
        require_storable(*(value if isinstance(value, list) else [value]))
        name = f"p{len(self.values) + 1}"
        self.values[name] = predicate.prepare(value)
        return name

    def _part(self, entity: Entity, where: Any, row: str, depth: int, member: str) -> str:
        sql = self.condition(entity, where, row, depth + 1)
        if not sql:
            raise empty_predicate(entity, member)
        return sql

    def _related(self, entity: Entity, member: str, value: Any, row: str, depth: int) -> str:
        related = entity.related.get(member)
        if related is not None:
            sql = related.sql.format(row=row, other=f"n{depth}", condition="1 = 1")
            return sql if value else f"NOT ({sql})"
        related = entity.related[member.removesuffix("_with")]
        other, name = f"n{depth}", _camel_case(member)
        # An empty list asks nothing of the related row, which has to be there all the same.
        parts = [
            f"({self._part(ENTITIES[related.entity], part, other, depth, name)})" for part in value
        ]
        return related.sql.format(row=row, other=other, condition=" AND ".join(parts) or "1 = 1")


def empty_predicate(entity: Entity, member: str) -> InvalidInput:
    """Return the error for an object, or a list, that says nothing where it has to say something.

    entgql passes over empty lists; a script that deletes what a search finds had better not.
    """
    return InvalidInput(f"empty predicate {entity.input}: field '{member}'")


def _camel_case(member: str) -> str:
    first, *others = member.split("_")
    return first + "".join(word.capitalize() for word in others)

"""Work out what of its rows an operation reads, while it is compiled.

A field answered by an attribute reads that attribute. A resolver reads what it says it reads, or,
when it says nothing, all of its object. Statements then fetch just that; see
`litereg.store.projection`. What was not fetched refuses to be used, so a resolver that says too
little is found by the tests, which ask for each field alone.
"""

from __future__ import annotations

from collections.abc import Iterable

from graphql import GraphQLField, GraphQLObjectType

from litereg.gql.binding import MODEL, READER, RESOLVER
from litereg.store import Projection, rows


class Reads:
    """What is read of each row type, whatever object it is in."""

    def __init__(self) -> None:
        self._fields: dict[type, set[str]] = {}

    def projection(self) -> Projection:
        """Return what was found."""
        return Projection({shape: frozenset(names) for shape, names in self._fields.items()})

    def add(self, type_: GraphQLObjectType, field: GraphQLField | None = None) -> None:
        """Note that *field* of objects of *type_* is answered; without one, that there are such."""
        shape = type_.extensions.get(MODEL)
        if shape is None or not rows.is_row_type(shape):
            return
        self._add(shape, ())
        if field is None:
            return
        resolver = field.extensions.get(RESOLVER)
        reads = field.extensions[READER].reads if resolver is None else resolver.reads
        if reads is None:
            self._add_all(shape)
        else:
            self._add(shape, reads)

    def _add(self, shape: type, paths: Iterable[str]) -> None:
        """Note attributes that are read, also of rows nested in this one: `catalog.slug`."""
        always = rows.always_fetched(shape)
        if always is not None and shape not in self._fields:
            self._fields[shape] = set()
            self._add(shape, always)
        for path in paths:
            name, _, rest = path.partition(".")
            if always is not None:
                self._fields[shape].add(name)
            nested = _nested(shape, name)
            if nested is not None:
                self._add(nested, [rest] if rest else [])

    def _add_all(self, shape: type) -> None:
        self._add(shape, rows.fields(shape))
        for name in rows.fields(shape):
            nested = _nested(shape, name)
            if nested is not None:
                self._add_all(nested)


def _nested(shape: type, name: str) -> type | None:
    """Return the row type of the field *name* of *shape*, when it is a row."""
    return rows.row_type(rows.fields(shape)[name])[0]

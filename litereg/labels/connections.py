"""Fetch connections: a page of rows below each of many parents, in one statement.

The statements are put together here, because a page's condition and order come from the request.
They are made of the texts of a `Source`, of a filter (see `litereg.labels.filters`) and of this
module, values are parameters throughout, and equal ones are made once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from litereg.gql.context import Context
from litereg.gql.relay import (
    Connection,
    Cursors,
    Direction,
    Order,
    Page,
    PageArguments,
    Place,
    cut,
)
from litereg.labels import ids
from litereg.labels.filters import compile_filter
from litereg.labels.models import Edge, EventRow, LabelRow, PackageRow, VersionRow
from litereg.store import Query, rows

Row = LabelRow | PackageRow | VersionRow | EventRow

# The parent of what has none.
NO_PARENT = 0


@dataclass(frozen=True, eq=False, slots=True)
class Source:
    """Where the rows of a connection come from.

    Attributes:
        entity: the kind of its rows, as `litereg.labels.filters` names it.
        shape: the row type.
        columns: the selected columns but the node's id; the node's own are called `node_…`.
        tables: what they are selected from; nodes have the alias `n`.
        parent: the column by which rows belong to a parent, or a constant.
        id: the column of the node's id, which orders rows where nothing else does. Where the rows
            are assignments it is theirs, because their key has it in order.
        orders: order field → column of the node; None where the order is that of ids.
        condition: what is true of every row.
        scans: why its statements may read a whole table, if they may.
    """

    entity: str
    shape: type[Row]
    columns: str
    tables: str
    id: str
    orders: Mapping[str, str | None]
    parent: str | None = None
    condition: str | None = None
    scans: str | None = None

    def below(self, parent: str) -> Source:
        """Return the same rows, below the parents that the column *parent* names."""
        return replace(self, parent=parent, scans=None)


class Form(NamedTuple):
    """What a page's statement depends on, values apart.

    Attributes:
        column: the node's column by which rows are ordered; None: by id alone.
        descending: the order runs down.
        is_backward: rows are fetched from the end.
        has_after: only rows behind a cursor.
        has_before: only rows before a cursor.
        has_parents: rows below several parents.
        is_ranked: so many rows below each parent, not in all.
        condition: the filter.
    """

    column: str | None
    descending: bool
    is_backward: bool
    has_after: bool
    has_before: bool
    has_parents: bool
    is_ranked: bool
    condition: str


class Total(NamedTuple):
    """How many rows there are below a parent."""

    parent: int
    total: int


@lru_cache(maxsize=256)
def page_query(source: Source, form: Form) -> Query[Row]:
    """Return the statement that fetches pages.

    Parameters: `ids` of the parents, or the one `parent`; `limit` in all, `size` below each parent;
    `after_id`, `after_value`, `before_id`, `before_value`; and those of the filter.
    """
    conditions = _conditions(source, form.condition, form.has_parents)
    if form.has_after:
        conditions.append(_beyond(source, form, "after", down=form.descending))
    if form.has_before:
        conditions.append(_beyond(source, form, "before", down=not form.descending))
    way = "DESC" if form.descending is not form.is_backward else "ASC"
    parent = source.parent or NO_PARENT
    found = f"""
    SELECT {parent} AS parent, {source.id} AS node_row_id, {source.columns}
    FROM {source.tables}
    {_where(conditions)}
    """
    if not form.is_ranked:
        terms = [source.id] if form.column is None else [f"n.{form.column}", source.id]
        sql = f"{found} ORDER BY {_order(terms, way)} LIMIT :limit"
    else:
        names = ", ".join(rows.column_names(source.shape))
        terms = ["node_row_id"] if form.column is None else [f"node_{form.column}", "node_row_id"]
        sql = f"""
        SELECT {names}
        FROM (
            SELECT {names},
                row_number() OVER (PARTITION BY parent ORDER BY {_order(terms, way)}) AS place
            FROM ({found}) AS found
        ) AS ranked
        WHERE place <= :size
        ORDER BY place
        LIMIT :limit
        """
    return Query(source.shape, sql, scans=source.scans)


@lru_cache(maxsize=256)
def count_query(source: Source, condition: str) -> Query[Total]:
    """Return the statement that counts the rows below each of the parents `ids`."""
    where = _where(_conditions(source, condition, has_parents=True))
    # Not GROUP BY: an aggregate over a view of two halves makes SQLite build the whole view first.
    return Query(
        Total,
        f"""
        SELECT DISTINCT parent, count(*) OVER (PARTITION BY parent) AS total
        FROM (SELECT {source.parent or NO_PARENT} AS parent FROM {source.tables} {where}) AS found
        """,
        scans=source.scans,
    )


def _conditions(source: Source, condition: str, has_parents: bool) -> list[str]:
    conditions = []
    if source.parent:
        # Below one parent, an index has the rows in order; below several it has not.
        below = "IN ({ids})" if has_parents else "= :parent"
        conditions.append(f"{source.parent} {below}")
    return [*conditions, *filter(None, (source.condition, condition))]


def _where(conditions: list[str]) -> str:
    return f"WHERE {' AND '.join(conditions)}" if conditions else ""


def _beyond(source: Source, form: Form, cursor: str, down: bool) -> str:
    """Return the condition of lying strictly beyond a cursor's place."""
    than = "<" if down else ">"
    if form.column is None:
        return f"{source.id} {than} :{cursor}_id"
    column = f"n.{form.column}"
    # The first half alone says less than the second; it is what an index can use.
    return (
        f"({column} {than}= :{cursor}_value"
        f" AND ({column} {than} :{cursor}_value OR {source.id} {than} :{cursor}_id))"
    )


def _order(terms: list[str], way: str) -> str:
    return ", ".join(f"{term} {way}" for term in terms)


class Listing:
    """One connection field, for all its parents."""

    def __init__(
        self,
        ctx: Context,
        source: Source,
        arguments: PageArguments,
        parents: Sequence[int] = (NO_PARENT,),
    ) -> None:
        """Check what is asked; nothing is fetched yet.

        Raises:
            InvalidPagination: no page is asked for, or a cursor is not of this order.
            InvalidInput, LimitExceeded: the filter cannot be used.
        """
        arguments.require_possible()
        self._ctx = ctx
        self._source = source
        self._arguments = arguments
        self._times = Counter(parents)
        self._parents = parents
        self._filter = compile_filter(source.entity, arguments.where)
        order = arguments.order_by
        self._column = None if order is None else source.orders[order.field]
        self._cursors = Cursors(self._secret, source.entity, order)
        self._places = {
            name: self._cursors.decode(cursor)
            for name, cursor in (("after", arguments.after), ("before", arguments.before))
            if cursor is not None
        }

    def connections(self) -> list[Connection[Edge]]:
        """Return the connection of each parent, in their order."""
        return [Connection(self, parent) for parent in self._parents]

    def page(self, parent: int) -> Page[Edge]:
        """Return the page below one parent."""
        return self._pages[parent]

    def count(self, parent: int) -> int:
        """Return how many rows the filter leaves below one parent, pages aside."""
        return self._totals.get(parent, 0)

    @cached_property
    def _pages(self) -> dict[int, Page[Edge]]:
        edges: dict[int, list[Edge]] = {parent: [] for parent in self._times}
        for row in self._rows():
            edges[row.parent].append(self._edge(row))
        pages = {parent: cut(found, self._arguments) for parent, found in edges.items()}
        self._ctx.spend(sum(len(page.edges) * self._times[p] for p, page in pages.items()))
        return pages

    @cached_property
    def _totals(self) -> dict[int, int]:
        query = count_query(self._source, self._filter.sql)
        return {row.parent: row.total for row in self._ctx.tx.all(query, **self._parameters())}

    def _rows(self) -> list[Row]:
        """Return the rows of all pages, and one more of each that goes on."""
        size = self._arguments.size
        # One row too many, and the answer is refused: no more need to be fetched.
        limit = self._ctx.nodes_left + 1
        has_parents = len(self._times) > 1
        is_ranked = has_parents and size is not None
        # Whether there is anything at all is what an empty page tells, wherever it begins.
        places = {} if size == 0 else self._places
        if is_ranked:
            limit += len(self._times)
        elif size is not None:
            limit = min(limit, size + 1)
        form = Form(
            self._column,
            _is_descending(self._arguments.order_by),
            self._arguments.is_backward,
            "after" in places,
            "before" in places,
            has_parents,
            is_ranked,
            self._filter.sql,
        )
        values = self._parameters()
        for name, place in places.items():
            values |= {f"{name}_id": place.id, f"{name}_value": place.value}
        query = page_query(self._source, form)
        return self._ctx.tx.all(query, limit=limit, size=(size or 0) + 1, **values)

    def _parameters(self) -> dict[str, Any]:
        parents = list(self._times)
        return {"ids": parents, "parent": parents[0], **self._filter.values}

    def _edge(self, row: Row) -> Edge:
        node = row.node
        value = None if self._column is None else getattr(node, self._column)
        place = Place(value, node.row_id)
        return Edge(node, row.assigned_at, row.assigned_by, place, self._cursors)

    def _secret(self) -> bytes:
        return self._ctx.tx.one(ids.SECRET)


def _is_descending(order: Order | None) -> bool:
    return order is not None and order.direction is Direction.DESC

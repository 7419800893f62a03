"""Lists in the manner of Relay: connections with pages, and the cursors that lead through them.

Nothing here knows what is listed or how it is fetched: a `Listing` fetches, and does so only when
edges, page information or the count are really asked for. Fields behave as entgql's do, whose
clients page through them.

A cursor names a place in an order, not a row number, so rows that come and go between two pages
neither repeat nor hide others. Made-up cursors, and those of another order, are refused. What a
cursor tells, its holder has seen: what it is ordered by, and no number of a row. What it opens, is
checked anew for each page.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from litereg.errors import InvalidInput
from litereg.gql.opaque import Opaque

VERSION = b"\x02"


class InvalidPagination(InvalidInput):
    """Arguments of a connection that ask for no page."""

    code = "INVALID_PAGINATION"


class Direction(Enum):
    """Which way an order runs; its ties, by id, run the same way."""

    ASC = "ASC"
    DESC = "DESC"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """By what a connection is ordered.

    Attributes:
        field: the name in the connection's own enum.
        direction: which way.
    """

    field: str
    direction: Direction


@dataclass(frozen=True, slots=True, kw_only=True)
class PageArguments:
    """The arguments that every connection takes, as they came."""

    after: Any = None
    first: int | None = None
    before: Any = None
    last: int | None = None
    order_by: Order | None = None
    where: Any = None

    @property
    def size(self) -> int | None:
        """How many rows the page may have; None when nothing limits it."""
        return self.last if self.first is None else self.first

    @property
    def is_backward(self) -> bool:
        """Whether the page is counted from the end of the list."""
        return self.last is not None

    def require_possible(self) -> None:
        """Raise InvalidPagination unless *first* and *last* make sense."""
        if self.first is not None and self.last is not None:
            raise InvalidPagination(
                "Passing both `first` and `last` to paginate a connection is not supported."
            )
        for name, value in (("first", self.first), ("last", self.last)):
            if value is not None and value < 0:
                raise InvalidPagination(f"`{name}` on a connection cannot be less than zero.")


class Place(NamedTuple):
    """Where a row stands in an order.

    Attributes:
        value: what it is ordered by; None in the order of ids alone.
        id: its id, which decides ties.
    """

    value: str | None
    id: int


class Cursors:
    """Writes and reads the cursors of one kind of rows in one order."""

    def __init__(self, secret: Callable[[], bytes], kind: str, order: Order | None) -> None:
        """Set up cursors that *secret* marks; it is called when the first cursor is needed."""
        self._secret = secret
        self._has_value = order is not None
        self._order = f"{kind} {order.field} {order.direction.name}" if order else kind

    def encode(self, place: Place) -> str:
        """Return the cursor of *place*: letters, digits, `-` and `_`."""
        written = VERSION + self._opaque.write(place.id, (place.value or "").encode())
        return base64.urlsafe_b64encode(written).rstrip(b"=").decode()

    def decode(self, cursor: Any) -> Place:
        """Return the place that *cursor* names.

        Raises:
            InvalidPagination: these cursors did not write it.
        """
        written = _unpack(cursor)
        place = self._opaque.read(written[len(VERSION) :])
        if place is None or not written.startswith(VERSION):
            raise _undecodable()
        return Place(place[1].decode() if self._has_value else None, place[0])

    @cached_property
    def _opaque(self) -> Opaque:
        # One for each order: a cursor of another one does not read.
        return Opaque(self._secret(), self._order)


def _unpack(cursor: Any) -> bytes:
    """Return the bytes of a cursor, if it is spelled exactly as `encode` spells it."""
    try:
        packed = cursor.encode("ascii")
        signed = base64.urlsafe_b64decode(packed + b"=" * (-len(packed) % 4))
    except (AttributeError, ValueError):
        raise _undecodable() from None
    if base64.urlsafe_b64encode(signed).rstrip(b"=") != packed:
        raise _undecodable()
    return signed


def _undecodable() -> InvalidPagination:
    return InvalidPagination("cannot decode cursor")


class HasCursor(Protocol):
    """An edge."""

    @property
    def cursor(self) -> str:
        """Where it stands."""


E = TypeVar("E", bound=HasCursor)


class Page(NamedTuple, Generic[E]):
    """One page of a list, and what `PageInfo` tells of it."""

    edges: Sequence[E]
    has_next_page: bool
    has_previous_page: bool

    @property
    def start_cursor(self) -> str | None:
        """The cursor of the first edge."""
        return self.edges[0].cursor if self.edges else None

    @property
    def end_cursor(self) -> str | None:
        """The cursor of the last edge."""
        return self.edges[-1].cursor if self.edges else None


def cut(edges: list[E], arguments: PageArguments) -> Page[E]:
    """Return the page of *edges*, which were fetched with one more than the page may have.

    Backward, they come last first.
    """
    size = arguments.size
    has_more = size is not None and len(edges) > size
    has_after, has_before = arguments.after is not None, arguments.before is not None
    if size is None:
        return Page(edges, has_before, has_after)
    if arguments.is_backward:
        return Page(edges[:size][::-1], has_before, has_more)
    return Page(edges[:size], has_more, has_after)


class Listing(Protocol[E]):
    """Fetches one connection field for all its parents at once."""

    def page(self, parent: int) -> Page[E]:
        """Return the page below one parent."""

    def count(self, parent: int) -> int:
        """Return how many there are below one parent, pages aside."""


class Connection(Generic[E]):
    """A list below one parent; nothing of it is fetched before it is asked for."""

    __slots__ = ("_listing", "_parent")

    def __init__(self, listing: Listing[E], parent: int) -> None:
        self._listing = listing
        self._parent = parent

    @property
    def edges(self) -> Sequence[E]:
        """What is on the page."""
        return self.page_info.edges

    @property
    def page_info(self) -> Page[E]:
        """The page, of which `PageInfo` shows all but the edges."""
        return self._listing.page(self._parent)

    @property
    def total_count(self) -> int:
        """How many there are in all."""
        return self._listing.count(self._parent)

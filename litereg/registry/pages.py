"""Pages of lists: `offSet` and `limit` in, a page with its count out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, NamedTuple, TypeVar

from litereg.errors import InvalidInput
from litereg.store import Query, Transaction

T = TypeVar("T")

MAX_LIMIT = 100
# Lists are counted exactly up to here; beyond, `hasMore` goes on telling the truth.
MAX_COUNT = 10_000


class Page(NamedTuple, Generic[T]):
    """One page of a list.

    Attributes:
        items: what is on it.
        has_more: whether there is anything behind it.
        total: counts how many there are in all, at most MAX_COUNT. Asked only when somebody
            wants to know, because counting can take longer than finding a page.
    """

    items: list[T]
    has_more: bool
    total: Callable[[], int]


def bounds(offset: int, limit: int) -> tuple[int, int]:
    """Return the offset and limit to use: a limit of 0, or one too large, means the largest.

    Raises:
        InvalidInput: INVALID_PAGINATION, when either is negative.
    """
    if offset < 0 or limit < 0:
        raise InvalidInput("INVALID_PAGINATION", "offset and limit cannot be negative")
    return offset, min(limit, MAX_LIMIT) or MAX_LIMIT


def page(found: list[T], limit: int, total: Callable[[], int]) -> Page[T]:
    """Return the page of *found*, which was asked for with one row more than *limit*."""
    return Page(found[:limit], len(found) > limit, total)


def read_page(
    tx: Transaction, items: Query[T], total: Query[int], offset: int, limit: int, **params: Any
) -> Page[T]:
    """Return a page of what *items* finds; *total* counts the same, both with *params*.

    Raises:
        InvalidInput: INVALID_PAGINATION.
    """
    offset, limit = bounds(offset, limit)
    found = tx.all(items, offset=offset, limit=limit + 1, **params)
    return page(found, limit, lambda: tx.one(total, **params))

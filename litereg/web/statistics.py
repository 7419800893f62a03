"""What a package file says about its properties, as the rows of a table for people.

Pure. The view of the contents, the same for all formats, comes from outside; here is decided what
of it is said, in which words, and how long the bars are. HTML is made of it by templates.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple

from litereg.web.rendering import number

# Of a property with more distinct values the most frequent ones are drawn.
MAX_BARS: Final = 6
BAR_WIDTH: Final = 72
# How deep inner properties are still set in; the deepest stand below one another.
MAX_DEPTH: Final = 5
# What a page shows of one schema; the file itself is there to be downloaded.
MAX_ROWS: Final = 500

EMPTY: Final = "null"


class Bar(NamedTuple):
    """One distinct value: in how many records it is, and how long its bar is."""

    text: str
    records: int | float
    width: int


class Row(NamedTuple):
    """One property.

    Attributes:
        depth: 0 for a column, 1 for what is inside one, and so on.
        property: as the file has it.
        types: what its values are: "number", "number or text".
        records: in how many records it has a value; None where the file does not say.
        missing: in how many it has none; None where the file does not say.
        facts: what is known of the values, in words.
        bars: its distinct values, the most frequent first.
        more: how many distinct values are not among the bars.
    """

    depth: int
    property: Any
    types: str
    records: int | float | None
    missing: int | float | None
    facts: list[str]
    bars: list[Bar]
    more: int


def rows(properties: Iterable[Any]) -> list[Row]:
    """Return the rows for *properties* and what is inside them; one more than MAX_ROWS at most."""
    found: list[Row] = []
    pending = [(0, entry) for entry in reversed(list(properties))]
    while pending and len(found) <= MAX_ROWS:
        depth, entry = pending.pop()
        found.append(_row(min(depth, MAX_DEPTH), entry))
        pending += [(depth + 1, inner) for inner in reversed(entry.properties)]
    return found


def bars(options: Sequence[tuple[str, int | float]]) -> list[Bar]:
    """Return the most frequent of *options* as bars; the first is as long as a bar can be."""
    ranked = sorted(options, key=lambda option: -option[1])[:MAX_BARS]
    most = ranked[0][1] if ranked else 0
    return [Bar(text, count, _width(count, most)) for text, count in ranked]


def _row(depth: int, entry: Any) -> Row:
    values = entry.values
    filled = [value for value in values if value.type != EMPTY]
    options = [option for value in filled for option in value.options]
    drawn = bars(options)
    return Row(
        depth=depth,
        property=entry,
        types=" or ".join(name for name in entry.types if name != EMPTY) or "",
        records=entry.record_count if entry.record_count is not None else _records(filled),
        missing=_missing(entry, values),
        facts=[fact for value in filled for fact in _facts(value)],
        bars=drawn,
        more=len(options) - len(drawn),
    )


def _records(filled: Iterable[Any]) -> int | float | None:
    counts = [value.record_count for value in filled if value.record_count is not None]
    return sum(counts) if counts else None


def _missing(entry: Any, values: Iterable[Any]) -> int | float | None:
    """Return how many records lack the property, be it that it is empty or not there at all."""
    empty = [value.record_count for value in values if value.type == EMPTY]
    counts = [count for count in (entry.records_missing, *empty) if count is not None]
    return sum(counts) if counts else None


def _facts(values: Any) -> Iterator[str]:
    yield from _range(values.number_min, values.number_max)
    if values.date_min and values.date_max:
        yield f"{_short(values.date_min)} to {_short(values.date_max)}"
    yield from _range(values.string_min_length, values.string_max_length, " characters")
    yield from _range(values.array_min_length, values.array_max_length, " items")
    yield from values.labels
    for inner in values.items:
        yield from (f"each: {fact}" for fact in _facts(inner))


def _range(low: float | None, high: float | None, unit: str = "") -> Iterator[str]:
    if low is None or high is None:
        return
    first, last = _plain(low), _plain(high)
    yield f"{first}{unit}" if first == last else f"{first} to {last}{unit}"


def _plain(value: float) -> str:
    """Return *value* without a comma below 10,000, because many of those are years."""
    return str(value) if isinstance(value, int) and abs(value) < 10_000 else number(value)


def _short(moment: str) -> str:
    """Return *moment* without the time of a day that begins."""
    return moment.removesuffix("Z").removesuffix(".000").removesuffix("T00:00:00")


def _width(count: float, most: float) -> int:
    # Whatever is there at all can be seen; files may claim anything, below zero too.
    return max(1, round(BAR_WIDTH * (count / most))) if most > 0 and count > 0 else 1

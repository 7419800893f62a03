"""Gather what is known of one column of data: its types, and the statistics of each.

Pure, and bounded: a column keeps counts, extremes and a few words, never its values. Which cells
there are comes from `litereg.registry.profiling`, what a single one means from
`litereg.registry.cells`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from litereg.registry.cells import moment_of, type_of

# A column that repeats few words is a choice, and its words are worth counting. More words than
# fit on a page, or long ones, are text.
MAX_OPTIONS = 32
MAX_OPTION_LENGTH = 100

# Beyond these a nested value is counted, not described: its keys are data rather than a schema.
MAX_DEPTH = 8
MAX_OBJECT_PROPERTIES = 200

# What a cell holds, and the text to fall back to when the rest of its column is of another type;
# None for the text when the value stands for itself.
Cell = tuple[Any, str | None]


def cell_of(value: Any) -> Cell:
    """Return a JSON value as a cell; NaN and the infinities, which JSON has not, are null."""
    if isinstance(value, float) and not math.isfinite(value):
        return None, None
    return value, value if isinstance(value, str) else None


class Column:
    """What is known of one column, of the elements of an array, or of one key of an object."""

    def __init__(self, depth: int = 0) -> None:
        self._depth = depth
        self._groups: dict[str, _Values] = {}
        self._texts = _Texts()
        self._textual: set[str] = set()

    def add(self, value: Any, text: str | None) -> None:
        """Take one cell into account; see `Cell` for the two arguments."""
        # Whole numbers and fractions are one group, whose name depends on what comes later.
        group = type_of(value).replace("integer", "number")
        if group not in self._groups:
            self._groups[group] = _values_of(group, self._depth)
        self._groups[group].add(value)
        if text is not None:
            self._textual.add(group)
            self._texts.add(text)

    def types(self) -> dict[str, dict[str, Any]]:
        """Return the statistics of each type that occurs, by type name."""
        found = dict(self._groups)
        if self._is_text():
            found = {group: found[group] for group in found if group not in self._textual}
            found["string"] = self._texts
        named = {values.type_name(group): values for group, values in found.items()}
        return {name: named[name].statistics() for name in sorted(named)}

    def settled(self, value: Any, text: str | None) -> Any:
        """Return a cell as a JSON value of the type that its column turned out to have."""
        return text if text is not None and self._is_text() else value

    def _is_text(self) -> bool:
        return len(self._textual) > 1


class _Values:
    """The values of one type in one column: in the simplest case, how many there are."""

    def __init__(self) -> None:
        self.count = 0

    def add(self, value: Any) -> None:
        """Take one value into account."""
        self.count += 1

    def type_name(self, group: str) -> str:
        """Return the name to show for values that were gathered under *group*."""
        return group

    def statistics(self) -> dict[str, Any]:
        """Return the statistics under the names that package files have for them."""
        return {"recordCount": self.count}


class _Texts(_Values):
    def __init__(self) -> None:
        super().__init__()
        self._lengths = _Range()
        self._options: dict[str, int] | None = {}

    def add(self, value: Any) -> None:
        super().add(value)
        self._lengths.add(len(value), len(value))
        if self._options is None:
            return
        self._options[value] = self._options.get(value, 0) + 1
        if len(self._options) > MAX_OPTIONS or len(value) > MAX_OPTION_LENGTH:
            self._options = None

    def statistics(self) -> dict[str, Any]:
        lengths = {"stringMinLength": self._lengths.low, "stringMaxLength": self._lengths.high}
        return super().statistics() | lengths | self._choice()

    def _choice(self) -> dict[str, Any]:
        # Words that hardly ever come back are names, however few they are.
        if self._options is None or 2 * len(self._options) > self.count:
            return {}
        ranked = sorted(self._options.items(), key=lambda option: (-option[1], option[0]))
        return {"stringOptions": dict(ranked)}


class _Numbers(_Values):
    def __init__(self) -> None:
        super().__init__()
        self._range = _Range()
        self._precision = 0
        self._scale = 0
        self._whole = True

    def add(self, value: Any) -> None:
        super().add(value)
        self._range.add(value, value)
        self._whole = self._whole and isinstance(value, int)
        # The shortest decimal that means this number; its exponent is an int, the number is finite.
        _, digits, exponent = Decimal(repr(value)).as_tuple()
        scale = max(0, -int(exponent))
        self._scale = max(self._scale, scale)
        self._precision = max(self._precision, scale, len(digits) + max(0, int(exponent)))

    def type_name(self, group: str) -> str:
        return "integer" if self._whole else group

    def statistics(self) -> dict[str, Any]:
        return super().statistics() | {
            "numberMinValue": self._range.low,
            "numberMaxValue": self._range.high,
            "numberMaxPrecision": self._precision,
            "numberMaxScale": self._scale,
        }


class _Moments(_Values):
    def __init__(self) -> None:
        super().__init__()
        self._range = _Range()

    def add(self, value: Any) -> None:
        super().add(value)
        self._range.add(moment_of(value), value)

    def statistics(self) -> dict[str, Any]:
        reach = {"dateMinValue": self._range.low, "dateMaxValue": self._range.high}
        return super().statistics() | reach


class _Arrays(_Values):
    def __init__(self, depth: int) -> None:
        super().__init__()
        self._lengths = _Range()
        self._elements = Column(depth + 1)

    def add(self, value: Any) -> None:
        super().add(value)
        self._lengths.add(len(value), len(value))
        for element in value:
            self._elements.add(*cell_of(element))

    def statistics(self) -> dict[str, Any]:
        return super().statistics() | {
            "arrayMinLength": self._lengths.low,
            "arrayMaxLength": self._lengths.high,
            "arrayTypes": self._elements.types(),
        }


class _Objects(_Values):
    def __init__(self, depth: int) -> None:
        super().__init__()
        self._depth = depth
        self._columns: dict[str, Column] | None = {}

    def add(self, value: Any) -> None:
        super().add(value)
        if self._columns is None:
            return
        for key, member in value.items():
            column = self._columns.setdefault(key, Column(self._depth + 1))
            column.add(*cell_of(member))
        if len(self._columns) > MAX_OBJECT_PROPERTIES:
            self._columns = None

    def statistics(self) -> dict[str, Any]:
        if self._columns is None:
            return super().statistics()
        return super().statistics() | {
            "objectProperties": {
                key: {"title": key, "types": column.types()}
                for key, column in self._columns.items()
            }
        }


def _values_of(group: str, depth: int) -> _Values:
    """Return an empty collection for the values of one type, *depth* levels below the row."""
    if group in NESTED and depth < MAX_DEPTH:
        return NESTED[group](depth)
    return FLAT.get(group, _Values)()


FLAT = {"string": _Texts, "number": _Numbers, "date": _Moments, "date-time": _Moments}
NESTED: dict[str, Callable[[int], _Values]] = {"array": _Arrays, "object": _Objects}


class _Range:
    """The lowest and the highest of what was added, compared by a key."""

    def __init__(self) -> None:
        self.low: Any = None
        self.high: Any = None
        self._low_key: Any = None
        self._high_key: Any = None

    def add(self, key: Any, value: Any) -> None:
        if self._low_key is None or key < self._low_key:
            self._low_key, self.low = key, value
        if self._high_key is None or key > self._high_key:
            self._high_key, self.high = key, value

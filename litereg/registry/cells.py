"""Read the cells of tabular data: which value a piece of text stands for, and of which type it is.

Pure. The type names are the nine of package files. What a whole column amounts to is decided in
`litereg.registry.profiling`, never here.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

BOOLEANS = {"true": True, "false": False}
# A leading zero makes an identifier (a postal code, a county), not a number; so do more digits
# than a 64-bit integer holds.
INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
NUMBER = re.compile(
    r"-?(?:(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,30})?|\.[0-9]{1,30})(?:[eE][+-]?[0-9]{1,3})?"
)
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
DATE_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?"
    r"(?:Z|[+-][0-9]{2}:[0-9]{2})?"
)


def value_of(text: str) -> Any:
    """Return the number or truth value that *text* stands for, or *text* itself.

    Space around a number or a truth value is not part of it. Dates stay text: JSON has none.
    """
    word = text.strip()
    if INTEGER.fullmatch(word):
        return int(word)
    if NUMBER.fullmatch(word) and math.isfinite(number := float(word)):
        return number
    return BOOLEANS.get(word.lower(), text)


def type_of(value: Any) -> str:
    """Return the type name of *value*; a string that is an ISO 8601 date counts as a date.

    Raises:
        TypeError: *value* is no JSON value.
    """
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    if isinstance(value, float):
        return "number"
    if isinstance(value, str):
        return _text_type(value)
    if isinstance(value, Mapping):
        return "object"
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return "array"
    raise TypeError(f"{type(value).__name__} is no JSON value")


def _text_type(text: str) -> str:
    if moment_of(text) is None:
        return "string"
    return "date" if DATE.fullmatch(text) else "date-time"


def moment_of(text: str) -> datetime | None:
    """Return the point in time that an ISO 8601 date or date-time names, or None for other text.

    A date is its first moment. A time without an offset is taken as UTC, so that all compare.
    """
    try:
        if DATE.fullmatch(text):
            return datetime.combine(date.fromisoformat(text), datetime.min.time(), UTC)
        if DATE_TIME.fullmatch(text):
            moment = datetime.fromisoformat(text)
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    except ValueError:  # the right shape, but no such day or hour
        return None
    return None

"""The scalars that are not GraphQL's own.

Stored times are Unix milliseconds; on the wire they are ISO 8601 in UTC with milliseconds and Z.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from graphql import GraphQLError, GraphQLScalarType

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=4096)
def date_text(milliseconds: int) -> str:
    """Return a time as clients see it: `2020-10-01T13:54:29.442Z`."""
    moment = EPOCH + timedelta(milliseconds=milliseconds)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse_date(value: Any) -> int:
    """Return the Unix milliseconds of a text in ISO 8601, or of a number that holds them."""
    try:
        if isinstance(value, int) and not isinstance(value, bool):
            date_text(value)
            return value
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError, OverflowError):
        raise GraphQLError(f"Date cannot represent the value: {value!r}") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - EPOCH) // timedelta(milliseconds=1)


def _nothing(value: Any) -> None:
    return None


def as_scalars() -> dict[str, dict[str, Callable[[Any], Any]]]:
    """Return scalar name → the functions that read (`input`) and write (`output`) its values."""
    return {
        "Date": {"output": date_text, "input": parse_date},
        "Void": {"output": _nothing},
    }


def install(scalar: GraphQLScalarType, functions: dict[str, Callable[[Any], Any]]) -> None:
    """Give *scalar*, as the SDL made it, the functions that read and write its values.

    A literal is read as the plain value it stands for, then like a variable.
    """
    if "output" in functions:
        scalar.coerce_output_value = functions["output"]
    if "input" in functions:
        scalar.coerce_input_value = functions["input"]

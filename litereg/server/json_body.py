"""Read JSON from strangers, strictly.

Refused is what two readers could take for two different things (a key given twice, NaN), what no
database stores the way it came (NUL, half of a surrogate pair), and what costs far more to read
than to send (a hundred thousand lists). The standard library's reader is used because it sees every
pair of an object; for the short bodies of GraphQL that costs about 2 µs more than orjson, as much
as looking for the doubles afterwards would.
"""

from __future__ import annotations

import json
import math
from json.scanner import make_scanner
from typing import Any, Final

# Reading a number takes time that grows with the square of its digits; none here needs more.
MAX_DIGITS: Final = 400
# Values in one body. A bulk change of 500 versions has some 10,000.
MAX_VALUES: Final = 100_000


class BadJSON(Exception):
    """A body that is not the JSON it should be; the message says why."""


def decode(body: bytes) -> Any:
    """Return the value that *body* holds, as UTF-8 JSON.

    Raises:
        BadJSON: it is not JSON, is ambiguous, holds text that cannot be stored, or too many values.
    """
    _require_few_values(body)
    try:
        text = body.decode().strip(_SPACE)
        value, end = _scan(text, 0)
        if end != len(text):
            raise ValueError("something follows the value")
    except StopIteration as error:
        raise BadJSON(f"a value was expected at character {error.value}") from None
    except UnicodeDecodeError:
        raise BadJSON("it is not UTF-8") from None
    except RecursionError:
        raise BadJSON("it is nested too deeply") from None
    except ValueError as error:
        raise BadJSON(str(error)) from None
    if "\\u" in text:
        _require_storable(value)
    return value


def require_shallow(value: Any, max_depth: int, name: str) -> None:
    """Raise BadJSON unless *value* has at most *max_depth* levels of lists and objects."""
    level = [value]
    for _ in range(max_depth):
        below: list[Any] = []
        for item in level:
            if isinstance(item, dict):
                below.extend(item.values())
            elif isinstance(item, list):
                below.extend(item)
        if not below:
            return
        level = below
    if any(isinstance(item, (dict, list)) for item in level):
        raise BadJSON(f"{name} are nested deeper than {max_depth} levels")


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        keys = [key for key, _ in pairs]
        double = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"the key {double[:100]!r} is given twice")
    return result


def _no_number(word: str) -> Any:
    raise ValueError(f"{word} is no JSON number")


def _integer(text: str) -> int:
    if len(text) > MAX_DIGITS:
        raise ValueError("a number is too large")
    return int(text)


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError("a number is too large")
    return number


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_without_doubles,
    parse_constant=_no_number,
    parse_float=_finite,
    parse_int=_integer,
)
# The decoder's own way in looks for white space with regular expressions, at a third of the price.
_scan: Final = make_scanner(_DECODER)  # type: ignore[arg-type]  # typeshed takes it for a class
_SPACE: Final = " \t\r\n"


def _require_few_values(body: bytes) -> None:
    """Raise BadJSON when *body* holds too many values, at the cost of counting some bytes.

    Every value but the first follows one of `,`, `[`, `{` or `:`. A package file inside a string is
    full of them, so what looks like too many is looked at again without its strings.
    """
    if _marks(body) <= MAX_VALUES:
        return
    # Without escaped quotes, every second part between quotes is outside of strings.
    bare = body.replace(rb"\\", b"").replace(rb"\"", b"")
    too_many = bare.count(b'"') > 4 * MAX_VALUES
    if too_many or _marks(b"".join(bare.split(b'"')[::2])) > MAX_VALUES:
        raise BadJSON(f"it holds more than {MAX_VALUES} values")


def _marks(text: bytes) -> int:
    return text.count(b",") + text.count(b"[") + text.count(b"{")


def _require_storable(value: Any) -> None:
    """Raise BadJSON when a text in *value* has a NUL or half of a surrogate pair."""
    rest = [value]
    while rest:
        item = rest.pop()
        if isinstance(item, str):
            _require_storable_text(item)
        elif isinstance(item, dict):
            rest.extend(item)
            rest.extend(item.values())
        elif isinstance(item, list):
            rest.extend(item)


def _require_storable_text(text: str) -> None:
    if "\0" in text:
        raise BadJSON("a text holds the character NUL")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise BadJSON("a text holds half of a surrogate pair") from None

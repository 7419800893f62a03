"""Choose media types: which one answers an `Accept`, and whether a `Content-Type` is JSON.

An `Accept` that names nothing known is served as JSON, never refused: one client of ours sends a
charset where the media type belongs.

Source: RFC 9110, sections 8.3.1 and 12.5.1; GraphQL over HTTP, "Body".
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

from litereg.server.replies import GRAPHQL_JSON, JSON

_GRAPHQL: Final = "application/graphql-response+json"
_PLAIN: Final = "application/json"
_HTML: Final = "text/html"


class _Range(NamedTuple):
    """One member of an Accept header: a media range and its quality (0 to 1)."""

    name: str
    quality: float


def answer_type(accept: str | None) -> str:
    """Return the content type of a GraphQL answer for a client that sends *accept*.

    `application/graphql-response+json` is chosen only where it is asked for by name, or where JSON
    is refused; between equal qualities the one named first wins.
    """
    if accept is None or accept == "*/*":
        return JSON
    return _answer_type(accept)


# Clients send the same few headers over and over; bounded, because hostile ones need not.
@lru_cache(maxsize=256)
def _answer_type(accept: str) -> str:
    ranges = _ranges(accept)
    plain = _quality(ranges, _PLAIN)
    graphql = _quality(ranges, _GRAPHQL)
    if graphql > plain:
        return GRAPHQL_JSON
    named = [item.name for item in ranges]
    if graphql == plain > 0 and _GRAPHQL in named:
        first = _PLAIN not in named or named.index(_GRAPHQL) < named.index(_PLAIN)
        return GRAPHQL_JSON if first else JSON
    return JSON


@lru_cache(maxsize=256)
def prefers_html(accept: str) -> bool:
    """Return whether *accept* names HTML, and no JSON type with a higher quality."""
    ranges = _ranges(accept)
    html = max((item.quality for item in ranges if item.name == _HTML), default=0.0)
    json = max((item.quality for item in ranges if item.name in (_PLAIN, _GRAPHQL)), default=0.0)
    return html > 0 and html >= json


def is_json(content_type: str | None) -> bool:
    """Return whether a body of *content_type* is JSON in UTF-8."""
    return content_type == _PLAIN or (content_type is not None and _is_json(content_type))


@lru_cache(maxsize=256)
def _is_json(content_type: str) -> bool:
    name, *parameters = (part.strip().lower() for part in content_type.split(";"))
    charsets = [
        value.strip().strip('"')
        for key, _, value in (parameter.partition("=") for parameter in parameters)
        if key.strip() == "charset"
    ]
    return name == _PLAIN and all(charset in ("utf-8", "utf8") for charset in charsets)


def _ranges(accept: str) -> list[_Range]:
    return [_range(part) for part in accept.lower().split(",")]


def _range(part: str) -> _Range:
    name, *parameters = (piece.strip() for piece in part.split(";"))
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip() == "q":
            return _Range(name, _weight(value.strip()))
    return _Range(name, 1.0)


def _weight(text: str) -> float:
    """Return a quality; what is none counts as unwanted, like 0."""
    try:
        weight = float(text)
    except ValueError:
        return 0.0
    return weight if 0.0 <= weight <= 1.0 else 0.0


def _quality(ranges: list[_Range], media_type: str) -> float:
    """Return the quality of *media_type*: that of the most specific range that covers it."""
    for name in (media_type, "application/*", "*/*"):
        found = [item.quality for item in ranges if item.name == name]
        if found:
            return max(found)
    return 0.0

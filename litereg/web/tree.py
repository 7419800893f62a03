"""JSON as a tree that can be opened and closed, bounded in all directions.

Pure. HTML is made of it by a template.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import orjson

# What a page holds of a document; the rest is in the file.
MAX_NODES: Final = 3_000
MAX_CHILDREN: Final = 300
MAX_TEXT: Final = 400


class Node(NamedTuple):
    """One value.

    Attributes:
        name: its name in the object around it, or its place in the list.
        text: the value itself; of objects and lists how much is in them.
        kind: "object", "list", "string" or "value".
        inner: what is in it, as far as it is shown.
        more: how much of what is in it is not shown.
    """

    name: str
    text: str
    kind: str
    inner: list[Node]
    more: int


def tree(document: Any) -> Node:
    """Return *document*, which is JSON, as a tree of at most MAX_NODES nodes."""
    return _Planter().node("", document)


class _Planter:
    """Makes nodes until there are enough."""

    def __init__(self) -> None:
        self._left = MAX_NODES

    def node(self, name: str, value: Any) -> Node:
        self._left -= 1
        if isinstance(value, str):
            cut = value if len(value) <= MAX_TEXT else f"{value[:MAX_TEXT]} …"
            return Node(name, cut, "string", [], 0)
        if not isinstance(value, dict | list):
            return Node(name, orjson.dumps(value).decode(), "value", [], 0)
        inner = list(self._inner(value))
        kind = "object" if isinstance(value, dict) else "list"
        return Node(name, f"{len(value):,}", kind, inner, len(value) - len(inner))

    def _inner(self, value: dict[str, Any] | list[Any]) -> Iterator[Node]:
        pairs = value.items() if isinstance(value, dict) else enumerate(value, 1)
        for count, (name, inner) in enumerate(pairs):
            if self._left <= 0 or count >= MAX_CHILDREN:
                return
            yield self.node(str(name), inner)

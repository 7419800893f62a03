"""Refuse documents that are too large, before anything expensive looks at them.

Validation takes time quadratic in the number of selections, so the limits come first. They count
through fragments, each fragment measured once: a fragment that is spread a thousand times counts a
thousand times, and finding that out takes one walk.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
)

from litereg.errors import LimitExceeded
from litereg.settings import Settings

# What introspection may nest: tools ask for types of types nine levels deep.
INTROSPECTION_DEPTH = 20
INTROSPECTION = ("__schema", "__type")
# Python reads no longer numbers, and what a name may have meant takes seconds to find out if it is
# as long as a body.
MAX_WORD = 4_000


@dataclass(slots=True)
class Size:
    """How large a selection set is, everything spread into it included."""

    depth: int = 0
    introspection_depth: int = 0
    fields: int = 0
    aliases: int = 0
    spreads: int = 0
    directives: int = 0
    keys: Counter[str] = field(default_factory=Counter)

    def add(self, other: Size, levels: int) -> None:
        """Count *other* in, *levels* further down."""
        self.depth = max(self.depth, other.depth + levels if other.depth else 0)
        if other.introspection_depth:
            self.introspection_depth = max(
                self.introspection_depth, other.introspection_depth + levels
            )
        self.fields += other.fields
        self.aliases += other.aliases
        self.spreads += other.spreads
        self.directives += other.directives


def require_within(document: DocumentNode, settings: Settings) -> bool:
    """Return whether *document*, which keeps the limits of *settings*, asks for the schema.

    Raises:
        LimitExceeded: naming the limit, the figure found and the figure allowed.
    """
    operations = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
    _allow("TOO_MANY_OPERATIONS", len(operations), settings.max_operations)
    measure = _Measure(document, settings)
    # Before anything follows them: a long chain of fragments is deeper than Python's stack.
    _allow("TOO_MANY_FRAGMENT_SPREADS", len(measure.fragments), settings.max_spreads)
    introspects = False
    for operation in operations:
        size = measure.selection_set(operation.selection_set)
        size.directives += len(operation.directives or ())
        _require(size, settings)
        introspects |= size.introspection_depth > 0
        if operation.operation is OperationType.MUTATION:
            _allow("TOO_MANY_MUTATIONS", size.keys.total(), settings.max_root_mutations)
    for fragment in measure.fragments.values():
        # An unused fragment is refused by validation, which would have to walk it first.
        _require(measure.fragment(fragment), settings)
    return introspects


def _require(size: Size, settings: Settings) -> None:
    _allow("TOO_DEEP", size.depth, settings.max_depth)
    _allow("INTROSPECTION_TOO_DEEP", size.introspection_depth, INTROSPECTION_DEPTH)
    _allow("TOO_MANY_FIELDS", size.fields, settings.max_fields)
    _allow("TOO_MANY_ALIASES", size.aliases, settings.max_aliases)
    _allow("TOO_MANY_FRAGMENT_SPREADS", size.spreads, settings.max_spreads)
    _allow("TOO_MANY_DIRECTIVES", size.directives, settings.max_directives)


def _allow(reason: str, found: int, allowed: int) -> None:
    if found > allowed:
        raise LimitExceeded(reason, f"{found} found, {allowed} allowed")


class _Measure:
    def __init__(self, document: DocumentNode, settings: Settings) -> None:
        self.settings = settings
        self.fragments = {
            d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)
        }
        self._measured: dict[str, Size] = {}

    def selection_set(self, node: SelectionSetNode) -> Size:
        size = Size()
        for selection in node.selections:
            size.directives += len(selection.directives or ())
            if isinstance(selection, FieldNode):
                self._field(selection, size)
            elif isinstance(selection, FragmentSpreadNode):
                size.spreads += 1
                fragment = self.fragments.get(selection.name.value)
                if fragment is not None:
                    self._merge(self.fragment(fragment), size)
            elif isinstance(selection, InlineFragmentNode):
                self._merge(self.selection_set(selection.selection_set), size)
        worst = max(size.keys.values(), default=0)
        _allow("TOO_MANY_SELECTIONS_UNDER_ONE_NAME", worst, self.settings.max_same_keys)
        return size

    def fragment(self, node: FragmentDefinitionNode) -> Size:
        name = node.name.value
        if name not in self._measured:
            # While it is being measured it counts nothing: a cycle is for validation to refuse.
            self._measured[name] = Size()
            self._measured[name] = self.selection_set(node.selection_set)
        return self._measured[name]

    def _merge(self, inner: Size, size: Size) -> None:
        size.add(inner, levels=0)
        size.keys.update(inner.keys)

    def _field(self, node: FieldNode, size: Size) -> None:
        inner = Size() if node.selection_set is None else self.selection_set(node.selection_set)
        name = node.name.value
        is_introspection = name in INTROSPECTION
        if is_introspection:
            # It may be deeper than other things: tools ask for types of types of types.
            inner.introspection_depth, inner.depth = max(inner.depth, 1), 0
        size.add(inner, levels=1)
        size.fields += 1
        if not is_introspection:
            size.depth = max(size.depth, 1)
        size.aliases += node.alias is not None
        size.keys[node.alias.value if node.alias else name] += 1

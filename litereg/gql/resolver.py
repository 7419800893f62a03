"""How the rooms tell the engine which function answers which field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

F = TypeVar("F", bound=Callable[..., Any])

MARK = "__graphql_resolver__"


class Resolver(NamedTuple):
    """A function and the field it answers.

    Attributes:
        field: `Type.field`.
        function: at the root `(ctx, *, …arguments)`, elsewhere `(source, ctx, *, …arguments)`;
            in batches `(sources, ctx, *, …arguments)`, returning one value for each source.
        batch: it takes many sources at once, so that a list costs one statement.
        writes: it changes something although it is a query.
        reads: the attributes of its source that it reads, `catalog.slug` for one of a row in it;
            None stands for all. What is not named here may not have been fetched.
    """

    field: str
    function: Callable[..., Any]
    batch: bool
    writes: bool
    reads: tuple[str, ...] | None


def resolver(
    field: str,
    *,
    batch: bool = False,
    writes: bool = False,
    reads: tuple[str, ...] | None = None,
) -> Callable[[F], F]:
    """Mark a function as the resolver of *field*, written `Type.field`; of several, if need be."""

    def mark(function: F) -> F:
        marks = (*getattr(function, MARK, ()), Resolver(field, function, batch, writes, reads))
        setattr(function, MARK, marks)
        return function

    return mark

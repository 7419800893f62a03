"""Turn flat result rows into named tuples, nested ones included.

A row type is a `NamedTuple`: created in C, immutable, cheap enough for hot lists. A field whose
type is itself a row type takes the columns `<field>_<its fields>`; when it is optional, it is None
where its first column is NULL. The columns stand in the order of the fields.
"""

from __future__ import annotations

from collections.abc import Callable
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

Make = Callable[[tuple[Any, ...]], Any]

SCALARS = (int, str, bytes, float, bool)


def column_names(shape: type) -> list[str]:
    """Return the names that the columns of a statement must have to fill *shape*."""
    names: list[str] = []
    for name, annotation in _fields(shape):
        nested, _ = _row_type(annotation)
        if nested is None:
            names.append(name)
        else:
            names.extend(f"{name}_{inner}" for inner in column_names(nested))
    return names


def maker(shape: type) -> Make:
    """Return a function that makes one *shape* from one row, written once as Python source.

    A scalar type takes the first column. Integers become booleans where the field says so.
    """
    if not _is_row_type(shape):
        return _first_column
    # A named tuple's own constructor is a function in Python that calls this one.
    names: dict[str, Any] = {"new": tuple.__new__}
    expression, _ = _constructor(shape, 0, names)
    # The source holds only names made in this module and column numbers.
    return eval(f"lambda row: {expression}", names)  # type: ignore[no-any-return]  # noqa: S307


def _first_column(row: tuple[Any, ...]) -> Any:
    return row[0]


def _constructor(shape: type, start: int, names: dict[str, Any]) -> tuple[str, int]:
    """Return the expression that makes *shape* from columns *start*…, and the next column."""
    alias = f"T{len(names)}"
    names[alias] = shape
    arguments = []
    column = start
    for _, annotation in _fields(shape):
        nested, optional = _row_type(annotation)
        if nested is not None:
            expression, after = _constructor(nested, column, names)
            if optional:
                expression = f"(None if row[{column}] is None else {expression})"
            arguments.append(expression)
            column = after
            continue
        arguments.append(f"row[{column}] == 1" if annotation is bool else f"row[{column}]")
        column += 1
    return f"new({alias}, ({', '.join(arguments)},))", column


def _fields(shape: type) -> list[tuple[str, Any]]:
    hints = get_type_hints(shape)
    return [(name, hints[name]) for name in shape._fields]  # type: ignore[attr-defined]


def _row_type(annotation: Any) -> tuple[type | None, bool]:
    """Return the row type that *annotation* names, if any, and whether None may stand for it."""
    if get_origin(annotation) in (Union, UnionType):
        inner = [arm for arm in get_args(annotation) if arm is not type(None)]
        if len(inner) == 1 and _is_row_type(inner[0]):
            return inner[0], True
        return None, True
    return (annotation, False) if _is_row_type(annotation) else (None, False)


def _is_row_type(annotation: Any) -> bool:
    return (
        isinstance(annotation, type)
        and issubclass(annotation, tuple)
        and hasattr(annotation, "_fields")
    )

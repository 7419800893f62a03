"""Turn flat result rows into named tuples, nested ones included.

A row type is a `NamedTuple`: created in C, immutable, cheap enough for hot lists. A field whose
type is itself a row type takes the columns `<field>_<its fields>`; when it is optional, it is None
where its first column is NULL. The columns stand in the order of the fields.

Where it is known which fields will be read, the others need no column: see `Wanted`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import UnionType
from typing import Any, NoReturn, TypeVar, Union, get_args, get_origin, get_type_hints

Make = Callable[[tuple[Any, ...]], Any]
# Row type → those of its fields that are read, wherever it is nested; of a row type that is not
# named here, all. The first field of a row that is read at all always is.
Wanted = Mapping[type, frozenset[str]]

SCALARS = (int, str, bytes, float, bool)
EVERYTHING: Wanted = {}


class UnreadColumn(Exception):
    """A field was read that had been left out; a defect of whoever said what is wanted."""


class Unread:
    """Stands in a row for a field that was left out; it is no value, whatever is done with it."""

    __slots__ = ()

    def _refuse(self, *_args: Any) -> NoReturn:
        raise UnreadColumn

    __bool__ = __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _refuse
    __and__ = __rand__ = __or__ = __ror__ = __add__ = __radd__ = __mod__ = __floordiv__ = _refuse
    __getitem__ = __getattr__ = __iter__ = __len__ = __contains__ = __hash__ = _refuse
    __int__ = __index__ = __float__ = __str__ = __format__ = _refuse

    def __repr__(self) -> str:
        return "UNREAD"


UNREAD = Unread()

PARTLY = "__always_fetched__"
Shape = TypeVar("Shape", bound=type)


def partly(*always: str) -> Callable[[Shape], Shape]:
    """Mark a row type of which only what is read has to be fetched.

    The fields *always* are fetched in any case, because the rules of the rooms read them;
    `catalog.id` names one of a nested row.
    """

    def mark(shape: Shape) -> Shape:
        setattr(shape, PARTLY, always)
        return shape

    return mark


def always_fetched(shape: Any) -> tuple[str, ...] | None:
    """Return what is always fetched of *shape*; None when all of it is, or it is no row type."""
    # Not inherited: what a subclass adds may be filled in otherwise.
    return vars(shape).get(PARTLY) if isinstance(shape, type) else None


def column_names(shape: type, wanted: Wanted = EVERYTHING) -> list[str]:
    """Return the names that the columns of a statement must have to fill *shape*."""
    names: list[str] = []
    for name, annotation, is_wanted in _fields(shape, wanted):
        nested, _ = row_type(annotation)
        if not is_wanted:
            continue
        if nested is None:
            names.append(name)
        else:
            names.extend(f"{name}_{inner}" for inner in column_names(nested, wanted))
    return names


def maker(shape: type, wanted: Wanted = EVERYTHING) -> Make:
    """Return a function that makes one *shape* from one row, written once as Python source.

    A scalar type takes the first column. Integers become booleans where the field says so.
    """
    if not is_row_type(shape):
        return _first_column
    # A named tuple's own constructor is a function in Python that calls this one.
    names: dict[str, Any] = {"new": tuple.__new__, "UNREAD": UNREAD}
    expression, _ = _constructor(shape, wanted, 0, names)
    # The source holds only names made in this module and column numbers.
    return eval(f"lambda row: {expression}", names)  # type: ignore[no-any-return]  # noqa: S307


def _first_column(row: tuple[Any, ...]) -> Any:
    return row[0]


def _constructor(shape: type, wanted: Wanted, start: int, names: dict[str, Any]) -> tuple[str, int]:
    """Return the expression that makes *shape* from columns *start*…, and the next column."""
    alias = f"T{len(names)}"
    names[alias] = shape
    arguments = []
    column = start
    for _, annotation, is_wanted in _fields(shape, wanted):
        nested, optional = row_type(annotation)
        if not is_wanted:
            arguments.append("UNREAD")
            continue
        if nested is not None:
            expression, after = _constructor(nested, wanted, column, names)
            if optional:
                expression = f"(None if row[{column}] is None else {expression})"
            arguments.append(expression)
            column = after
            continue
        arguments.append(f"row[{column}] == 1" if annotation is bool else f"row[{column}]")
        column += 1
    return f"new({alias}, ({', '.join(arguments)},))", column


def fields(shape: type) -> dict[str, Any]:
    """Return the annotation of each field of a row type, by name, in their order."""
    hints = get_type_hints(shape)
    return {name: hints[name] for name in shape._fields}  # type: ignore[attr-defined]


def _fields(shape: type, wanted: Wanted) -> list[tuple[str, Any, bool]]:
    """Return name and annotation of each field, and whether it is read."""
    chosen = wanted.get(shape)
    return [
        # What tells whether an optional row is there is its first column.
        (name, annotation, chosen is None or name in chosen or place == 0)
        for place, (name, annotation) in enumerate(fields(shape).items())
    ]


def row_type(annotation: Any) -> tuple[type | None, bool]:
    """Return the row type that *annotation* names, if any, and whether None may stand for it."""
    if get_origin(annotation) in (Union, UnionType):
        inner = [arm for arm in get_args(annotation) if arm is not type(None)]
        if len(inner) == 1 and is_row_type(inner[0]):
            return inner[0], True
        return None, True
    return (annotation, False) if is_row_type(annotation) else (None, False)


def is_row_type(annotation: Any) -> bool:
    """Return whether *annotation* is a row type, and not a scalar or anything else."""
    return (
        isinstance(annotation, type)
        and issubclass(annotation, tuple)
        and hasattr(annotation, "_fields")
    )

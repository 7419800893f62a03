from typing import NamedTuple

import pytest

from litereg.store import rows


class Point(NamedTuple):
    """Two numbers."""

    x: int
    y: int


class Line(NamedTuple):
    """Two points, the second of which may be missing, and more."""

    name: str
    start: Point
    end: Point | None
    is_dashed: bool
    note: str | None
    number: int | str


NAMES = ["name", "start_x", "start_y", "end_x", "end_y", "is_dashed", "note", "number"]


def test_columns_of_nested_rows_are_named_after_their_place():
    assert rows.column_names(Line) == NAMES


@pytest.mark.parametrize(
    ("row", "line"),
    [
        (
            ("a", 1, 2, 3, 4, 1, "n", 5),
            Line("a", Point(1, 2), Point(3, 4), is_dashed=True, note="n", number=5),
        ),
        (
            ("a", 1, 2, None, None, 0, None, "5"),
            Line("a", Point(1, 2), None, is_dashed=False, note=None, number="5"),
        ),
    ],
)
def test_a_flat_row_becomes_nested_ones(row, line):
    made = rows.maker(Line)(row)

    assert made == line
    assert made.is_dashed is line.is_dashed


@pytest.mark.parametrize(("shape", "value"), [(int, 7), (str, "seven"), (bytes, b"7")])
def test_a_scalar_is_the_first_column(shape, value):
    assert rows.maker(shape)((value, "more")) == value


def test_a_plain_tuple_is_no_row_type():
    class Holder(NamedTuple):
        pair: tuple

    assert rows.column_names(Holder) == ["pair"]

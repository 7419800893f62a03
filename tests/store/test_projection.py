"""Only the columns that are read are fetched, and what was left out cannot be taken for a value."""

import operator
from typing import NamedTuple

import pytest

from litereg.store import Projection, Query, Transaction, rows
from litereg.store.connection import connect


@rows.partly("x")
class Point(NamedTuple):
    """Two numbers."""

    x: int
    y: int


@rows.partly("name", "start.x")
class Line(NamedTuple):
    """Two points, the second of which may be missing."""

    name: str
    start: Point
    end: Point | None
    note: str | None
    is_dashed: bool


LINES = Query(
    Line,
    """
    SELECT column1 AS name, column2 AS start_x, column3 AS start_y, column4 AS end_x,
        column5 AS end_y, column6 AS note, column7 AS is_dashed
    FROM (VALUES ('b', 1, 2, 3, 4, 'n', 1), ('a', 5, 6, NULL, NULL, NULL, 0))
    ORDER BY name
    """,
)
HOW_MANY = Query(int, "SELECT count(*) FROM (VALUES (1), (2))")


@pytest.fixture
def tx(tmp_path):
    raw = connect(tmp_path / "a.db")
    yield Transaction(raw)
    raw.close()


def wanting(**fields):
    shapes = {"point": Point, "line": Line}
    return Projection({shapes[name]: frozenset(names) for name, names in fields.items()})


def test_without_a_projection_rows_are_whole(tx):
    assert tx.all(LINES) == [
        Line("a", Point(5, 6), None, None, is_dashed=False),
        Line("b", Point(1, 2), Point(3, 4), "n", is_dashed=True),
    ]


def test_what_is_not_read_is_not_fetched(tx):
    tx.projection = wanting(line={"name", "end", "is_dashed"}, point={"y"})

    first, second = tx.all(LINES)

    assert (first.name, first.end, first.is_dashed) == ("a", None, False)
    assert (second.end.x, second.end.y, second.is_dashed) == (3, 4, True)
    for left_out in (first.start, first.note, second.start, second.note):
        assert left_out is rows.UNREAD


def test_the_first_row_alone_is_narrowed_too(tx):
    tx.projection = wanting(line={"name"})

    line = tx.first(LINES)

    assert line.name == "a"
    assert line.note is rows.UNREAD


def test_the_statement_asks_for_no_more_than_is_read():
    narrowed = wanting(line={"name", "start"}, point={"y"}).narrow(LINES)

    assert narrowed.sql.startswith("SELECT name, start_x, start_y FROM (")


def test_a_statement_is_narrowed_once():
    projection = wanting(line={"name"})

    assert projection.narrow(LINES) is projection.narrow(LINES)


def test_a_row_type_that_is_not_named_is_fetched_whole(tx):
    tx.projection = wanting(point={"x"})

    line = tx.all(LINES)[1]

    assert (line.note, line.is_dashed, line.start.x) == ("n", True, 1)
    assert line.start.y is rows.UNREAD


def test_what_needs_all_or_is_no_row_stays_as_it_is(tx):
    projection = wanting(line=Line._fields, point=Point._fields)

    assert projection.narrow(LINES) is LINES
    assert projection.narrow(HOW_MANY) is HOW_MANY


@pytest.mark.parametrize(
    "use",
    [
        bool,
        str,
        int,
        len,
        list,
        hash,
        operator.attrgetter("slug"),
        lambda unread: unread == 1,
        lambda unread: unread != 1,
        lambda unread: unread > 1,
        lambda unread: unread & 7,
        lambda unread: 7 & unread,
        lambda unread: unread + 1,
        lambda unread: unread[0],
        lambda unread: "a" in unread,
        lambda unread: f"{unread}",
        lambda unread: {unread: 1},
    ],
)
def test_what_was_left_out_refuses_to_be_used(use):
    with pytest.raises(rows.UnreadColumn):
        use(rows.UNREAD)


def test_what_was_left_out_can_be_seen_when_looking_for_a_defect():
    assert repr(rows.UNREAD) == "UNREAD"

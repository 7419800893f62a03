"""Cursors say where to go on, to their own order only, and nobody can make one up."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litereg.gql.relay import (
    Cursors,
    Direction,
    InvalidPagination,
    Order,
    PageArguments,
    Place,
    cut,
)

SECRET = b"s" * 32
BY_NAME = Order(field="NAME", direction=Direction.ASC)
ORDERS = [None, BY_NAME, Order(field="NAME", direction=Direction.DESC)]
IDS = st.integers(0, 2**63 - 1)
TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=40)
ALPHABET = string.ascii_letters + string.digits + "-_"


def cursors(order=BY_NAME, kind="label", secret=SECRET):
    return Cursors(lambda: secret, kind, order)


@given(value=TEXTS, id_=IDS)
def test_a_cursor_leads_back_to_its_place(value, id_):
    place = Place(value, id_)

    cursor = cursors().encode(place)

    assert cursors().decode(cursor) == place
    assert re.fullmatch(r"[A-Za-z0-9_-]{26,}", cursor)


@given(id_=IDS)
def test_a_cursor_of_the_order_of_ids_has_no_value(id_):
    cursor = cursors(None).encode(Place(None, id_))

    assert cursors(None).decode(cursor) == (None, id_)
    assert len(cursor) == 26


@pytest.mark.parametrize("made_in", ORDERS)
@pytest.mark.parametrize("used_in", ORDERS)
def test_a_cursor_is_good_for_its_own_order_only(made_in, used_in):
    cursor = cursors(made_in).encode(Place(made_in and "a", 7))

    if made_in == used_in:
        assert cursors(used_in).decode(cursor).id == 7
    else:
        with pytest.raises(InvalidPagination):
            cursors(used_in).decode(cursor)


@pytest.mark.parametrize(
    "other", [cursors(kind="package"), cursors(secret=b"t" * 32)], ids=["kind", "secret"]
)
def test_a_cursor_of_other_rows_or_of_another_registry_is_refused(other):
    with pytest.raises(InvalidPagination):
        cursors().decode(other.encode(Place("a", 7)))


@pytest.mark.parametrize("place", [Place("", 0), Place("a", 7), Place("ab", 7), Place("ä", 2**62)])
def test_no_letter_of_a_cursor_can_be_another(place):
    cursor = cursors().encode(place)

    for position, letter in enumerate(cursor):
        for other in ALPHABET.replace(letter, ""):
            with pytest.raises(InvalidPagination):
                cursors().decode(cursor[:position] + other + cursor[position + 1 :])


def test_no_cursor_can_be_cut_or_lengthened():
    cursor = cursors().encode(Place("abc", 7))

    for changed in (
        *(cursor[:length] for length in range(len(cursor))),
        *(cursor + tail for tail in ("A", "AA", "AAAA", "=", "==", " ", "\n", "!")),
        f" {cursor}",
        cursor[:5] + "+" + cursor[5:],
    ):
        with pytest.raises(InvalidPagination, match="cannot decode cursor"):
            cursors().decode(changed)


@pytest.mark.parametrize("value", ["", "!!", "null", "ä", "\ud800", 17, 1.5, True, ["a"], {"a": 1}])
def test_what_is_no_cursor_is_refused(value):
    with pytest.raises(InvalidPagination, match="cannot decode cursor") as refused:
        cursors().decode(value)

    assert refused.value.code == "INVALID_PAGINATION"


@given(text=st.text(ALPHABET, max_size=60))
def test_nobody_guesses_a_cursor(text):
    with pytest.raises(InvalidPagination):
        cursors().decode(text)


def test_the_secret_is_asked_for_once_and_only_when_needed():
    asked = []

    def secret():
        asked.append(1)
        return SECRET

    made = Cursors(secret, "label", None)
    assert asked == []
    made.decode(made.encode(Place(None, 1)))

    assert asked == [1]


ROWS = ["a", "b", "c"]


@pytest.mark.parametrize(
    ("arguments", "page"),
    [
        ({}, (["a", "b", "c"], False, False)),
        ({"after": "x"}, (["a", "b", "c"], False, True)),
        ({"before": "x"}, (["a", "b", "c"], True, False)),
        ({"first": 3}, (["a", "b", "c"], False, False)),
        ({"first": 2}, (["a", "b"], True, False)),
        ({"first": 2, "after": "x"}, (["a", "b"], True, True)),
        ({"first": 3, "before": "x"}, (["a", "b", "c"], False, False)),
        ({"first": 0}, ([], True, False)),
        ({"last": 3}, (["c", "b", "a"], False, False)),
        ({"last": 2}, (["b", "a"], False, True)),
        ({"last": 2, "before": "x"}, (["b", "a"], True, True)),
        ({"last": 0}, ([], False, True)),
    ],
)
def test_a_page_is_cut_from_one_row_too_many(arguments, page):
    assert tuple(cut(ROWS, PageArguments(**arguments))) == page

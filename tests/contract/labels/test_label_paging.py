"""Paging sees every row that stays exactly once, whatever else comes and goes."""

from __future__ import annotations

import re
import string
from random import Random

import pytest

from tests.labels.api import version

PAGE = "edges { node { name } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"
ALPHABET = string.ascii_letters + string.digits + "-_"


CREATE = """mutation ($labels: [CreateCustomCatalogLabelInput!]!) {
    customCatalogLabel { createCustomCatalogLabels(labels: $labels) { name } }
}"""
DELETE = """mutation ($labels: [DeleteCustomCatalogLabelInput!]!) {
    customCatalogLabel { deleteCustomCatalogLabels(labels: $labels) }
}"""
FORWARD = ("first", "hasNextPage", "endCursor", "after")
BACKWARD = ("last", "hasPreviousPage", "startCursor", "before")


async def run(labels, document, names):
    result = await labels.send(document, labels=[{"name": name} for name in names])
    assert "errors" not in result.body


@pytest.mark.parametrize(
    ("order", "way"),
    [
        ({}, FORWARD),
        ({"orderBy": {"field": "NAME"}}, FORWARD),
        ({"orderBy": {"field": "NAME", "direction": "DESC"}}, BACKWARD),
    ],
    ids=["by id", "by name", "by name backward"],
)
async def test_twelve_hundred_labels_are_paged_while_others_come_and_go(labels, order, way):
    random = Random(7)
    names = [f"label {n:04}" for n in range(1_200)]
    random.shuffle(names)
    for start in (0, 400, 800):
        await run(labels, CREATE, names[start : start + 400])
    staying, going = set(names[::2]), names[1::2]
    count, more, edge, place = way
    arguments, seen, pages = {count: 100, **order}, [], 0

    while True:
        found = (await labels.search(PAGE, **arguments)).value
        seen += [entry["node"]["name"] for entry in found["edges"]]
        pages += 1
        if not found["pageInfo"][more]:
            break
        arguments[place] = found["pageInfo"][edge]
        await run(labels, DELETE, [going.pop() for _ in range(min(40, len(going)))])
        await run(labels, CREATE, [f"label {random.random()}" for _ in range(30)])

    assert 9 <= pages < 30
    assert len(seen) == len(set(seen))
    assert staying <= set(seen)


async def test_a_deleted_row_still_marks_its_place(labels):
    await labels.create("a", "b", "c")
    order = {"field": "NAME"}
    cursor = (await labels.search(PAGE, first=2, orderBy=order)).value["pageInfo"]["endCursor"]

    await labels.delete("b")
    await labels.create("bb", "aa")

    assert await labels.names(first=2, after=cursor, orderBy=order) == ["bb", "c"]


async def test_no_letter_of_a_cursor_can_be_another(labels):
    await labels.create("a", "b")
    cursor = (await labels.search(PAGE, first=1)).value["pageInfo"]["endCursor"]
    random = Random(1)

    assert set(cursor) <= set(ALPHABET)
    for position, letter in enumerate(cursor):
        other = random.choice(ALPHABET.replace(letter, ""))
        for argument in ("after", "before"):
            refused = await labels.search(
                PAGE, **{argument: cursor[:position] + other + cursor[position + 1 :]}
            )
            assert refused.message == "cannot decode cursor"
            assert refused.error.code == "INVALID_PAGINATION"


async def test_a_cursor_of_another_order_or_list_is_refused(labels):
    await labels.create("a", "b")
    await labels.label_version(version("x", "1"), "a")
    by_id = (await labels.search(PAGE, first=1)).value["pageInfo"]["endCursor"]
    by_name = (await labels.search(PAGE, first=1, orderBy={"field": "NAME"})).value["pageInfo"]
    versions = f'publicPackageVersionsConnection(after: "{by_id}") {{ edges {{ cursor }} }}'

    refused = [
        await labels.search(PAGE, after=by_id, orderBy={"field": "NAME"}),
        await labels.search(PAGE, after=by_name["endCursor"]),
        await labels.search(
            PAGE,
            after=by_name["endCursor"],
            orderBy={"field": "NAME", "direction": "DESC"},
        ),
        await labels.find("a", versions),
    ]

    for outcome in refused:
        assert outcome.errors[0].message == "cannot decode cursor"


async def test_a_cursor_opens_nothing_and_tells_nothing_new(labels, reader, anonymous):
    await labels.create("a", "b", "c")
    cursor = (await labels.search(PAGE, first=1)).value["pageInfo"]["endCursor"]
    stranger = type(labels)(anonymous)

    assert await reader.names(after=cursor) == ["b", "c"]
    assert await reader.names(after=cursor, where={"name": "c"}) == ["c"]
    assert await reader.names(after=cursor, where={"name": "a"}) == []
    assert (await stranger.search(PAGE, after=cursor)).message == "NOT_AUTHENTICATED"


async def test_cursors_stay_good_when_the_server_starts_again(labels, serve_with):
    await labels.create("a", "b")
    cursor = (await labels.search(PAGE, first=1)).value["pageInfo"]["endCursor"]

    later = await serve_with(labels)

    assert await later.names(after=cursor) == ["b"]


async def test_ids_are_what_filters_take_and_are_never_given_twice(labels):
    await labels.create("a", "b")
    await labels.label_version(version("x", "1"), "a")
    first, second = [(await labels.find(name, "id")).value["id"] for name in ("a", "b")]

    assert await labels.names(where={"id": second}) == ["b"]
    assert await labels.names(where={"idLT": second}) == ["a"]
    ids = [(await labels.find_version(version("x", "1"), "id")).value["id"] for _ in range(2)]
    assert ids[0] == ids[1]
    assert re.fullmatch(r"[A-Za-z0-9_-]{24}", ids[0])
    await labels.delete("b")
    await labels.create("c")

    third = (await labels.find("c", "id")).value["id"]
    assert int(first) < int(second) < int(third)

"""Connections cost one statement a level, keep within their budget, and page to the letter."""

from __future__ import annotations

import pytest

from tests.labels.api import package, version
from tests.labels.runs import counted


@pytest.fixture
async def catalog(labels):
    """Six packages of one name, two versions each; three labels, on the packages and versions."""
    await labels.create("a", "b", "c")
    for number in range(6):
        target = package("same", f"type {number}")
        for text in ("1", "2"):
            one = {"publicPackage": target, "version": text}
            assert (await labels.label_version(one, "abc"[number % 3])).value is True
        assert (await labels.label_package(target, "abc"[number // 2])).value is True
    return labels


NESTED = """{ customCatalogLabel { searchLabels(first: 10) { edges { node {
    name
    publicPackagesConnection(first: 3) { edges { assignedBy node {
        name
        customCatalogLabelsConnection(first: 2) { edges { node { name } } }
        versionsConnection(last: 1) { edges { node {
            version
            customCatalogLabelsConnection { edges { node { name } } }
        } } }
    } } }
    publicPackageVersionsConnection(first: 2) { edges { node { publicPackage { type } } } }
} } } } }"""


async def test_each_level_costs_one_statement_however_long_its_lists_are(registry, catalog):
    data, statements = await counted(registry, NESTED)

    found = data["customCatalogLabel"]["searchLabels"]["edges"]
    assert [edge["node"]["name"] for edge in found] == ["a", "b", "c"]
    assert found[0]["node"]["publicPackagesConnection"]["edges"][0]["assignedBy"] == "ann"
    assert statements == 6


async def test_both_executors_read_the_same_connections(registry, catalog):
    compiled, _ = await counted(registry, NESTED)
    plain, statements = await counted(registry, NESTED, compiled=False)

    assert compiled == plain
    assert statements > 6


async def test_what_is_not_selected_is_not_fetched(registry, catalog):
    only_count, one = await counted(
        registry, "{ customCatalogLabel { searchLabels(first: 2) { totalCount } } }"
    )
    both, two = await counted(
        registry,
        "{ customCatalogLabel { searchLabels(first: 2)"
        " { totalCount edges { node { name } } pageInfo { hasNextPage } } } }",
    )
    _, nothing = await counted(
        registry, "{ customCatalogLabel { searchLabels(first: 2) { __typename } } }"
    )

    assert only_count["customCatalogLabel"]["searchLabels"] == {"totalCount": 3}
    assert both["customCatalogLabel"]["searchLabels"]["totalCount"] == 3
    assert (nothing, one, two) == (0, 1, 2)


async def test_counts_of_many_parents_cost_one_statement(registry, catalog):
    data, statements = await counted(
        registry,
        "{ customCatalogLabel { searchLabels { edges { node {"
        ' publicPackagesConnection(first: 1, where: {typeNEQ: "type 0"}) { totalCount }'
        " } } } } }",
    )

    counts = [
        edge["node"]["publicPackagesConnection"]["totalCount"]
        for edge in data["customCatalogLabel"]["searchLabels"]["edges"]
    ]
    assert counts == [1, 2, 2]
    assert statements == 2


@pytest.mark.parametrize("direction", ["ASC", "DESC"])
@pytest.mark.parametrize("size", [1, 2, 4])
@pytest.mark.parametrize("backward", [False, True])
async def test_ties_are_decided_by_id_in_the_direction_of_the_order(
    catalog, direction, size, backward
):
    order = {"field": "NAME", "direction": direction}
    selection = "edges { node { type } } pageInfo { hasNextPage hasPreviousPage "
    selection += "startCursor endCursor }"
    count, place, more, cursor = (
        ("last", "before", "hasPreviousPage", "startCursor")
        if (backward)
        else ("first", "after", "hasNextPage", "endCursor")
    )
    seen, arguments = [], {}

    while True:
        found = (
            await catalog.read(
                "publicPackage",
                "searchPackages",
                selection,
                orderBy=order,
                **{count: size},
                **arguments,
            )
        ).value
        page = [edge["node"]["type"] for edge in found["edges"]]
        seen = page + seen if backward else seen + page
        if not found["pageInfo"][more]:
            break
        arguments = {place: found["pageInfo"][cursor]}

    wanted = [f"type {number}" for number in range(6)]
    assert seen == (wanted if direction == "ASC" else wanted[::-1])


PAGE = (
    "edges { cursor node { name } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"
)


def page_info(found):
    return found["pageInfo"]["hasPreviousPage"], found["pageInfo"]["hasNextPage"]


async def test_a_page_tells_what_lies_around_it(catalog):
    everything = (await catalog.search(PAGE)).value
    first, _, third = [edge["cursor"] for edge in everything["edges"]]

    async def around(**arguments):
        return page_info((await catalog.search(PAGE, **arguments)).value)

    assert everything["pageInfo"]["startCursor"] == first
    assert everything["pageInfo"]["endCursor"] == third
    assert page_info(everything) == (False, False)
    assert await around(first=3) == (False, False)
    assert await around(first=2) == (False, True)
    assert await around(first=1, after=first) == (True, True)
    assert await around(first=2, after=first) == (True, False)
    assert await around(last=3) == (False, False)
    assert await around(last=2) == (True, False)
    assert await around(last=1, before=third) == (True, True)
    assert await around(after=first, before=third) == (True, True)


async def test_a_page_lies_between_its_cursors(catalog):
    cursors = [edge["cursor"] for edge in (await catalog.search(PAGE)).value["edges"]]

    assert await catalog.names(after=cursors[0], before=cursors[2]) == ["b"]
    assert await catalog.names(after=cursors[2]) == []
    assert await catalog.names(first=5, after=cursors[0]) == ["b", "c"]
    assert await catalog.names(last=1, after=cursors[0]) == ["c"]
    assert await catalog.names(first=1, before=cursors[2]) == ["a"]


async def test_an_empty_page_says_whether_there_is_anything(catalog):
    last = (await catalog.search(PAGE)).value["pageInfo"]["endCursor"]
    nothing = {"startCursor": None, "endCursor": None}

    async def info(**arguments):
        found = (await catalog.search(PAGE, **arguments)).value
        assert found["edges"] == []
        return found["pageInfo"]

    assert await info(first=0) == {"hasNextPage": True, "hasPreviousPage": False, **nothing}
    assert await info(first=0, after=last) == {
        "hasNextPage": True,
        "hasPreviousPage": True,
        **nothing,
    }
    assert await info(last=0) == {"hasNextPage": False, "hasPreviousPage": True, **nothing}
    assert await info(first=0, where={"name": "nope"}) == {
        "hasNextPage": False,
        "hasPreviousPage": False,
        **nothing,
    }
    assert await info(first=5, after=last) == {
        "hasNextPage": False,
        "hasPreviousPage": True,
        **nothing,
    }


async def test_the_count_knows_no_pages(catalog):
    cursor = (await catalog.search(PAGE)).value["edges"][1]["cursor"]

    found = (
        await catalog.search("totalCount edges { node { name } }", first=1, after=cursor)
    ).value
    none = (await catalog.search("totalCount", where={"name": "nope"})).value
    some = (await catalog.search("totalCount", first=0, where={"nameIn": ["a", "b"]})).value

    assert found == {"totalCount": 3, "edges": [{"node": {"name": "c"}}]}
    assert none == {"totalCount": 0}
    assert some == {"totalCount": 2}


async def test_an_answer_holds_so_many_items_and_no_more(catalog, serve_with):
    selection = "edges { node { publicPackagesConnection(%s) { edges { node { name } } } } }"
    nine, eight = await serve_with(catalog, max_nodes=9), await serve_with(catalog, max_nodes=8)

    for arguments in ("first: 5", "last: 2", "after: null"):
        assert len((await nine.search(selection % arguments)).value["edges"]) == 3
        refused = await eight.search(selection % arguments)
        assert refused.errors[0].message.startswith("TOO_MANY_NODES")
        assert refused.errors[0].code == "LIMIT_EXCEEDED"
    assert len(await eight.names(first=1_000_000)) == 3


@pytest.mark.parametrize("size", [2, 3, 4])
async def test_the_budget_holds_at_its_edge_below_many_parents(catalog, serve_with, size):
    # 3 labels with 2 packages each, of which one row more a parent is looked at.
    selection = f"edges {{ node {{ publicPackagesConnection(first: {size - 1}) "
    selection += "{ edges { node { name } } pageInfo { hasNextPage } } } }"
    wanted = 3 + 3 * min(size - 1, 2)
    exact = await serve_with(catalog, max_nodes=wanted)
    short = await serve_with(catalog, max_nodes=wanted - 1)

    found = (await exact.search(selection)).value["edges"]

    assert [
        edge["node"]["publicPackagesConnection"]["pageInfo"]["hasNextPage"] for edge in found
    ] == [size == 2] * 3
    assert (await short.search(selection)).errors[0].code == "LIMIT_EXCEEDED"


async def test_what_an_answer_repeats_counts_each_time(catalog, serve_with):
    selection = "publicPackageVersionsConnection { edges { node { publicPackage { type"
    selection += " customCatalogLabelsConnection { edges { node { name } } } } } } }"
    # 4 versions of 2 packages, and the one label of its package below each.
    exact, short = await serve_with(catalog, max_nodes=8), await serve_with(catalog, max_nodes=7)

    found = (await exact.find("a", selection)).value["publicPackageVersionsConnection"]["edges"]

    packages = [edge["node"]["publicPackage"] for edge in found]
    assert [package["type"] for package in packages] == ["type 0", "type 0", "type 3", "type 3"]
    assert (await short.find("a", selection)).errors[0].code == "LIMIT_EXCEEDED"


async def test_a_list_that_is_counted_but_not_read_costs_no_budget(catalog, serve_with):
    small = await serve_with(catalog, max_nodes=1)

    assert (await small.search("totalCount")).value == {"totalCount": 3}


async def test_assignments_say_who_and_when(catalog, people):
    selection = """publicPackagesConnection(first: 1) { edges { assignedBy assignedAt node {
        customCatalogLabelsConnection { edges { assignedBy assignedAt node { createdBy } } }
        versionsConnection { edges { assignedBy assignedAt } }
    } } }"""

    edge = (await catalog.find("a", selection)).value["publicPackagesConnection"]["edges"][0]

    back = edge["node"]["customCatalogLabelsConnection"]["edges"][0]
    assert edge["assignedBy"] == back["assignedBy"] == "ann"
    assert edge["assignedAt"] == back["assignedAt"]
    assert edge["assignedAt"].endswith("Z")
    assert back["node"] == {"createdBy": "ann"}
    assert (
        edge["node"]["versionsConnection"]["edges"]
        == [{"assignedBy": None, "assignedAt": None}] * 2
    )


async def test_versions_are_listed_below_their_package_only(catalog):
    selection = (
        'versionsConnection(where: {version: "2"}) { totalCount edges { node { version } } }'
    )

    found = (await catalog.find_package(package("same", "type 3"), selection)).value

    assert found["versionsConnection"] == {
        "totalCount": 1,
        "edges": [{"node": {"version": "2"}}],
    }
    searched = await catalog.read(
        "publicPackageVersion",
        "searchVersions",
        "totalCount",
        where={"hasCustomCatalogLabelsWith": [{"name": "a"}]},
    )
    assert searched.value == {"totalCount": 4}
    assert (await catalog.find_version(version("same", "9", "type 3"))).value is None

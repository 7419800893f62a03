"""Pages of one item each, forwards, backwards and by offset: what is hidden moves none of them."""

import pytest
from graphql import get_named_type

from tests.contract.calls import PAGE, arguments, write
from tests.contract.test_authorisation import CALLS, SCHEMA
from tests.contract.test_hidden_things import HIDDEN, SHELVES, WHO, callers, everything

pytestmark = pytest.mark.asyncio(loop_scope="module")

# So that it counts as used: pytest finds the fixture by its name.
__all__ = ["callers"]

SHELF = SHELVES["gallery"]
# More than any list here has, so that a walk comes to its end.
MANY = 40
LISTS = {
    "labels": "customCatalogLabel { it: searchLabels(%s) { ... } }",
    "packages of a label": 'customCatalogLabel { getLabel(name: "checked") '
    "{ it: publicPackagesConnection(%s) { ... } } }",
    "versions of a label": 'customCatalogLabel { getLabel(name: "checked") '
    "{ it: publicPackageVersionsConnection(%s) { ... } } }",
    "public packages": "publicPackage { it: searchPackages(%s) { ... } }",
    "public versions": "publicPackageVersion { it: searchVersions(%s) { ... } }",
}
NODES = "pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount"
ORDERS = {
    "packages of a label": ("NAME", "TYPE"),
    "public packages": ("NAME", "TYPE"),
    "versions of a label": ("VERSION",),
    "public versions": ("VERSION",),
    "labels": ("NAME",),
}
WALKS = [
    (name, order, way)
    for name, fields in ORDERS.items()
    for order in (None, *[f"{f}, direction: {d}" for f in fields for d in ("ASC", "DESC")])
    for way in ("first", "last")
]


def offset_of(place):
    """Return the name of the argument by which a list is paged, or None."""
    type_name, _, name = place.partition(".")
    given = SCHEMA.get_type(type_name).fields[name].args
    return next((word for word in ("offset", "offSet") if word in given), None)


PAGED = [place for place in CALLS if place.startswith("Query.") and offset_of(place)]


@pytest.mark.parametrize("role", WHO)
@pytest.mark.parametrize("place", PAGED)
async def test_each_page_by_offset_is_the_same(callers, place, role):
    name = place.partition(".")[2]
    type_ = get_named_type(SCHEMA.get_type("Query").fields[name].type)
    if place == "Query.adminSearchUsers" and role == "administrator":
        pytest.skip("administrators find people by what is private")
    path, selection = f"query {name}", everything(type_, 1)
    document, variables = write(SCHEMA, path, selection, SHELF, callers["much"][role])
    offset = f"{offset_of(place)}0"
    assert offset in variables
    assert set(PAGE) & set(arguments(SCHEMA, place, SHELF, callers["much"][role]))
    before = None
    for start in range(MANY):
        page = variables | {offset: start, "limit0": 1}
        little, much = [(await callers[size][role].send(document, **page)).body for size in HIDDEN]
        assert much == little, start
        # Past its end a list goes on being empty.
        if little == before:
            break
        before = little
    else:
        pytest.fail("the list does not end")


@pytest.mark.parametrize(("name", "order", "way"), WALKS)
async def test_each_page_by_cursor_is_the_same(callers, name, order, way):
    by = f", orderBy: {{field: {order}}}" if order else ""
    page = f"{way}: 1, {'after' if way == 'first' else 'before'}: $cursor{by}"
    node = "edges { cursor node { id } }"
    body = LISTS[name].replace("...", f"{node} {NODES}") % page
    document = f"query($cursor: Cursor) {{ {body} }}"
    seen = {}
    for role in ("stranger", "manager", "administrator"):
        cursor, count = None, 0
        while count < MANY:
            little, much = [
                (await callers[size][role].send(document, cursor=cursor)).body for size in HIDDEN
            ]
            assert much == little, (role, count)
            connection = found(little["data"])
            info = connection["pageInfo"]
            count += len(connection["edges"])
            if not info["hasNextPage" if way == "first" else "hasPreviousPage"]:
                break
            cursor = info["endCursor" if way == "first" else "startCursor"]
        seen[role] = (count, connection["totalCount"])
    assert all(count == total for count, total in seen.values()), seen
    assert name == "labels" or min(seen.values())[0] > 2


def found(data):
    """Return the connection in an answer."""
    while "it" not in data:
        (data,) = data.values()
    return data["it"]

"""No list shows or counts what cannot be opened, and each shows all that can be."""

import pytest
import pytest_asyncio

from tests.contract.shelves import ALL_OPENNESS, EVERYBODY, make_shelf, sign_up

pytestmark = pytest.mark.asyncio(loop_scope="module")

NAME = "identifier { catalogSlug }"
# A page larger than what is there, so that it shows everything.
ALL = {"offSet": 0, "limit": 100}
WHO = [name for name in EVERYBODY if name != "closed"]


def catalog_names(items):
    return [item["identifier"]["catalogSlug"] for item in items]


async def page(caller, field, items, **args):
    """Return the names on a page that holds everything; its figures must agree with it."""
    whole = (await caller.query(field, f"{items} {{ {NAME} }} count hasMore", **args, **ALL)).value
    names = catalog_names(whole[items])
    assert whole["count"] == len(names)
    assert whole["hasMore"] is False
    first = (await caller.query(field, "count hasMore", **args, offSet=0, limit=1)).value
    assert first == {"count": len(names), "hasMore": len(names) > 1}
    return names


async def completed(caller, items):
    selection = f"{items} {{ {NAME} }}"
    text = {"packages": "Rain", "catalogs": "shelf"}[items]
    answer = await caller.query("autoComplete", selection, startsWith=text)
    return catalog_names(answer.value[items])


async def packages_of_catalogs(caller):
    """Return the packages on all the shelves that the caller may open."""
    found = []
    for slug in SLUGS:
        selection = f"packages {{ {NAME} }}"
        shown = await caller.query("catalog", selection, identifier={"catalogSlug": slug})
        found += catalog_names(shown.data["catalog"]["packages"]) if not shown.errors else []
    return found


# How to list → the packages listed, by the names of their catalogs.
PACKAGE_LISTS = {
    "latestPackages": lambda caller: page(caller, "latestPackages", "packages"),
    "searchPackages": lambda caller: page(caller, "searchPackages", "packages", query="rain"),
    "searchPackages by prefix": lambda caller: page(
        caller, "searchPackages", "packages", query="ra*"
    ),
    "searchPackages by absence": lambda caller: page(
        caller, "searchPackages", "packages", query="-snow"
    ),
    "searchPackages by property": lambda caller: page(
        caller, "searchPackages", "packages", query="mm"
    ),
    "searchPackages for all": lambda caller: page(caller, "searchPackages", "packages", query=""),
    "autoComplete": lambda caller: completed(caller, "packages"),
}
CATALOG_LISTS = {
    "searchCatalogs": lambda caller: page(caller, "searchCatalogs", "catalogs", query="shelf"),
    "searchCatalogs for all": lambda caller: page(caller, "searchCatalogs", "catalogs", query=""),
    "autoComplete": lambda caller: completed(caller, "catalogs"),
}

SLUGS = {f"shelf-{number}": openness for number, openness in enumerate(ALL_OPENNESS)}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def callers(shared_registry, shared_people):
    """Everybody, and a shelf for each choice of what is public; also some that are gone."""
    callers = await sign_up(shared_people)
    for slug, openness in SLUGS.items():
        await make_shelf(shared_registry, slug, openness)
        gone = await make_shelf(shared_registry, f"{slug}-gone", openness)
        emptied = await make_shelf(shared_registry, f"{slug}-emptied", openness)
        owner = callers["owner"]
        await owner.mutate("disableCatalog", NAME, identifier=gone.catalog)
        await owner.mutate("disablePackage", NAME, identifier=emptied.package)
    return callers


async def openable(caller, field, identifiers):
    found = []
    for slug, identifier in identifiers.items():
        answer = await caller.query(field, NAME, identifier=identifier)
        found += [] if answer.errors else [slug]
    return found


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("how", PACKAGE_LISTS)
async def test_a_list_shows_the_packages_that_can_be_opened_and_no_others(callers, who, how):
    caller = callers[who]
    identifiers = {slug: {"catalogSlug": slug, "packageSlug": "rain"} for slug in SLUGS}

    listed = await PACKAGE_LISTS[how](caller)

    assert sorted(listed) == await openable(caller, "package", identifiers)


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("how", CATALOG_LISTS)
async def test_a_list_shows_the_catalogs_that_can_be_opened_and_no_others(callers, who, how):
    caller = callers[who]
    slugs = [*SLUGS, *(f"{slug}-emptied" for slug in SLUGS)]
    everywhere = [*slugs, who] if how.endswith("all") else slugs
    identifiers = {slug: {"catalogSlug": slug} for slug in sorted(everywhere)}

    listed = await CATALOG_LISTS[how](caller)

    assert sorted(listed) == await openable(caller, "catalog", identifiers)


@pytest.mark.parametrize("who", WHO)
async def test_a_catalog_shows_the_packages_that_can_be_opened_and_no_others(callers, who):
    caller = callers[who]
    catalogs = {slug: {"catalogSlug": slug} for slug in SLUGS}
    packages = {slug: {"catalogSlug": slug, "packageSlug": "rain"} for slug in SLUGS}

    listed = await packages_of_catalogs(caller)

    open_catalogs = await openable(caller, "catalog", catalogs)
    open_packages = await openable(caller, "package", packages)
    assert listed == [slug for slug in open_packages if slug in open_catalogs]


@pytest.mark.parametrize(
    ("who", "listed"),
    [
        ("stranger", []),
        ("package-viewer", []),
        ("catalog-viewer", sorted(SLUGS)),
        ("none-on-both", ["shelf-0", "shelf-1"]),
        ("empty-rows", ["shelf-0", "shelf-1"]),
        ("administrator", []),
    ],
)
async def test_my_catalogs_are_those_with_a_row_that_can_be_opened(callers, who, listed):
    mine = await callers[who].query("myCatalogs", NAME)

    names = catalog_names(mine.value)
    assert [name for name in names if name in SLUGS] == listed
    assert who in names

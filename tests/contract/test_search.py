"""Search, latest packages and completion: what is found, in which order, and by whom."""

import json
import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from litereg.access import Permission
from litereg.registry.catalogs import queries as catalogs
from litereg.registry.search import index
from litereg.registry.search import service as search
from litereg.store import Command
from tests.client import make_catalog, make_package, package_file, publish

PAGE = "packages { identifier { packageSlug } } count hasMore"


def slugs(result):
    return [p["identifier"]["packageSlug"] for p in result.value["packages"]]


async def find(caller, text, offset=0, limit=20):
    return await caller.query("searchPackages", PAGE, query=text, offSet=offset, limit=limit)


@pytest.fixture
async def ann(people):
    ann = await people("ann")
    await make_catalog(ann, "open", is_public=True)
    await make_catalog(ann, "closed")
    await make_package(
        ann,
        "open",
        "congressional-legislators",
        True,
        displayName="Congressional Legislators",
        description="Everyone who sat in Congress",
    )
    ref = await make_package(ann, "open", "rain", True, displayName="Rain", description="By city")
    document = json.loads(package_file(properties=("station", "millimetres")))
    document["readmeMarkdown"] = "Measured by volunteers with umbrellas."
    await publish(ann, ref, json.dumps(document))
    await make_package(ann, "open", "snow", displayName="Snow", description="private rain")
    await make_package(ann, "closed", "hail", True, displayName="Hail", description="frozen rain")
    return ann


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("legislators", ["congressional-legislators"]),
        ("legislator", ["congressional-legislators"]),
        ("CONGRESS", ["congressional-legislators"]),
        ("congressional-leg", ["congressional-legislators"]),
        ('"sat in congress"', ["congressional-legislators"]),
        ('"congress in sat"', []),
        ("sat & rain", []),
        ("sat | umbrellas", ["rain", "congressional-legislators"]),
        ("volunteer", ["rain"]),
        ("millim*", ["rain"]),
        ("millim:*", ["rain"]),
        ("station", ["rain"]),
        ("rain -city", []),
        ("%", []),
        ("   ", ["rain", "congressional-legislators"]),
    ],
)
async def test_anonymous_viewers_find_what_is_open(ann, anonymous, text, found):
    result = await find(anonymous, text)

    assert sorted(slugs(result)) == sorted(found)
    assert result.value["count"] == len(found)
    assert result.value["hasMore"] is False


async def test_nobody_finds_or_counts_what_they_may_not_open(ann, anonymous, people):
    mine = await find(ann, "rain")
    theirs = await find(await people("bob"), "rain")
    nobodys = await find(anonymous, "rain")

    assert sorted(slugs(mine)) == ["hail", "rain", "snow"]
    assert mine.value["count"] == 3
    assert slugs(theirs) == slugs(nobodys) == ["rain"]
    assert theirs.value["count"] == nobodys.value["count"] == 1


async def test_a_grant_on_the_catalog_shows_its_packages(ann, people, registry):
    bob = await people("bob")

    def share(tx):
        catalog_id = catalogs.list_granted(tx, 1)[-1].id
        catalogs.grant(tx, catalog_id, 2, Permission.VIEW.value)

    await registry.database.write(share)

    assert "rain" in slugs(await find(bob, "rain"))
    assert sorted(slugs(await find(bob, "snow"))) == ["snow"]


async def test_a_name_counts_more_than_a_description(ann, anonymous):
    await make_package(
        ann, "open", "umbrella", True, displayName="Umbrella sales", description="Shops"
    )

    assert slugs(await find(anonymous, "umbrella")) == ["umbrella", "rain"]


async def test_pages_do_not_overlap_and_tell_the_whole_count(ann, anonymous):
    for number in range(7):
        await make_package(ann, "open", f"wind-{number}", True, displayName=f"Wind {number}")

    pages = [await find(anonymous, "wind", offset, 3) for offset in (0, 3, 6, 9)]

    assert [len(slugs(page)) for page in pages] == [3, 3, 1, 0]
    assert len({slug for page in pages for slug in slugs(page)}) == 7
    assert [page.value["count"] for page in pages] == [7, 7, 7, 7]
    assert [page.value["hasMore"] for page in pages] == [True, True, False, False]


async def test_limits_below_zero_are_refused_and_zero_means_the_most(ann, anonymous):
    for args in ({"offset": -1}, {"limit": -1}):
        refused = await find(anonymous, "rain", **args)
        assert refused.error.message.startswith("INVALID_PAGINATION")
        assert refused.error.code == "GRAPHQL_VALIDATION_FAILED"

    assert slugs(await find(anonymous, "rain", limit=0)) == ["rain"]


async def test_what_is_renamed_or_disabled_is_found_so_at_once(ann, anonymous):
    ref = {"catalogSlug": "open", "packageSlug": "rain"}
    await ann.mutate(
        "updatePackage", "displayName", identifier=ref, value={"displayName": "Precipitation"}
    )

    assert slugs(await find(anonymous, "precipitation")) == ["rain"]
    assert (await ann.mutate("disablePackage", "displayName", identifier=ref)).value
    assert slugs(await find(anonymous, "precipitation")) == []
    assert (
        await ann.mutate("disableCatalog", "displayName", identifier={"catalogSlug": "open"})
    ).value
    assert slugs(await find(anonymous, "congress")) == []


async def test_latest_packages_are_the_newest_that_one_may_open(ann, anonymous):
    async def latest(caller):
        return await caller.query("latestPackages", PAGE, offSet=0, limit=10)

    assert slugs(await latest(anonymous)) == ["rain", "congressional-legislators"]
    assert slugs(await latest(ann)) == ["hail", "snow", "rain", "congressional-legislators"]
    assert (await latest(anonymous)).value["count"] == 2


async def test_completion_begins_with_the_text_whatever_its_case(ann, anonymous):
    selection = "catalogs { identifier { catalogSlug } } packages { identifier { packageSlug } }"

    async def complete(caller, text):
        value = (await caller.query("autoComplete", selection, startsWith=text)).value
        return (
            [c["identifier"]["catalogSlug"] for c in value["catalogs"]],
            [p["identifier"]["packageSlug"] for p in value["packages"]],
        )

    assert await complete(anonymous, "CON") == ([], ["congressional-legislators"])
    assert await complete(anonymous, "open") == (["open"], [])
    assert await complete(anonymous, "clo") == ([], [])
    assert await complete(ann, "clo") == (["closed"], [])
    assert await complete(anonymous, "snow") == ([], [])
    assert await complete(anonymous, "'") == ([], [])
    assert await complete(anonymous, "%") == ([], [])
    assert await complete(anonymous, "") == ([], [])


async def test_catalogs_are_found_by_name_and_slug(ann, anonymous):
    async def catalogs_found(caller, text):
        selection = "catalogs { identifier { catalogSlug } } count"
        result = await caller.query("searchCatalogs", selection, query=text, offSet=0, limit=9)
        return [c["identifier"]["catalogSlug"] for c in result.value["catalogs"]]

    assert await catalogs_found(anonymous, "open") == ["open"]
    assert await catalogs_found(anonymous, "closed") == []
    assert await catalogs_found(ann, "closed") == ["closed"]
    assert await catalogs_found(anonymous, "") == ["open"]


async def test_an_index_made_by_older_rules_is_made_again(ann, anonymous, registry):
    def age(tx):
        tx.run(Command("UPDATE search_edition SET edition = 'older'"))
        tx.run(Command("DELETE FROM package_search"))

    await registry.database.write(age)
    assert slugs(await find(anonymous, "umbrellas")) == []

    await search.ensure_current(registry.database)

    assert slugs(await find(anonymous, "umbrellas")) == ["rain"]
    assert await registry.database.read(index.is_current)


async def test_an_index_that_was_half_made_is_made_again(ann, anonymous, registry):
    await registry.database.write(index.begin_again)
    assert slugs(await find(anonymous, "umbrellas")) == []

    await search.ensure_current(registry.database)

    assert slugs(await find(anonymous, "umbrellas")) == ["rain"]


TYPED = st.one_of(
    st.text(max_size=60),
    st.text(alphabet=string.ascii_letters + " \"'()&|!<->*:-%_^+\\\0é", max_size=60),
    st.sampled_from(['" OR NEAR( * ^ AND title:', "rain AND", "(((", "a NOT", "name : rain"]),
)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=TYPED)
async def test_whatever_is_typed_search_neither_fails_nor_betrays(ann, anonymous, text):
    result = await find(anonymous, text.encode("utf-8", "replace").decode(), limit=100)

    assert not result.errors
    assert set(slugs(result)) <= {"rain", "congressional-legislators"}
    assert result.value["count"] == len(slugs(result))


async def test_a_text_with_nul_in_it_is_refused_in_a_literal_too(anonymous):
    refused = await anonymous.send(
        '{ searchPackages(query: "a\\u0000b", offSet: 0, limit: 1) { count } }'
    )

    assert refused.status == 400
    assert "NUL" in refused.error.message


async def test_introspection_by_aliases_is_refused(people):
    ann = await people("ann")
    many = " ".join(f"a{i}: types {{ fields {{ args {{ type {{ name }} }} }} }}" for i in range(60))
    result = await ann.send(f"{{ __schema {{ {many} }} }}")
    assert result.status == 400

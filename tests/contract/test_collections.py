"""Collections: making them, filling them, and who sees what of them."""

import pytest

from tests.client import make_catalog, make_package

SLUG = "identifier { collectionSlug }"
CONTENT = "packages { identifier { packageSlug } }"


def ref(slug):
    return {"collectionSlug": slug}


async def make_collection(caller, slug="water", **changes):
    value = {"collectionSlug": slug, "name": slug.title()} | changes
    made = await caller.mutate("createCollection", SLUG, value=value)
    assert made.value == {"identifier": {"collectionSlug": slug}}
    return ref(slug)


async def publish_collection(caller, collection):
    changed = await caller.mutate(
        "updateCollection", "isPublic", identifier=collection, value={"isPublic": True}
    )
    assert changed.value == {"isPublic": True}


async def add(caller, collection, package):
    return await caller.mutate(
        "addPackageToCollection",
        f"collection {{ {SLUG} }} package {{ displayName }} addedByUser {{ username }}",
        collectionIdentifier=collection,
        packageIdentifier=package,
    )


async def content_of(caller, collection):
    found = await caller.query("collection", CONTENT, identifier=collection)
    return [package["identifier"]["packageSlug"] for package in found.value["packages"]]


def slugs(collections):
    return [collection["identifier"]["collectionSlug"] for collection in collections]


@pytest.fixture
async def ann(people):
    ann = await people("ann")
    await make_catalog(ann, "open", is_public=True)
    await make_package(ann, "open", "rain", is_public=True)
    await make_package(ann, "open", "snow", is_public=True)
    await make_package(ann, "open", "notes")
    return ann


RAIN = {"catalogSlug": "open", "packageSlug": "rain"}
SNOW = {"catalogSlug": "open", "packageSlug": "snow"}
NOTES = {"catalogSlug": "open", "packageSlug": "notes"}


async def test_a_new_collection_is_private_empty_and_its_makers(people):
    ann = await people("ann")

    made = await ann.mutate(
        "createCollection",
        "creator { username } name description isPublic isRecommended myPermissions "
        f"{CONTENT} createdAt updatedAt "
        "identifier { collectionSlug registryHostname registryPort registryURL }",
        value={"collectionSlug": "Water", "name": "Water", "description": ""},
    )

    times = made.value.pop("createdAt"), made.value.pop("updatedAt")
    assert times[0] == times[1]
    assert made.value == {
        "creator": {"username": "ann"},
        "name": "Water",
        "description": None,
        "isPublic": False,
        "isRecommended": None,
        "myPermissions": ["MANAGE", "VIEW", "EDIT"],
        "packages": [],
        "identifier": {
            "collectionSlug": "Water",
            "registryHostname": "127.0.0.1",
            "registryPort": 4000,
            "registryURL": "http://127.0.0.1:4000",
        },
    }


async def test_a_collection_may_be_born_public(people, anonymous):
    ann = await people("ann")

    water = await make_collection(ann, isPublic=True)

    assert (await anonymous.query("collection", "isPublic", identifier=water)).value == {
        "isPublic": True
    }


async def test_only_what_is_given_changes(ann):
    water = await make_collection(ann, description="Falls from the sky")

    changed = await ann.mutate(
        "updateCollection",
        f"{SLUG} name description isPublic",
        identifier=ref("WATER"),
        value={"newCollectionSlug": "weather", "name": ""},
    )
    gone = await ann.query("collection", SLUG, identifier=water)

    assert changed.value == {
        "identifier": {"collectionSlug": "weather"},
        "name": "Water",
        "description": "Falls from the sky",
        "isPublic": False,
    }
    assert gone.error.message == "COLLECTION_NOT_FOUND"
    assert gone.data == {"collection": None}


async def test_slugs_are_taken_whatever_their_case(ann):
    await make_collection(ann, "water")
    await make_collection(ann, "wine")

    again = await ann.mutate(
        "createCollection", SLUG, value={"collectionSlug": "WATER", "name": "Again"}
    )
    renamed = await ann.mutate(
        "updateCollection", SLUG, identifier=ref("wine"), value={"newCollectionSlug": "Water"}
    )
    recased = await ann.mutate(
        "updateCollection", SLUG, identifier=ref("water"), value={"newCollectionSlug": "Water"}
    )

    for refused in (again, renamed):
        assert refused.error.message.startswith("COLLECTION_SLUG_NOT_AVAILABLE")
        assert refused.error.code == "GRAPHQL_VALIDATION_FAILED"
    assert slugs([recased.value]) == ["Water"]
    available = [
        (await ann.query("collectionSlugAvailable", collectionSlug=slug)).value
        for slug in ("wATER", "milk")
    ]
    assert available == [False, True]


@pytest.mark.parametrize(
    ("slug", "reason"),
    [
        ("", "COLLECTION_SLUG_REQUIRED"),
        ("x" * 101, "COLLECTION_SLUG_TOO_LONG"),
        ("x" * 40, "COLLECTION_SLUG_INVALID"),
        ("snow_fall", "COLLECTION_SLUG_INVALID"),
        ("snow--fall", "COLLECTION_SLUG_INVALID"),
        ("snow-", "COLLECTION_SLUG_INVALID"),
    ],
)
async def test_a_slug_that_can_name_no_collection(anonymous, slug, reason):
    in_inputs = [
        await anonymous.query("collection", SLUG, identifier=ref(slug)),
        await anonymous.mutate(
            "createCollection", SLUG, value={"collectionSlug": slug, "name": "Water"}
        ),
        await anonymous.mutate(
            "updateCollection", SLUG, identifier=ref("a"), value={"newCollectionSlug": slug}
        ),
    ]
    argument = await anonymous.query("collectionSlugAvailable", collectionSlug=slug)

    for refused in in_inputs:
        assert refused.status == 400
        assert refused.error.message.endswith(f"; {reason}")
    assert (argument.status, argument.error.message) == (200, reason)


async def test_39_characters_and_a_null_are_no_wrong_slugs(ann):
    longest = await make_collection(ann, "x" * 39)

    changed = await ann.mutate(
        "updateCollection", SLUG, identifier=longest, value={"newCollectionSlug": None}
    )

    assert slugs([changed.value]) == ["x" * 39]


async def test_a_name_has_at_most_255_characters(ann):
    longest = await make_collection(ann, "long", name="n" * 255)

    made = await ann.mutate(
        "createCollection", SLUG, value={"collectionSlug": "longer", "name": "n" * 256}
    )
    changed = await ann.mutate(
        "updateCollection", "name", identifier=longest, value={"name": "n" * 256}
    )

    assert [made.error.message[:8], changed.error.message[:8]] == ["TOO_LONG"] * 2


async def test_packages_stand_in_the_order_they_were_added_in(ann, people):
    bob = await people("bob")
    water = await make_collection(bob)

    first = await add(bob, water, SNOW)
    await add(bob, water, RAIN)
    again = await add(bob, water, SNOW)

    assert (
        first.value
        == again.value
        == {
            "collection": {"identifier": {"collectionSlug": "water"}},
            "package": {"displayName": "Rain"},
            "addedByUser": {"username": "bob"},
        }
    )
    assert await content_of(bob, water) == ["snow", "rain"]


async def test_packages_that_are_added_in_one_moment_keep_their_order(ann, people):
    bob = await people("bob")
    water = await make_collection(bob)
    add_two = """
        mutation Add(
          $to: CollectionIdentifierInput!
          $a: PackageIdentifierInput!
          $b: PackageIdentifierInput!
        ) {
          a: addPackageToCollection(collectionIdentifier: $to, packageIdentifier: $a) { __typename }
          b: addPackageToCollection(collectionIdentifier: $to, packageIdentifier: $b) { __typename }
        }
    """

    await bob.send(add_two, to=water, a=SNOW, b=RAIN)

    assert await content_of(bob, water) == ["snow", "rain"]


async def test_adding_again_says_who_did_it_last(ann, people, registry):
    water = await make_collection(ann)
    bob = await people("bob")
    await share(ann, water, "bob", ["EDIT"])
    await add(ann, water, RAIN)

    again = await add(bob, water, RAIN)

    assert again.value["addedByUser"] == {"username": "bob"}


async def share(caller, collection, username, permissions):
    shared = await caller.mutate(
        "setUserCollectionPermissions",
        identifier=collection,
        value=[{"usernameOrEmailAddress": username, "permissions": permissions}],
        message="",
    )
    assert shared.value is None


async def test_a_collection_opens_no_package(ann, people, anonymous):
    water = await make_collection(ann)
    for package in (RAIN, NOTES):
        await add(ann, water, package)
    await publish_collection(ann, water)

    assert await content_of(ann, water) == ["rain", "notes"]
    assert await content_of(await people("bob"), water) == ["rain"]
    assert await content_of(anonymous, water) == ["rain"]
    page = await anonymous.query(
        "collectionPackages",
        "identifier { packageSlug }",
        identifier=water,
        offset=0,
        limit=10,
    )
    assert page.value == [{"identifier": {"packageSlug": "rain"}}]


async def test_what_is_disabled_leaves_its_collections(ann):
    water = await make_collection(ann)
    for package in (RAIN, SNOW):
        await add(ann, water, package)

    await ann.mutate("disablePackage", "displayName", identifier=RAIN)

    assert await content_of(ann, water) == ["snow"]


async def test_packages_of_many_collections_cost_one_statement(ann, registry, monkeypatch):
    for number in range(5):
        collection = await make_collection(ann, f"water-{number}")
        await add(ann, collection, RAIN)
    from litereg.store import Transaction

    seen = []
    all_ = Transaction.all
    monkeypatch.setattr(
        Transaction, "all", lambda self, query, **p: (seen.append(query), all_(self, query, **p))[1]
    )

    found = await ann.query("collections", f"{SLUG} {CONTENT}")

    assert [len(collection["packages"]) for collection in found.value] == [1] * 5
    assert len(seen) == 2


async def test_pages_of_a_collections_packages(ann):
    water = await make_collection(ann)
    for package in (RAIN, SNOW, NOTES):
        await add(ann, water, package)

    async def page(offset, limit):
        return await ann.query(
            "collectionPackages",
            "identifier { packageSlug }",
            identifier=water,
            offset=offset,
            limit=limit,
        )

    middle = (await page(1, 1)).value
    assert middle == [{"identifier": {"packageSlug": "snow"}}]
    assert len((await page(0, 0)).value) == 3
    assert (await page(0, -1)).error.message.startswith("INVALID_PAGINATION")


async def test_removing_a_package_is_silent_when_it_is_not_there(ann):
    water = await make_collection(ann)
    await add(ann, water, RAIN)

    async def remove(package):
        return await ann.mutate(
            "removePackageFromCollection", collectionIdentifier=water, packageIdentifier=package
        )

    assert (await remove(RAIN)).value is None
    assert (await remove(RAIN)).value is None
    assert await content_of(ann, water) == []
    unknown = (await remove(RAIN | {"packageSlug": "hail"})).error
    assert (unknown.message, unknown.code) == ("PACKAGE_NOT_FOUND", "BAD_USER_INPUT")
    unknown = (await remove(RAIN | {"catalogSlug": "nowhere"})).error
    assert (unknown.message, unknown.code) == ("CATALOG_NOT_FOUND", "BAD_USER_INPUT")


async def test_an_editor_removes_what_was_closed_to_them(ann, people):
    bob = await people("bob")
    water = await make_collection(bob)
    await add(bob, water, RAIN)
    await ann.mutate("updatePackage", "isPublic", identifier=RAIN, value={"isPublic": False})

    removed = await bob.mutate(
        "removePackageFromCollection", collectionIdentifier=water, packageIdentifier=RAIN
    )
    never_in_it = await bob.mutate(
        "removePackageFromCollection", collectionIdentifier=water, packageIdentifier=NOTES
    )

    assert removed.value is None
    await ann.mutate("updatePackage", "isPublic", identifier=RAIN, value={"isPublic": True})
    assert await content_of(bob, water) == []
    assert never_in_it.error.message == "NOT_AUTHORIZED"


@pytest.mark.parametrize(
    ("package", "collection", "reason"),
    [
        (NOTES, "water", "NOT_AUTHORIZED"),
        (NOTES, "nowhere", "NOT_AUTHORIZED"),
        (RAIN, "nowhere", "COLLECTION_NOT_FOUND"),
        (RAIN, "water", "NOT_AUTHORIZED"),
    ],
)
async def test_adding_asks_for_the_package_first(ann, people, package, collection, reason):
    await make_collection(ann)

    refused = await add(await people("bob"), ref(collection), package)

    assert refused.error.message == reason


async def test_a_disabled_collection_shows_its_new_name_and_frees_the_old(ann, anonymous):
    water = await make_collection(ann, isPublic=True)

    disabled = await ann.mutate("disableCollection", f"{SLUG} name", identifier=water)

    assert disabled.value["identifier"]["collectionSlug"].startswith("water-DISABLED-")
    assert disabled.value["name"] == "Water"
    gone = await anonymous.query("collection", SLUG, identifier=water)
    assert gone.error.message == "COLLECTION_NOT_FOUND"
    assert (await ann.query("collections", SLUG)).value == []
    await make_collection(ann)
    assert (await ann.mutate("deleteCollection", identifier=water)).value is None
    await make_collection(ann)


async def test_lists_hold_what_can_be_opened_and_nothing_else(ann, people, anonymous):
    bob = await people("bob")
    await make_collection(ann, "open-a", isPublic=True)
    await make_collection(ann, "closed-a")
    shared = await make_collection(ann, "shared-a")
    await make_collection(bob, "closed-b")
    await share(ann, shared, "bob", ["VIEW"])

    async def listed(caller, field, **args):
        found = await caller.query(field, f"collections {{ {SLUG} }} count hasMore", **args)
        assert found.value["count"] == len(found.value["collections"])
        assert found.value["hasMore"] is False
        return slugs(found.value["collections"])

    everything = {"offset": 0, "limit": 10}
    assert slugs((await anonymous.query("collections", SLUG)).value) == ["open-a"]
    assert slugs((await bob.query("collections", SLUG)).value) == ["closed-b", "shared-a", "open-a"]
    assert await listed(anonymous, "latestCollections", **everything) == ["open-a"]
    assert await listed(bob, "latestCollections", **everything) == [
        "closed-b",
        "shared-a",
        "open-a",
    ]
    assert await listed(bob, "myCollections", offSet=0, limit=10) == ["closed-b", "shared-a"]
    assert await listed(bob, "userCollections", username="ANN", offSet=0, limit=10) == [
        "shared-a",
        "open-a",
    ]
    assert await listed(anonymous, "userCollections", username="bob", offSet=0, limit=10) == []


async def test_lists_are_paged(ann):
    for number in range(3):
        await make_collection(ann, f"water-{number}")

    found = await ann.query(
        "latestCollections", f"collections {{ {SLUG} }} count hasMore", offset=1, limit=1
    )

    assert slugs(found.value["collections"]) == ["water-1"]
    assert (found.value["count"], found.value["hasMore"]) == (3, True)


async def test_the_collections_of_a_package(ann, people, anonymous):
    for number in range(2):
        await add(ann, await make_collection(ann, f"water-{number}"), RAIN)
    await make_collection(ann, "empty", isPublic=True)
    await publish_collection(ann, ref("water-0"))

    async def holding(caller, package=RAIN):
        return await caller.query(
            "packageCollections",
            f"collections {{ {SLUG} }} count",
            packageIdentifier=package,
            offset=0,
            limit=10,
        )

    assert slugs((await holding(ann)).value["collections"]) == ["water-1", "water-0"]
    assert (await holding(anonymous)).value == {
        "collections": [{"identifier": {"collectionSlug": "water-0"}}],
        "count": 1,
    }
    assert (await holding(anonymous, NOTES)).error.message == "NOT_AUTHENTICATED"
    assert (await holding(await people("bob"), NOTES)).error.message == "NOT_AUTHORIZED"


@pytest.mark.parametrize("field", ["myCollections", "createCollection"])
async def test_nobody_unknown_has_collections(anonymous, field):
    if field == "myCollections":
        refused = await anonymous.query(field, "count", offSet=0, limit=1)
    else:
        value = {"collectionSlug": "water", "name": "Water"}
        refused = await anonymous.mutate(field, SLUG, value=value)

    assert refused.error.message == "NOT_AUTHENTICATED"


async def test_collections_of_an_unknown_user(anonymous):
    refused = await anonymous.query(
        "userCollections", "count", username="nobody", offSet=0, limit=1
    )

    assert refused.error.message.startswith("USER_NOT_FOUND")


async def find(caller, text):
    found = await caller.query(
        "searchCollections",
        f"collections {{ {SLUG} }} count hasMore",
        query=text,
        offset=0,
        limit=10,
    )
    assert found.value["count"] == len(found.value["collections"])
    return slugs(found.value["collections"])


async def test_collections_are_found_by_their_words(ann, anonymous):
    await make_collection(
        ann, "falls", isPublic=True, name="Rainfalls", description="Everything wet"
    )
    await make_collection(ann, "winds", name="Rainy winds")

    assert await find(anonymous, "rainfall") == ["falls"]
    assert await find(anonymous, "everything wet") == ["falls"]
    assert await find(anonymous, "dry") == []
    assert await find(anonymous, "rain*") == ["falls"]
    assert sorted(await find(ann, "rain*")) == ["falls", "winds"]
    assert await find(anonymous, "") == ["falls"]
    assert await find(ann, " ") == ["winds", "falls"]
    assert await find(ann, "-wet") == ["winds"]


async def test_words_follow_a_collection(ann):
    await make_collection(ann, "falls", name="Rainfall")

    await ann.mutate("updateCollection", SLUG, identifier=ref("falls"), value={"name": "Snowfall"})
    assert (await find(ann, "rainfall"), await find(ann, "snowfall")) == ([], ["falls"])
    await ann.mutate("disableCollection", SLUG, identifier=ref("falls"))

    assert await find(ann, "snowfall") == []


async def test_collections_are_searched_when_the_index_was_made_again(ann, registry):
    from litereg.registry.search import index

    await make_collection(ann, "falls", name="Rainfall")

    await registry.database.write(index.begin_again)

    assert await find(ann, "rainfall") == ["falls"]


async def test_a_beginning_finds_collections_and_for_members_users(ann, people, anonymous):
    await make_collection(ann, "an-open-one", name="Öffentlich", isPublic=True)
    await make_collection(ann, "another", name="Private")
    await people("bob")

    async def complete(caller, text):
        found = await caller.query(
            "autoComplete", f"collections {{ {SLUG} }} users {{ username }}", startsWith=text
        )
        return slugs(found.value["collections"]), [u["username"] for u in found.value["users"]]

    assert await complete(anonymous, "an") == (["an-open-one"], [])
    assert await complete(ann, "AN") == (["an-open-one", "another"], ["ann"])
    assert await complete(ann, "off") == (["an-open-one"], [])
    assert await complete(ann, "") == ([], [])

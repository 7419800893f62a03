"""None of the defects of DataPM's first registry is here, by their numbers in the contract."""

import re
from dataclasses import replace

import pytest

from litereg.app import Registry
from litereg.store import Query
from tests.client import (
    ALL_SCOPES,
    PASSWORD,
    make_catalog,
    make_package,
    package_file,
    publish,
    relieve,
)
from tests.contract.calls import PICTURE
from tests.contract.test_collections import add, make_collection, publish_collection
from tests.contract.test_mail import HOUR_MS, Journey
from tests.mailbox import open_mailbox

WEATHER = {"catalogSlug": "weather"}
RAIN = {**WEATHER, "packageSlug": "rain"}
WATER = {"collectionSlug": "water"}
VERSION = {**RAIN, "versionMajor": 1, "versionMinor": 0, "versionPatch": 0}
SLUG = "identifier { packageSlug }"
PAGE = {"offSet": 0, "limit": 10}


@pytest.fixture
async def ann(people):
    ann = await people("ann")
    await make_catalog(ann, "weather", is_public=True)
    await make_package(ann, "weather", "rain", is_public=True)
    await publish(ann, RAIN, package_file())
    return ann


@pytest.fixture
async def bob(ann, people):
    return await people("bob")


async def test_d1_signing_up_gives_a_token_and_nothing_stored(anonymous, registry):
    value = {"username": "zoe", "emailAddress": "zoe@example.org", "password": PASSWORD}

    signed_up = await anonymous.mutate("createMe", value=value)

    assert list(signed_up.body) == ["data"]
    token = signed_up.value
    assert len(token) == 43
    for stored in ("zoe", "example.org", "$2b$", PASSWORD):
        assert stored not in str(signed_up.body)


async def test_d2_nobody_takes_anothers_name(ann, bob):
    for name in ("ann", "ANN", "weather"):
        taken = await bob.mutate("updateMe", "username", value={"username": name})

        assert taken.error.message == "USERNAME_NOT_AVAILABLE"
    assert (await bob.query("me", "username")).value == {"username": "bob"}


async def test_d3_who_is_logged_in_sees_what_everybody_sees(ann, bob, anonymous):
    for caller in (bob, anonymous):
        latest = await caller.query("latestPackages", f"packages {{ {SLUG} }} count", **PAGE)
        found = await caller.query(
            "searchPackages", f"packages {{ {SLUG} }} count", query="rain", **PAGE
        )
        begun = await caller.query("autoComplete", f"packages {{ {SLUG} }}", startsWith="rain")
        shelf = await caller.query("catalog", f"packages {{ {SLUG} }}", identifier=WEATHER)

        for listed in (latest, found, begun, shelf):
            assert listed.value["packages"] == [{"identifier": {"packageSlug": "rain"}}]
        assert latest.value["count"] == found.value["count"] == 1


async def make_key(caller):
    value = {"label": "laptop", "scopes": ALL_SCOPES}
    return (await caller.mutate("createAPIKey", "id token", value=value)).value


async def test_d4_nobody_deletes_anothers_key(ann, bob, people):
    key = await make_key(ann)

    refused = await bob.mutate("deleteAPIKey", "id", id=key["id"])

    assert refused.error.message.startswith("API_KEY_NOT_FOUND")
    assert refused.error.code == "BAD_USER_INPUT"
    program = people.with_token(key["token"], "api_key")
    assert (await program.query("me", "username")).errors == []


async def test_d5_the_keys_of_a_closed_account_open_nothing(ann, people):
    program = people.with_token((await make_key(ann))["token"], "api_key")
    await relieve(ann, people)

    await ann.mutate("disableMe", "username")

    for refused in (
        await program.query("me", "username"),
        await program.query("latestPackages", "count", **PAGE),
        await program.mutate("disablePackage", SLUG, identifier=RAIN),
    ):
        assert refused.status == 401
        assert "API_KEY_NOT_FOUND" in refused.error.message


async def test_d6_disabling_a_version_succeeds_and_takes_it_away(ann):
    disabled = await ann.mutate("disableVersion", identifier=VERSION)

    assert disabled.body == {"data": {"disableVersion": None}}
    left = await ann.query(
        "package", "versions { createdAt } latestVersion { createdAt }", identifier=RAIN
    )
    assert left.value == {"versions": [], "latestVersion": None}


async def every_list(caller):
    """Return the slugs and names of everything that lists show *caller*."""
    document = """
        {
          latestPackages(offSet: 0, limit: 9) { packages { identifier { packageSlug } } count }
          searchPackages(query: "", offSet: 0, limit: 9) { packages { displayName } count }
          searchCatalogs(query: "weather", offSet: 0, limit: 9) { catalogs { displayName } count }
          autoComplete(startsWith: "rain") { packages { displayName } }
          myCatalogs { displayName packages { displayName } }
          catalog(identifier: {catalogSlug: "other"}) { packages { displayName } }
          collection(identifier: {collectionSlug: "water"}) { packages { displayName } }
        }
        """
    return (await caller.send(document)).data


async def test_d7_nothing_disabled_is_listed(ann):
    await make_catalog(ann, "other", is_public=True)
    await make_package(ann, "other", "snow", is_public=True)
    await make_collection(ann)
    for package in (RAIN, {"catalogSlug": "other", "packageSlug": "snow"}):
        await add(ann, WATER, package)

    await ann.mutate("disableCatalog", "displayName", identifier=WEATHER)
    await ann.mutate(
        "disablePackage", SLUG, identifier={"catalogSlug": "other", "packageSlug": "snow"}
    )

    assert await every_list(ann) == {
        "latestPackages": {"packages": [], "count": 0},
        "searchPackages": {"packages": [], "count": 0},
        "searchCatalogs": {"catalogs": [], "count": 0},
        "autoComplete": {"packages": []},
        "myCatalogs": [
            {"displayName": "ann", "packages": []},
            {"displayName": "Other", "packages": []},
        ],
        "catalog": {"packages": []},
        "collection": {"packages": []},
    }


@pytest.mark.parametrize(
    "text", ["'", "rain' OR '1'='1", "%", "_ain", "rain'; DROP TABLE user; --"]
)
async def test_d8_what_is_typed_is_never_sql(ann, anonymous, text):
    found = await anonymous.query("autoComplete", "packages { displayName }", startsWith=text)

    assert found.value == {"packages": []}
    assert (await anonymous.query("user", "username", username="ann")).errors == []


async def test_d9_nobody_sets_the_picture_of_what_they_may_not_edit(ann, bob, registry):
    await make_collection(ann)
    await publish_collection(ann, WATER)
    value = {"username": "bob", "permissions": ["VIEW"]}
    await ann.mutate("setPackagePermissions", "permissions", identifier=RAIN, value=value)

    refused = [
        await bob.mutate(field, identifier=identifier, image=PICTURE)
        for field, identifier in (
            ("setCatalogCoverImage", WEATHER),
            ("setCatalogAvatarImage", WEATHER),
            ("setPackageCoverImage", RAIN),
            ("setCollectionCoverImage", WATER),
        )
    ]

    assert [result.error.message for result in refused] == ["NOT_AUTHORIZED"] * 4
    images = Query(int, "SELECT count(*) FROM image", scans="it is a test's")
    assert await registry.database.read(lambda tx: tx.one(images)) == 0
    allowed = await ann.mutate("setPackageCoverImage", identifier=RAIN, image=PICTURE)
    assert allowed.value is None
    assert await registry.database.read(lambda tx: tx.one(images)) == 1


async def test_d10_nobody_unknown_makes_anything_crash(ann, anonymous):
    await make_collection(ann)
    new_catalog = {"slug": "new", "displayName": "New", "isPublic": True}
    new_collection = {"collectionSlug": "new", "name": "New"}

    refused = [
        await anonymous.mutate("createCatalog", "displayName", value=new_catalog),
        await anonymous.mutate("createCollection", "name", value=new_collection),
        await anonymous.query("collection", "name", identifier=WATER),
        await anonymous.mutate("updateCollection", "name", identifier=WATER, value={"name": "X"}),
        await anonymous.mutate("disableCollection", "name", identifier=WATER),
    ]
    listed = await anonymous.query("collections", "name")

    assert [(r.error.message, r.error.code) for r in refused] == [
        ("NOT_AUTHENTICATED", "UNAUTHENTICATED")
    ] * 5
    assert listed.value == []


async def test_d11_what_is_taken_has_a_name_of_its_own(ann, bob):
    await make_catalog(bob, "wind")
    await make_package(ann, "weather", "snow")
    await make_collection(ann)
    await make_collection(ann, "wine")
    new = {"slug": "WEATHER", "displayName": "Again", "isPublic": True}
    snow = RAIN | {"packageSlug": "snow"}

    async def mutate(caller, field, **args):
        return (await caller.mutate(field, "__typename", **args)).error

    errors = {
        "CATALOG_SLUG_NOT_AVAILABLE": [
            await mutate(bob, "createCatalog", value=new),
            await mutate(
                bob,
                "updateCatalog",
                identifier={"catalogSlug": "wind"},
                value={"newSlug": "Weather"},
            ),
        ],
        "PACKAGE_SLUG_NOT_AVAILABLE": [
            await mutate(ann, "createPackage", value=RAIN | {"displayName": "Again"}),
            await mutate(ann, "updatePackage", identifier=snow, value={"newPackageSlug": "rain"}),
        ],
        "COLLECTION_SLUG_NOT_AVAILABLE": [
            await mutate(
                bob, "createCollection", value={"collectionSlug": "WATER", "name": "Again"}
            ),
            await mutate(
                ann,
                "updateCollection",
                identifier={"collectionSlug": "wine"},
                value={"newCollectionSlug": "water"},
            ),
        ],
        "EMAIL_ADDRESS_NOT_AVAILABLE": [
            await mutate(bob, "updateMe", value={"emailAddress": "Ann@Example.org"}),
        ],
    }

    for reason, found in errors.items():
        for error in found:
            assert error.message.partition(":")[0] == reason
            assert error.code == "GRAPHQL_VALIDATION_FAILED"
    value = {"username": "bob", "permissions": ["VIEW"]}
    for _ in range(2):
        again = await ann.mutate(
            "setPackagePermissions", "permissions", identifier=RAIN, value=value
        )
        assert again.value == {"permissions": ["VIEW"]}


@pytest.mark.parametrize(
    ("username", "reason"),
    [("", "USERNAME_REQUIRED"), ("x" * 39, "USERNAME_TOO_LONG"), ("a_b", "INVALID_CHARACTERS")],
)
async def test_d12_what_is_wrong_with_a_username_is_said_of_it(ann, anonymous, username, reason):
    new = {"username": username, "emailAddress": "new@example.org", "password": PASSWORD}

    for refused in (
        await anonymous.mutate("createMe", value=new),
        await ann.mutate("updateMe", "username", value={"username": username}),
    ):
        assert refused.status == 400
        assert refused.error.message.endswith(f"; {reason}")


async def test_d13_each_field_of_a_permission_stands_alone(ann, bob):
    own = await ann.query("catalog", "userPermissions { permissions }", identifier=WEATHER)
    value = {"username": "bob", "permissions": ["VIEW"]}
    given = await ann.mutate("setPackagePermissions", "username", identifier=RAIN, value=value)

    assert own.value == {"userPermissions": [{"permissions": ["MANAGE", "VIEW", "EDIT"]}]}
    assert given.value == {"username": "bob"}


async def test_d14_the_token_that_verifies_an_address_works_for_four_hours(settings):
    async with open_mailbox() as mailbox:
        registry = await Registry.open(replace(settings, **mailbox.settings))
        journey = Journey(registry, mailbox)
        await journey.sign_up()
        token = mailbox.token()

        await journey.wait(4 * HOUR_MS + 1)
        late = await journey.verify(token)
        out = await journey.login()
        await registry.close()

    assert (late.error.message, late.error.code) == ("TOKEN_IS_TOO_OLD", "BAD_USER_INPUT")
    assert out.error.message == "EMAIL_ADDRESS_NOT_VERIFIED"


async def test_d15_a_description_of_oneself_is_kept(ann):
    changed = await ann.mutate("updateMe", "description", value={"description": "Measures rain"})

    assert changed.value == {"description": "Measures rain"}
    assert (await ann.query("me", "description")).value == {"description": "Measures rain"}


async def test_d16_a_long_package_file_is_published(ann, settings):
    text = package_file("1.0.1", readmeMarkdown="word " * 400_000)

    published = await publish(ann, RAIN, text)

    assert len(text) > 2_000_000
    assert settings.max_body_bytes > 20_000_000
    assert published.value["packageFile"] == text


async def test_d17_who_is_logged_in_finds_what_was_asked_for(ann, bob):
    for slug in ("water", "wine"):
        await make_collection(ann, slug)
        await publish_collection(ann, {"collectionSlug": slug})

    found = await bob.query(
        "searchCollections", "collections { name } count", query="wine", offset=0, limit=10
    )

    assert found.value == {"collections": [{"name": "Wine"}], "count": 1}


def test_each_defect_has_a_test():
    numbers = {int(n) for name in globals() for n in re.findall(r"^test_d(\d+)_", name)}

    assert numbers == set(range(1, 18))

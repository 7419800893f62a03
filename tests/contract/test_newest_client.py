"""What the newest clients ask for beyond the first ones."""

import json

import pytest

from litereg.registry.status.resolvers import DATAPM_VERSION
from litereg.server import registry_headers
from tests.client import make_catalog, make_package, package_file, publish

RAIN = {"catalogSlug": "weather", "packageSlug": "rain"}
FIRST = RAIN | {"versionMajor": 1, "versionMinor": 0, "versionPatch": 0}
SECOND = FIRST | {"versionMinor": 1}
THIRD = FIRST | {"versionMajor": 2}
SLUG = "identifier { packageSlug }"


@pytest.fixture
async def ann(people):
    ann = await people("ann")
    await make_catalog(ann, "weather", is_public=True)
    await make_package(ann, "weather", "rain", is_public=True)
    return ann


@pytest.fixture
async def bob(ann, people):
    return await people("bob")


def slugs(packages):
    return [package["identifier"]["packageSlug"] for package in packages]


async def test_the_registry_says_that_it_is_there(anonymous):
    status = await anonymous.query("registryStatus", "status version registryUrl")

    assert status.value == {
        "status": "SERVING_REQUESTS",
        "version": DATAPM_VERSION,
        "registryUrl": "http://127.0.0.1:4000",
    }
    assert registry_headers.DATAPM_VERSION == DATAPM_VERSION


@pytest.mark.parametrize("actions", [{"a": [1, None, {"b": "c"}]}, "text", 1, []])
async def test_reports_are_accepted_and_forgotten(anonymous, actions):
    assert (await anonymous.mutate("track", actions=actions)).value == 1


async def test_deleting_is_disabling(ann, anonymous):
    await publish(ann, RAIN, package_file())

    async def is_gone(field, identifier, reason):
        gone = await anonymous.query(field, "__typename", identifier=identifier)
        return gone.error.message.startswith(reason)

    assert (await ann.mutate("deleteVersion", identifier=FIRST)).value is None
    assert await is_gone("version", FIRST, "VERSION_NOT_FOUND")
    assert (await ann.mutate("deletePackage", identifier=RAIN)).value is None
    assert await is_gone("package", RAIN, "PACKAGE_NOT_FOUND")
    weather = {"catalogSlug": "weather"}
    assert (await ann.mutate("deleteCatalog", identifier=weather)).value is None
    assert await is_gone("catalog", weather, "CATALOG_NOT_FOUND")
    await make_catalog(ann, "weather")


async def test_the_canonical_file_is_for_those_who_may_publish(ann, bob, anonymous):
    text = package_file()
    await publish(ann, RAIN, text)

    async def files(caller):
        found = await caller.query(
            "package",
            "latestVersion { packageFile canonicalPackageFile } versions { canonicalPackageFile }",
            identifier=RAIN,
        )
        latest = found.value["latestVersion"]
        assert found.value["versions"] == [{"canonicalPackageFile": latest["canonicalPackageFile"]}]
        return latest["packageFile"], latest["canonicalPackageFile"]

    assert await files(ann) == (text, text)
    assert await files(bob) == await files(anonymous) == (text, None)
    value = {"username": "bob", "permissions": ["EDIT"]}
    await ann.mutate("setPackagePermissions", "username", identifier=RAIN, value=value)
    assert await files(bob) == (text, text)


def streamed(version, *methods):
    """Return a package file whose source has one stream for each list of methods."""
    document = json.loads(package_file(version))
    del document["schemas"][0]["source"], document["generatedBy"]
    streams = [
        {"slug": f"s{i}", "schemaTitles": [], "configuration": {}, "updateMethods": list(given)}
        for i, given in enumerate(methods)
    ]
    return json.dumps(
        document
        | {
            "$schema": "https://datapm.io/docs/package-file-schema-v0.8.1.json",
            "canonical": True,
            "sources": [
                {
                    "slug": "main",
                    "type": "http",
                    "connectionConfiguration": {},
                    "configuration": {},
                    "streamSets": streams,
                }
            ],
        }
    )


async def test_how_sources_are_updated_is_told_of_versions_and_packages(ann, anonymous):
    empty = await anonymous.query("package", "updateMethods", identifier=RAIN)
    published = await publish(
        ann, RAIN, streamed("1.0.0", ["APPEND_ONLY_LOG"], ["CONTINUOUS", "APPEND_ONLY_LOG"])
    )

    assert published.errors == []
    found = await anonymous.query(
        "package", "updateMethods latestVersion { updateMethods }", identifier=RAIN
    )
    assert empty.value == {"updateMethods": None}
    both = ["CONTINUOUS", "APPEND_ONLY_LOG"]
    assert found.value == {"updateMethods": both, "latestVersion": {"updateMethods": both}}


async def test_old_files_say_nothing_of_updates(ann, anonymous):
    await publish(ann, RAIN, package_file())

    found = await anonymous.query("package", "updateMethods", identifier=RAIN)

    assert found.value == {"updateMethods": []}


async def test_fetches_are_counted_and_views_are_not(ann, bob, anonymous):
    await publish(ann, RAIN, package_file())
    before = await ann.query("package", "updatedAt fetchedCount viewedCount", identifier=RAIN)

    for caller in (anonymous, bob):
        assert (await caller.mutate("packageFetched", identifier=FIRST)).value is None

    after = await ann.query("package", "updatedAt fetchedCount viewedCount", identifier=RAIN)
    assert before.value == after.value | {"fetchedCount": 0}
    assert after.value["fetchedCount"] == 2
    assert after.value["viewedCount"] is None


async def test_only_what_can_be_opened_can_be_fetched(ann, bob, anonymous):
    await make_package(ann, "weather", "notes")
    await publish(ann, RAIN, package_file())
    notes = FIRST | {"packageSlug": "notes"}

    messages = [
        (await anonymous.mutate("packageFetched", identifier=notes)).error.message,
        (await bob.mutate("packageFetched", identifier=notes)).error.message,
        (await bob.mutate("packageFetched", identifier=SECOND)).error.message,
    ]

    assert messages == ["NOT_AUTHENTICATED", "NOT_AUTHORIZED", "VERSION_NOT_FOUND: 1.1.0"]


async def test_moving_a_package_takes_everything_along(ann, bob):
    await publish(ann, RAIN, package_file())
    value = {"username": "bob", "permissions": ["VIEW"]}
    await ann.mutate("setPackagePermissions", "username", identifier=RAIN, value=value)

    async def move(caller, catalog):
        return await caller.mutate(
            "movePackage", identifier=RAIN, catalogIdentifier={"catalogSlug": catalog}
        )

    assert (await move(bob, "bob")).error.message == "NOT_AUTHORIZED"
    assert (await move(ann, "bob")).error.message == "NOT_AUTHORIZED"
    assert (await move(ann, "nowhere")).error.message == "CATALOG_NOT_FOUND"
    same = (await move(ann, "Weather")).error
    assert same.message == "MOVE_TO_SAME_CATALOG_NOT_ALLOWED"
    await make_package(ann, "ann", "rain")
    taken = (await move(ann, "ann")).error
    assert taken.message.startswith("PACKAGE_IDENTIFIER_NOT_AVAILABLE")
    await make_catalog(ann, "climate")
    assert (await move(ann, "climate")).value is None
    moved = RAIN | {"catalogSlug": "climate"}
    found = await bob.query(
        "package", "latestVersion { identifier { catalogSlug } }", identifier=moved
    )
    assert found.value == {"latestVersion": {"identifier": {"catalogSlug": "climate"}}}
    gone = await ann.query("package", SLUG, identifier=RAIN)
    assert gone.error.message == "PACKAGE_NOT_FOUND"


async def test_the_packages_of_a_catalog_come_in_pages(ann, anonymous):
    await make_package(ann, "weather", "notes")
    await make_package(ann, "weather", "snow", is_public=True)

    async def listed(caller, offset, limit):
        found = await caller.query(
            "catalogPackages",
            SLUG,
            identifier={"catalogSlug": "weather"},
            offset=offset,
            limit=limit,
        )
        return slugs(found.value)

    assert await listed(ann, 0, 2) == ["snow", "notes"]
    assert await listed(ann, 1, 0) == ["notes", "rain"]
    assert await listed(anonymous, 0, 10) == ["snow", "rain"]


async def test_my_packages_are_those_granted_to_me(ann, bob):
    await make_package(ann, "weather", "notes")
    await make_package(bob, "bob", "own")
    for slug, permissions in (("rain", []), ("notes", ["VIEW"])):
        value = {"username": "bob", "permissions": permissions}
        ref = RAIN | {"packageSlug": slug}
        await ann.mutate("setPackagePermissions", "username", identifier=ref, value=value)

    page = f"packages {{ {SLUG} }} count hasMore"
    mine = await bob.query("myPackages", page, offset=0, limit=10)
    first = await bob.query("myPackages", page, offset=0, limit=1)

    # A row without permissions leaves a public package as open as it is to everybody.
    assert slugs(mine.value["packages"]) == ["own", "notes", "rain"]
    assert (first.value["count"], first.value["hasMore"]) == (3, True)


async def test_what_a_user_made_is_shown_as_far_as_it_is_open(ann, bob, anonymous):
    await make_package(ann, "weather", "notes")
    await make_catalog(ann, "closed")

    async def made_by_ann(caller):
        packages = await caller.query(
            "userPackages", f"packages {{ {SLUG} }} count", username="ann", offSet=0, limit=10
        )
        catalogs = await caller.query(
            "userCatalogs",
            "catalogs { identifier { catalogSlug } } count",
            username="ANN",
            offSet=0,
            limit=10,
        )
        assert packages.value["count"] == len(packages.value["packages"])
        assert catalogs.value["count"] == len(catalogs.value["catalogs"])
        return slugs(packages.value["packages"]), [
            catalog["identifier"]["catalogSlug"] for catalog in catalogs.value["catalogs"]
        ]

    assert await made_by_ann(ann) == (["notes", "rain"], ["closed", "weather", "ann"])
    assert await made_by_ann(bob) == await made_by_ann(anonymous) == (["rain"], ["weather"])


@pytest.mark.parametrize("field", ["userPackages", "userCatalogs"])
async def test_nobody_made_nothing(anonymous, field):
    refused = await anonymous.query(field, "count", username="nobody", offSet=0, limit=1)

    assert refused.error.message.startswith("USER_NOT_FOUND")


async def test_an_unclaimed_catalog_is_not_among_its_makers(ann, bob, anonymous):
    weather = {"catalogSlug": "weather"}
    changed = await ann.mutate(
        "updateCatalog", "unclaimed", identifier=weather, value={"unclaimed": True}
    )

    assert changed.value == {"unclaimed": True}
    listed = await anonymous.query("userCatalogs", "count", username="ann", offSet=0, limit=10)
    packages = await anonymous.query("userPackages", "count", username="ann", offSet=0, limit=10)
    assert (listed.value, packages.value) == ({"count": 0}, {"count": 0})
    assert (await anonymous.query("package", SLUG, identifier=RAIN)).errors == []


async def test_only_administrators_leave_a_catalog_unclaimed(ann, bob):
    new = {"slug": "bobs", "displayName": "Bobs", "isPublic": True}

    refused = await bob.mutate("createCatalog", "unclaimed", value=new | {"unclaimed": True})
    made = await bob.mutate("createCatalog", "unclaimed", value=new | {"unclaimed": False})
    changed = await bob.mutate(
        "updateCatalog", "unclaimed", identifier={"catalogSlug": "bobs"}, value={"unclaimed": True}
    )
    left = await bob.mutate(
        "updateCatalog", "unclaimed", identifier={"catalogSlug": "bobs"}, value={"unclaimed": False}
    )
    by_ann = await ann.mutate(
        "createCatalog", "unclaimed", value=new | {"slug": "orphan", "unclaimed": True}
    )

    assert refused.error.message == changed.error.message == "NOT_AUTHORIZED"
    assert made.value == left.value == {"unclaimed": False}
    assert by_ann.value == {"unclaimed": True}


NUMBER = "versionMajor versionMinor versionPatch"
DIFF = f"newVersion {{ {NUMBER} }} oldVersion {{ {NUMBER} }} differences {{ type pointer }}"


def number(version):
    return {key: value for key, value in version.items() if key.startswith("version")}


async def publish_three(ann):
    for text in (
        package_file("1.0.0"),
        package_file("1.1.0", properties=("city", "mm", "day")),
        package_file("2.0.0", properties=("city",)),
    ):
        assert (await publish(ann, RAIN, text)).errors == []


async def test_two_versions_are_compared(ann, anonymous):
    await publish_three(ann)

    diff = await anonymous.query("packageVersionsDiff", DIFF, newVersion=SECOND, oldVersion=FIRST)
    back = await anonymous.query("packageVersionsDiff", DIFF, newVersion=FIRST, oldVersion=SECOND)
    same = await anonymous.query("packageVersionsDiff", DIFF, newVersion=THIRD, oldVersion=THIRD)

    added = {"type": "ADD_PROPERTY", "pointer": "#/rain.csv/properties/day"}
    assert diff.value == {
        "newVersion": number(SECOND),
        "oldVersion": number(FIRST),
        "differences": [added],
    }
    assert [d["type"] for d in back.value["differences"]] == ["REMOVE_PROPERTY"]
    assert same.value["differences"] == []


async def test_every_version_is_compared_with_the_one_before_it(ann, anonymous):
    await publish_three(ann)

    async def diffs(offset, limit):
        found = await anonymous.query(
            "packageVersionsDiffs", DIFF, packageIdentifier=RAIN, offset=offset, limit=limit
        )
        return [
            (d["newVersion"], d["oldVersion"], [c["type"] for c in d["differences"]])
            for d in found.value
        ]

    third = (number(THIRD), number(SECOND), ["REMOVE_PROPERTY"] * 2)
    second = (number(SECOND), number(FIRST), ["ADD_PROPERTY"])
    assert await diffs(0, 0) == [third, second]
    assert await diffs(0, 1) == [third]
    assert await diffs(1, 5) == [second]
    assert await diffs(2, 5) == await diffs(9, 5) == []


async def test_long_files_are_compared_as_well(ann, anonymous):
    long_text = "word " * 60_000
    await publish(ann, RAIN, package_file("1.0.0", readmeMarkdown=long_text))
    await publish(ann, RAIN, package_file("1.0.1", readmeMarkdown=long_text + "end"))
    patched = FIRST | {"versionPatch": 1}

    diff = await anonymous.query(
        "packageVersionsDiff", "differences { type }", newVersion=patched, oldVersion=FIRST
    )

    assert diff.value == {"differences": [{"type": "CHANGE_README_MARKDOWN"}]}


async def test_a_version_that_is_not_there_is_not_compared(ann, bob):
    await publish(ann, RAIN, package_file())

    missing = await bob.query("packageVersionsDiff", DIFF, newVersion=SECOND, oldVersion=FIRST)
    await ann.mutate("updatePackage", SLUG, identifier=RAIN, value={"isPublic": False})
    closed = await bob.query("packageVersionsDiff", DIFF, newVersion=FIRST, oldVersion=FIRST)
    listed = await bob.query(
        "packageVersionsDiffs", DIFF, packageIdentifier=RAIN, offset=0, limit=1
    )

    assert missing.error.message == "VERSION_NOT_FOUND: 1.1.0"
    assert closed.error.message == listed.error.message == "NOT_AUTHORIZED"

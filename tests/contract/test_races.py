"""Two clients want the same thing at the same moment: one gets it, the other is told so.

Both through one registry, whose writer takes them one after another, and through two registries on
one file, which meet at SQLite's lock as two processes would.
"""

import asyncio

import pytest

from litereg.app import Registry
from tests.client import (
    ALL_SCOPES,
    PASSWORD,
    Caller,
    People,
    make_catalog,
    make_package,
    package_file,
)

ROUNDS = 4
RAIN = {"catalogSlug": "weather", "packageSlug": "rain"}


@pytest.fixture(params=["one registry", "two registries"])
async def rivals(request, registry, settings, people):
    """Return two callers who are the same user, and how to call as nobody through each registry."""
    ann = await people("ann")
    await make_catalog(ann, "weather")
    await make_package(ann, "weather", "rain")
    if request.param == "one registry":
        yield ann, ann
        return
    other = await Registry.open(settings)
    yield ann, Caller(other, "ann", ann.token)
    await other.close()


async def race(rivals, attempt):
    """Let each rival make the same attempt, and return the winner's answer and the loser's."""
    answers = await asyncio.gather(*(attempt(caller, n) for n, caller in enumerate(rivals)))
    won = [answer for answer in answers if not answer.errors]
    lost = [answer for answer in answers if answer.errors]
    assert (len(won), len(lost)) == (1, 1), [answer.body for answer in answers]
    return won[0], lost[0]


def nobody(caller):
    return Caller(caller._registry)


async def create_catalog(caller, rival, round_):
    value = {"slug": ("Snow", "sNOW")[rival] + str(round_), "displayName": "S", "isPublic": True}
    return await caller.mutate("createCatalog", "__typename", value=value)


async def rename_catalog(caller, rival, round_):
    own = await caller.mutate(
        "createCatalog",
        "__typename",
        value={"slug": f"hail-{round_}-{rival}", "displayName": "H", "isPublic": True},
    )
    assert own.errors == []
    return await caller.mutate(
        "updateCatalog",
        "__typename",
        identifier={"catalogSlug": f"hail-{round_}-{rival}"},
        value={"newSlug": f"hail-{round_}"},
    )


async def create_package(caller, rival, round_):
    value = {"catalogSlug": "weather", "packageSlug": f"snow-{round_}", "displayName": "Snow"}
    return await caller.mutate("createPackage", "__typename", value=value)


async def create_collection(caller, rival, round_):
    value = {"collectionSlug": ("Water", "WATER")[rival] + str(round_), "name": "Water"}
    return await caller.mutate("createCollection", "__typename", value=value)


async def sign_up_by_name(caller, rival, round_):
    value = {
        "username": ("Zoe", "ZOE")[rival] + str(round_),
        "emailAddress": f"zoe-{round_}-{rival}@example.org",
        "password": PASSWORD,
    }
    return await nobody(caller).mutate("createMe", value=value)


async def sign_up_by_address(caller, rival, round_):
    value = {
        "username": f"zoe-{round_}-{rival}",
        "emailAddress": ("zoe", "ZOE")[rival] + f"{round_}@example.org",
        "password": PASSWORD,
    }
    return await nobody(caller).mutate("createMe", value=value)


async def sign_up_against_a_catalog(caller, rival, round_):
    if rival:
        return await create_catalog(caller, 0, round_)
    value = {
        "username": f"snow{round_}",
        "emailAddress": f"snow-{round_}@example.org",
        "password": PASSWORD,
    }
    return await nobody(caller).mutate("createMe", value=value)


async def rename_user(caller, rival, round_):
    """Let two people take the same name."""
    people = People(caller._registry)
    person = await people(f"person-{round_}-{rival}")
    name = ("Eve", "eVE")[rival] + str(round_)
    return await person.mutate("updateMe", "username", value={"username": name})


async def take_an_address(caller, rival, round_):
    people = People(caller._registry)
    person = await people(f"reader-{round_}-{rival}")
    address = ("eve", "EVE")[rival] + f"{round_}@example.org"
    return await person.mutate("updateMe", "username", value={"emailAddress": address})


async def rename_package(caller, rival, round_):
    own = await make_package(caller, "weather", f"hail-{round_}-{rival}")
    change = {"newPackageSlug": f"hail-{round_}"}
    return await caller.mutate("updatePackage", "__typename", identifier=own, value=change)


async def move_package(caller, rival, round_):
    """Let two packages of one name move into one catalog, the one by either mutation."""
    await make_catalog(caller, f"from-{round_}-{rival}")
    own = await make_package(caller, f"from-{round_}-{rival}", f"fog-{round_}")
    if rival:
        change = {"newCatalogSlug": "weather"}
        return await caller.mutate("updatePackage", "__typename", identifier=own, value=change)
    into = {"catalogSlug": "weather"}
    return await caller.mutate("movePackage", identifier=own, catalogIdentifier=into)


async def rename_collection(caller, rival, round_):
    own = {"collectionSlug": f"ice-{round_}-{rival}"}
    await caller.mutate("createCollection", "name", value={**own, "name": "Ice"})
    change = {"newCollectionSlug": ("Ice", "ICE")[rival] + str(round_)}
    return await caller.mutate("updateCollection", "name", identifier=own, value=change)


async def create_key(caller, rival, round_):
    value = {"label": f"laptop {round_}", "scopes": ALL_SCOPES}
    return await caller.mutate("createAPIKey", "id", value=value)


async def publish(caller, rival, round_):
    """Publish the next version under the same number, each with other columns."""
    columns = ["city"] + [f"added-{n}" for n in range(round_)] + ["last", "other"][rival:][:1]
    text = package_file(f"{round_ + 1}.0.0", properties=columns)
    return await caller.mutate(
        "createVersion", "identifier { versionMajor }", identifier=RAIN, value={"packageFile": text}
    )


@pytest.mark.parametrize(
    ("attempt", "reasons"),
    [
        (create_catalog, {"CATALOG_SLUG_NOT_AVAILABLE"}),
        (rename_catalog, {"CATALOG_SLUG_NOT_AVAILABLE"}),
        (create_package, {"PACKAGE_SLUG_NOT_AVAILABLE"}),
        (create_collection, {"COLLECTION_SLUG_NOT_AVAILABLE"}),
        (sign_up_by_name, {"USERNAME_NOT_AVAILABLE"}),
        (sign_up_by_address, {"EMAIL_ADDRESS_NOT_AVAILABLE"}),
        (sign_up_against_a_catalog, {"USERNAME_NOT_AVAILABLE", "CATALOG_SLUG_NOT_AVAILABLE"}),
        (rename_user, {"USERNAME_NOT_AVAILABLE"}),
        (take_an_address, {"EMAIL_ADDRESS_NOT_AVAILABLE"}),
        (rename_package, {"PACKAGE_SLUG_NOT_AVAILABLE"}),
        (move_package, {"PACKAGE_SLUG_NOT_AVAILABLE", "PACKAGE_IDENTIFIER_NOT_AVAILABLE"}),
        (rename_collection, {"COLLECTION_SLUG_NOT_AVAILABLE"}),
        (create_key, {"APIKEY_LABEL_NOT_AVIALABLE"}),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
async def test_one_gets_the_name_and_the_other_is_told(rivals, attempt, reasons):
    for round_ in range(ROUNDS):
        _, lost = await race(rivals, lambda caller, n, round_=round_: attempt(caller, n, round_))

        assert lost.error.message.partition(":")[0] in reasons
        assert lost.error.code == "GRAPHQL_VALIDATION_FAILED"


async def create_label(caller, round_):
    made = f'createCustomCatalogLabel(label: {{name: "label {round_}"}}) {{ name }}'
    return await caller.send(f"mutation {{ customCatalogLabel {{ {made} }} }}")


async def assign_label(caller, rival, round_):
    target = f'publicPackage: {{type: "npm", name: "left {round_}"}}, labelNames: ["label {rival}"]'
    assigned = f"assignCustomCatalogLabelsToPublicPackage(publicPackageLabels: {{{target}}})"
    return await caller.send(f"mutation {{ customCatalogLabel {{ {assigned} }} }}")


async def test_one_makes_or_assigns_the_label_and_the_other_is_told(rivals):
    for round_ in range(ROUNDS):
        _, lost = await race(rivals, lambda caller, n, round_=round_: create_label(caller, round_))

        assert lost.error.message == "Some of the labels already exist"
    for round_ in range(ROUNDS):
        # Each rival puts a label of their own on the same package, which carries one.
        _, lost = await race(
            rivals, lambda caller, n, round_=round_: assign_label(caller, n, round_)
        )

        assert "already" in lost.error.message


async def test_one_publishes_the_number_and_the_other_is_told_the_next(rivals):
    for round_ in range(ROUNDS):
        won, lost = await race(rivals, lambda caller, n, round_=round_: publish(caller, n, round_))

        assert won.value == {"identifier": {"versionMajor": round_ + 1}}
        assert lost.error.code == "HIGHER_VERSION_REQUIRED"
        assert lost.error.extensions["existingVersion"] == f"{round_ + 1}.0.0"
        assert lost.error.extensions["minNextVersion"] == f"{round_ + 2}.0.0"


async def test_the_same_file_twice_is_one_version(rivals):
    async def same(caller, _):
        return await caller.mutate(
            "createVersion", "__typename", identifier=RAIN, value={"packageFile": package_file()}
        )

    _, lost = await race(rivals, same)

    assert lost.error.code == "VERSION_EXISTS"
    found = await rivals[0].query("package", "versions { createdAt }", identifier=RAIN)
    assert len(found.value["versions"]) == 1


async def test_two_managers_cannot_both_leave(rivals, people):
    await people("bob")
    member = {"usernameOrEmailAddress": "bob", "permission": ["MANAGE"], "packagePermissions": []}
    weather = {"catalogSlug": "weather"}
    await rivals[0].mutate("setUserCatalogPermission", identifier=weather, value=[member])

    async def leave(caller, n):
        name = ("ann", "bob")[n]
        return await caller.mutate(
            "removeUserFromCatalog", "username", username=name, catalogSlug="weather"
        )

    _, lost = await race(rivals, leave)

    assert lost.error.message.partition(":")[0] in ("LAST_MANAGER", "NOT_AUTHORIZED")


async def test_everything_fetched_at_once_is_counted(rivals):
    text = package_file()
    await rivals[0].mutate(
        "createVersion", "__typename", identifier=RAIN, value={"packageFile": text}
    )
    version = RAIN | {"versionMajor": 1, "versionMinor": 0, "versionPatch": 0}

    answers = await asyncio.gather(
        *(rivals[n % 2].mutate("packageFetched", identifier=version) for n in range(20))
    )

    assert [answer.errors for answer in answers] == [[]] * 20
    found = await rivals[1].query("package", "fetchedCount", identifier=RAIN)
    assert found.value == {"fetchedCount": 20}

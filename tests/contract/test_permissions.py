"""Granting and taking away permissions, and who sees who has them."""

import pytest

from litereg.access import Permission
from tests.client import make_catalog, make_package
from tests.contract.test_collections import make_collection

CATALOG = {"catalogSlug": "weather"}
RAIN = {"catalogSlug": "weather", "packageSlug": "rain"}
WATER = {"collectionSlug": "water"}
MEMBER = "package { displayName } username user { username } permissions"


@pytest.fixture
async def ann(people):
    ann = await people("ann")
    await make_catalog(ann, "weather")
    await make_package(ann, "weather", "rain")
    return ann


@pytest.fixture
async def bob(people):
    return await people("bob")


async def grant_on_catalog(caller, name, permission, package_permissions=(), catalog=CATALOG):
    member = {
        "usernameOrEmailAddress": name,
        "permission": list(permission),
        "packagePermissions": list(package_permissions),
    }
    return await caller.mutate(
        "setUserCatalogPermission", identifier=catalog, value=[member], message="Have a look."
    )


async def grant_on_package(caller, permissions, **name):
    value = {"permissions": list(permissions), **(name or {"username": "bob"})}
    return await caller.mutate("setPackagePermissions", MEMBER, identifier=RAIN, value=value)


async def grant_on_collection(caller, name, permissions, **message):
    member = {"usernameOrEmailAddress": name, "permissions": list(permissions)}
    return await caller.mutate(
        "setUserCollectionPermissions", identifier=WATER, value=[member], **message
    )


async def my_permissions(caller, field, identifier):
    found = await caller.query(field, "myPermissions", identifier=identifier)
    return found.value["myPermissions"] if not found.errors else found.error.message


async def test_setting_replaces_what_a_user_had_on_a_package(ann, bob):
    first = await grant_on_package(ann, ["EDIT", "VIEW"])
    second = await grant_on_package(ann, ["VIEW"])

    assert first.value == {
        "package": {"displayName": "Rain"},
        "username": "bob",
        "user": {"username": "bob"},
        "permissions": ["VIEW", "EDIT"],
    }
    assert second.value["permissions"] == ["VIEW"]
    assert await my_permissions(bob, "package", RAIN) == ["VIEW"]


@pytest.mark.parametrize("nothing", [[], ["NONE"]])
async def test_nothing_and_none_open_nothing(ann, bob, nothing):
    granted = await grant_on_package(ann, nothing)

    assert granted.value["permissions"] == nothing
    assert await my_permissions(bob, "package", RAIN) == "NOT_AUTHORIZED"
    found = await bob.query(
        "searchPackages", "count packages { displayName }", query="", offSet=0, limit=10
    )
    assert found.value == {"count": 0, "packages": []}


@pytest.mark.parametrize(
    "name",
    [
        {"username": "BOB"},
        {"usernameOrEmailAddress": "bob"},
        {"usernameOrEmailAddress": "Bob@Example.org"},
    ],
)
async def test_users_go_by_either_name(ann, bob, name):
    granted = await grant_on_package(ann, ["VIEW"], **name)
    opened = await my_permissions(bob, "package", RAIN)
    removed = await ann.mutate("removePackagePermissions", identifier=RAIN, **name)

    assert granted.value["username"] == "bob"
    assert opened == ["VIEW"]
    assert removed.value is None
    assert await my_permissions(bob, "package", RAIN) == "NOT_AUTHORIZED"


@pytest.mark.parametrize(
    "name",
    [
        {"username": None},
        {"username": None, "usernameOrEmailAddress": None},
        {"username": "bob", "usernameOrEmailAddress": "bob"},
    ],
)
async def test_exactly_one_name_is_needed(ann, bob, name):
    granted = await grant_on_package(ann, ["VIEW"], **name)
    removed = await ann.mutate("removePackagePermissions", identifier=RAIN, **name)

    assert granted.error.message.startswith("USERNAME_REQUIRED")
    assert removed.error.message.startswith("USERNAME_REQUIRED")


async def test_an_unknown_user_is_granted_nothing(ann):
    await make_collection(ann)

    refused = [
        await grant_on_package(ann, ["VIEW"], username="nobody"),
        await ann.mutate("removePackagePermissions", identifier=RAIN, username="nobody"),
        await grant_on_catalog(ann, "nobody", ["VIEW"]),
        await ann.mutate(
            "deleteUserCatalogPermissions", identifier=CATALOG, usernameOrEmailAddress="nobody"
        ),
        await ann.mutate(
            "removeUserFromCatalog", "username", username="nobody", catalogSlug="weather"
        ),
        await grant_on_collection(ann, "no@example.org", ["VIEW"]),
        await ann.mutate(
            "deleteUserCollectionPermissions", identifier=WATER, usernameOrEmailAddress="nobody"
        ),
    ]

    for result in refused:
        assert result.error.message.startswith("USER_NOT_FOUND")
        assert result.error.code == "BAD_USER_INPUT"


async def test_a_closed_account_is_unknown_and_leaves_every_list(ann, bob):
    await grant_on_package(ann, ["VIEW"])
    await grant_on_catalog(ann, "bob", ["VIEW"])
    await bob.mutate("disableMe", "username")

    refused = await grant_on_package(ann, ["VIEW"])
    members = await ann.query("usersByPackage", "username", identifier=RAIN)
    catalog = await ann.query("usersByCatalog", "username", identifier=CATALOG)

    assert refused.error.message.startswith("USER_NOT_FOUND")
    assert members.value == catalog.value == [{"username": "ann"}]


async def test_removing_what_is_not_there_is_no_error(ann, bob):
    removed = await ann.mutate("removePackagePermissions", identifier=RAIN, username="bob")

    assert removed.value is None


async def test_permissions_on_a_catalog_reach_its_packages(ann, bob):
    granted = await grant_on_catalog(ann, "bob", ["EDIT"])

    assert granted.value is None
    assert await my_permissions(bob, "catalog", CATALOG) == ["EDIT"]
    assert await my_permissions(bob, "package", RAIN) == ["EDIT"]


async def test_package_permissions_open_the_packages_and_not_the_catalog(ann, bob):
    await grant_on_catalog(ann, "bob", [], ["VIEW"])

    assert await my_permissions(bob, "catalog", CATALOG) == "NOT_AUTHORIZED"
    assert await my_permissions(bob, "package", RAIN) == ["VIEW"]
    listed = await bob.query("latestPackages", "count packages { displayName }", offSet=0, limit=9)
    assert listed.value == {"count": 1, "packages": [{"displayName": "Rain"}]}
    assert (await bob.query("myCatalogs", "displayName")).value == [{"displayName": "bob"}]
    hidden = await bob.query(
        "package", "catalog { displayName userPermissions { user { username } } }", identifier=RAIN
    )
    assert hidden.value == {"catalog": {"displayName": "weather", "userPermissions": None}}


async def test_taking_a_catalog_away_leaves_what_was_granted_on_its_packages(ann, bob):
    await grant_on_catalog(ann, "bob", ["VIEW"], ["EDIT"])
    await grant_on_package(ann, ["VIEW"])

    removed = await ann.mutate(
        "removeUserFromCatalog", "username emailAddress", username="Bob", catalogSlug="Weather"
    )

    assert removed.value == {"username": "bob", "emailAddress": None}
    assert await my_permissions(bob, "catalog", CATALOG) == "NOT_AUTHORIZED"
    assert await my_permissions(bob, "package", RAIN) == ["VIEW"]


async def test_both_ways_of_leaving_a_catalog_do_the_same(ann, bob):
    await grant_on_catalog(ann, "bob", ["VIEW"])

    removed = await ann.mutate(
        "deleteUserCatalogPermissions", identifier=CATALOG, usernameOrEmailAddress="bob@example.org"
    )

    assert removed.value is None
    assert await my_permissions(bob, "catalog", CATALOG) == "NOT_AUTHORIZED"


@pytest.mark.parametrize("slug", ["weather", "ann"])
async def test_a_catalog_keeps_a_manager(ann, bob, slug):
    catalog = {"catalogSlug": slug}

    refused = [
        await grant_on_catalog(ann, "ann", ["EDIT", "VIEW"], ["MANAGE"], catalog),
        await ann.mutate("removeUserFromCatalog", "username", username="ann", catalogSlug=slug),
        await ann.mutate(
            "deleteUserCatalogPermissions", identifier=catalog, usernameOrEmailAddress="ann"
        ),
    ]

    for result in refused:
        assert result.error.message.startswith("LAST_MANAGER")
    assert await my_permissions(ann, "catalog", catalog) == ["MANAGE", "VIEW", "EDIT"]


async def test_a_manager_may_leave_when_another_stays(ann, bob):
    await grant_on_catalog(ann, "bob", ["MANAGE"])

    left = await ann.mutate(
        "removeUserFromCatalog", "username", username="ann", catalogSlug="weather"
    )
    alone = await bob.mutate(
        "removeUserFromCatalog", "username", username="bob", catalogSlug="weather"
    )

    assert left.value == {"username": "ann"}
    assert alone.error.message.startswith("LAST_MANAGER")


async def test_a_closed_account_is_no_manager_who_stays(ann, bob):
    await grant_on_catalog(ann, "bob", ["MANAGE"])
    await bob.mutate("disableMe", "username")

    refused = await ann.mutate(
        "removeUserFromCatalog", "username", username="ann", catalogSlug="weather"
    )

    assert refused.error.message.startswith("LAST_MANAGER")


async def test_nobody_is_shut_out_of_their_own_catalog(ann, bob):
    own = {"catalogSlug": "ann"}
    await grant_on_catalog(ann, "bob", ["MANAGE"], catalog=own)

    refused = await bob.mutate(
        "removeUserFromCatalog", "username", username="ann", catalogSlug="ann"
    )
    left = await ann.mutate("removeUserFromCatalog", "username", username="bob", catalogSlug="ann")

    assert refused.error.message.startswith("LAST_MANAGER")
    assert left.value == {"username": "bob"}


async def test_the_managers_of_its_catalog_manage_a_package_without_one(ann):
    removed = await ann.mutate("removePackagePermissions", identifier=RAIN, username="ann")

    assert removed.value is None
    assert await my_permissions(ann, "package", RAIN) == ["MANAGE", "VIEW", "EDIT"]


async def test_a_collection_keeps_a_manager(ann, bob):
    await make_collection(ann)

    refused = [
        await grant_on_collection(ann, "ann", ["VIEW"]),
        await ann.mutate(
            "deleteUserCollectionPermissions", identifier=WATER, usernameOrEmailAddress="ann"
        ),
    ]
    await grant_on_collection(ann, "bob", ["MANAGE"])
    left = await ann.mutate(
        "deleteUserCollectionPermissions", identifier=WATER, usernameOrEmailAddress="ann"
    )

    for result in refused:
        assert result.error.message.startswith("LAST_MANAGER")
    assert left.value is None
    assert await my_permissions(ann, "collection", WATER) == "NOT_AUTHORIZED"


async def test_a_failed_member_leaves_the_others_as_they_were(ann, bob):
    members = [
        {"usernameOrEmailAddress": name, "permission": ["VIEW"], "packagePermissions": []}
        for name in ("bob", "nobody")
    ]

    refused = await ann.mutate("setUserCatalogPermission", identifier=CATALOG, value=members)

    assert refused.error.message.startswith("USER_NOT_FOUND")
    assert await my_permissions(bob, "catalog", CATALOG) == "NOT_AUTHORIZED"


async def test_at_most_a_hundred_users_at_once(ann, bob):
    member = {"usernameOrEmailAddress": "bob", "permission": ["VIEW"], "packagePermissions": []}

    fits = await ann.mutate("setUserCatalogPermission", identifier=CATALOG, value=[member] * 100)
    refused = await ann.mutate("setUserCatalogPermission", identifier=CATALOG, value=[member] * 101)

    assert fits.value is None
    assert refused.error.message.startswith("TOO_MANY_USERS")


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ("x" * 251, "MESSAGE_TOO_LONG"),
        ("write to eve@example.org", "MESSAGE_CANNOT_CONTAIN_EMAIL_ADDRESS"),
        ("see https://example.org", "MESSAGE_CANNOT_CONTAIN_URL"),
        ("see www.example.org", "MESSAGE_CANNOT_CONTAIN_URL"),
        ("<b>now</b>", "MESSAGE_CANNOT_CONTAIN_HTML_TAGS"),
        ("</p>", "MESSAGE_CANNOT_CONTAIN_HTML_TAGS"),
    ],
)
async def test_a_message_holds_words_alone(ann, bob, message, reason):
    await make_collection(ann)
    member = {"usernameOrEmailAddress": "bob", "permission": ["VIEW"], "packagePermissions": []}

    refused = [
        await ann.mutate(
            "setUserCatalogPermission", identifier=CATALOG, value=[member], message=message
        ),
        await grant_on_collection(ann, "bob", ["VIEW"], message=message),
    ]

    for result in refused:
        assert result.error.message.partition(":")[0] == reason
        assert result.error.code == "GRAPHQL_VALIDATION_FAILED"
    assert await my_permissions(bob, "catalog", CATALOG) == "NOT_AUTHORIZED"


@pytest.mark.parametrize("message", ["x" * 250, "2 < 3 @ noon, at http: or so", "", None])
async def test_an_ordinary_message_passes(ann, bob, message):
    await make_collection(ann)

    granted = await grant_on_collection(ann, "bob", ["VIEW"], message=message)

    assert granted.value is None


async def test_members_of_a_catalog_and_what_they_may(ann, bob, people, anonymous):
    carl = await people("carl")
    await ann.mutate(
        "updateCatalog", "slug: displayName", identifier=CATALOG, value={"isPublic": True}
    )
    await grant_on_catalog(ann, "bob", ["VIEW"], ["EDIT"])

    async def members(caller):
        found = await caller.query(
            "usersByCatalog",
            "username user { username } permissions packagePermissions",
            identifier=CATALOG,
        )
        return [
            (m["username"], m["user"]["username"], m["permissions"], m["packagePermissions"])
            for m in found.value
        ]

    everything = ["MANAGE", "VIEW", "EDIT"]
    of_ann, of_bob = ("ann", "ann"), ("bob", "bob")
    assert await members(ann) == [
        (*of_ann, everything, everything),
        (*of_bob, ["VIEW"], ["VIEW", "EDIT"]),
    ]
    assert await members(bob) == [
        (*of_ann, None, None),
        (*of_bob, ["VIEW"], ["VIEW", "EDIT"]),
    ]
    for caller in (carl, anonymous):
        assert await members(caller) == [(*of_ann, None, None), (*of_bob, None, None)]


async def test_the_permissions_of_others_on_a_catalog_stay_theirs(ann, bob):
    await grant_on_catalog(ann, "bob", ["VIEW"])

    async def shown(caller):
        found = await caller.query(
            "catalog",
            "userPermissions { user { username } catalog { displayName } permissions }",
            identifier=CATALOG,
        )
        return found.value["userPermissions"]

    weather = {"displayName": "Weather"}
    assert await shown(ann) == [
        {
            "user": {"username": "ann"},
            "catalog": weather,
            "permissions": ["MANAGE", "VIEW", "EDIT"],
        },
        {"user": {"username": "bob"}, "catalog": weather, "permissions": None},
    ]
    assert await shown(bob) == [
        {"user": {"username": "ann"}, "catalog": weather, "permissions": None},
        {"user": {"username": "bob"}, "catalog": weather, "permissions": ["VIEW"]},
    ]


async def test_permissions_can_be_asked_for_alone(ann):
    found = await ann.query("catalog", "userPermissions { permissions }", identifier=CATALOG)

    assert found.value == {"userPermissions": [{"permissions": ["MANAGE", "VIEW", "EDIT"]}]}


async def test_a_user_met_elsewhere_carries_no_permissions(ann):
    met = await ann.query(
        "package", "creator { user { username } permissions packagePermissions }", identifier=RAIN
    )

    assert met.value["creator"] == {
        "user": {"username": "ann"},
        "permissions": None,
        "packagePermissions": None,
    }


async def test_members_of_a_package_and_of_a_collection(ann, bob):
    await make_collection(ann)
    await grant_on_package(ann, ["VIEW"])
    await grant_on_collection(ann, "bob", ["EDIT"])

    package = await ann.query("usersByPackage", MEMBER, identifier=RAIN)
    collection = await ann.query(
        "usersByCollection", "user { username } permissions", identifier=WATER
    )

    assert [(m["username"], m["permissions"]) for m in package.value] == [
        ("ann", ["MANAGE", "VIEW", "EDIT"]),
        ("bob", ["VIEW"]),
    ]
    assert [(m["user"]["username"], m["permissions"]) for m in collection.value] == [
        ("ann", ["MANAGE", "VIEW", "EDIT"]),
        ("bob", ["EDIT"]),
    ]


async def what_needs_manage(caller):
    """Yield the answer to everything that asks for MANAGE, on things that bob is or is not in."""
    name = {"usernameOrEmailAddress": "bob"}
    yield await caller.query("usersByPackage", "username", identifier=RAIN)
    yield await caller.query("usersByCollection", "permissions", identifier=WATER)
    yield await grant_on_package(caller, ["VIEW"])
    yield await caller.mutate("removePackagePermissions", identifier=RAIN, username="bob")
    yield await grant_on_catalog(caller, "bob", ["VIEW"])
    yield await caller.mutate("deleteUserCatalogPermissions", identifier=CATALOG, **name)
    yield await caller.mutate(
        "removeUserFromCatalog", "username", username="bob", catalogSlug="weather"
    )
    yield await grant_on_collection(caller, "bob", ["VIEW"])
    yield await caller.mutate("deleteUserCollectionPermissions", identifier=WATER, **name)


@pytest.mark.parametrize("permission", [None, *Permission], ids=str)
async def test_only_who_manages_grants(ann, bob, people, permission):
    carl = await people("carl")
    await make_collection(ann)
    if permission is not None:
        await grant_on_catalog(ann, "carl", [permission.name])
        await grant_on_collection(ann, "carl", [permission.name])

    answers = [answer async for answer in what_needs_manage(carl)]

    if permission is Permission.MANAGE:
        assert [answer.errors for answer in answers] == [[]] * 9
    else:
        assert [answer.error.message for answer in answers] == ["NOT_AUTHORIZED"] * 9


async def test_nobody_unknown_grants(ann, bob, anonymous):
    await make_collection(ann)

    answers = [answer async for answer in what_needs_manage(anonymous)]

    assert [answer.error.message for answer in answers] == ["NOT_AUTHENTICATED"] * 9


@pytest.mark.parametrize(
    ("needed", "field", "change"),
    [
        ("VIEW", "collection", None),
        ("EDIT", "updateCollection", {"value": {"name": "Wet"}}),
        ("MANAGE", "disableCollection", {}),
    ],
)
@pytest.mark.parametrize("held", [None, "NONE", "VIEW", "EDIT", "MANAGE"])
async def test_permissions_on_collections_include_the_smaller_ones(
    ann, bob, needed, field, change, held
):
    await make_collection(ann)
    if held:
        await grant_on_collection(ann, "bob", [held])

    if change is None:
        answer = await bob.query(field, "name", identifier=WATER)
    else:
        answer = await bob.mutate(field, "name", identifier=WATER, **change)

    order = [None, "NONE", "VIEW", "EDIT", "MANAGE"]
    if order.index(held) >= order.index(needed):
        assert answer.errors == []
    else:
        assert answer.error.message == "NOT_AUTHORIZED"

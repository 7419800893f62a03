"""What people see of each other's accounts, and what administrators may do with them."""

import pytest

from tests.client import (
    ALL_SCOPES,
    PASSWORD,
    make_catalog,
    make_package,
    package_file,
    publish,
)

PAGE = "users { username } count hasMore"


@pytest.fixture
async def ann(people):
    """The administrator: whoever comes first."""
    return await people("ann")


@pytest.fixture
async def bob(ann, people):
    return await people("bob")


async def name(caller, first, last, **more):
    value = {"firstName": first, "lastName": last, **more}
    return (await caller.mutate("updateMe", "displayName", value=value)).value["displayName"]


async def look_at(caller, username, selection):
    return (await caller.query("user", selection, username=username)).value


async def test_a_display_name_is_the_full_name_for_who_may_see_it(ann, bob, anonymous):
    assert await look_at(bob, "bob", "displayName") == {"displayName": "bob"}
    assert await name(bob, "Bob", "Bauer") == "Bob Bauer"
    assert await look_at(ann, "bob", "displayName") == {"displayName": "bob"}
    await name(bob, "Bob", "Bauer", nameIsPublic=True)

    for caller in (ann, bob, anonymous):
        assert await look_at(caller, "bob", "displayName") == {"displayName": "Bob Bauer"}


async def test_half_a_name_is_a_display_name(bob):
    changed = await bob.mutate("updateMe", "displayName", value={"lastName": "Bauer"})

    assert changed.value == {"displayName": "Bauer"}


async def test_rank_and_status_are_for_oneself_and_for_administrators(ann, bob, people, anonymous):
    carl = await people("carl")

    of_bob = "isAdmin status uiDarkModeEnabled"
    assert await look_at(bob, "bob", of_bob) == {
        "isAdmin": False,
        "status": "ACTIVE",
        "uiDarkModeEnabled": False,
    }
    assert await look_at(ann, "bob", of_bob) == {
        "isAdmin": False,
        "status": "ACTIVE",
        "uiDarkModeEnabled": None,
    }
    for caller in (carl, anonymous):
        assert set((await look_at(caller, "bob", of_bob)).values()) == {None}
        assert set((await look_at(caller, "ann", of_bob)).values()) == {None}


async def test_the_newest_form_of_me_shows_the_same_user(ann):
    me = await ann.query("me", "isAdmin username user { username emailAddress }")

    assert me.value == {
        "isAdmin": True,
        "username": "ann",
        "user": {"username": "ann", "emailAddress": "ann@example.org"},
    }


async def test_dark_mode_is_remembered(anonymous, people):
    value = {
        "username": "dora",
        "emailAddress": "dora@example.org",
        "password": PASSWORD,
        "uiDarkModeEnabled": True,
    }
    dora = people.with_token((await anonymous.mutate("createMe", value=value)).value)

    assert (await dora.query("me", "uiDarkModeEnabled")).value == {"uiDarkModeEnabled": True}
    changed = await dora.mutate("updateMe", "uiDarkModeEnabled", value={"uiDarkModeEnabled": False})
    assert changed.value == {"uiDarkModeEnabled": False}


async def test_delete_me_closes_the_account(bob, anonymous):
    assert (await bob.mutate("deleteMe")).value is None

    assert (await bob.query("me", "username")).status == 401
    gone = await anonymous.query("user", "username", username="bob")
    assert gone.error.message.startswith("USER_NOT_FOUND")


async def test_a_closed_account_has_no_status(bob):
    closed = await bob.mutate("disableMe", "status isAdmin")

    assert closed.value == {"status": None, "isAdmin": False}


async def search(caller, text, field="searchUsers", limit=10, offset=0):
    found = await caller.query(field, PAGE, value=text, limit=limit, offSet=offset)
    return [user["username"] for user in found.value["users"]]


async def test_users_are_found_by_what_they_show(ann, bob, people):
    carl = await people("carl")
    await name(carl, "Karl", "Bäcker")

    assert await search(bob, "BO") == ["bob"]
    assert await search(bob, "karl") == []
    assert await search(bob, "carl@example.org") == []
    assert await search(bob, "") == ["ann", "bob", "carl"]
    await name(carl, "Karl", "Bäcker", nameIsPublic=True, emailAddressIsPublic=True)
    for text in ("karl", "bäck", "karl b", "Carl@Example.org"):
        assert await search(bob, text) == ["carl"]
    assert await search(bob, "arl") == []


@pytest.mark.parametrize("text", ["%", "_ob", "b%b", "!", "b!"])
async def test_signs_in_a_search_for_users_stand_for_themselves(bob, text):
    assert await search(bob, text) == []


@pytest.mark.parametrize("text", ["b" * 60_000, "bob" + " " * 60_000, "%" * 60_000])
async def test_a_text_that_is_longer_than_any_name_finds_nobody(bob, text):
    assert await search(bob, text) == (["bob"] if text.strip() == "bob" else [])


async def test_found_users_are_paged(ann, bob):
    page = await bob.query("searchUsers", PAGE, value="", limit=1, offSet=1)

    assert page.value == {"users": [{"username": "bob"}], "count": 2, "hasMore": False}


async def test_administrators_find_by_what_is_private_and_do_not_see_it(ann, bob):
    await name(bob, "Bertram", "Bauer")

    assert await search(ann, "bertram", "adminSearchUsers") == ["bob"]
    assert await search(ann, "bob@example.org", "adminSearchUsers") == ["bob"]
    found = await ann.query(
        "adminSearchUsers", "users { firstName emailAddress }", value="bob", limit=1, offSet=0
    )
    assert found.value == {"users": [{"firstName": None, "emailAddress": None}]}


async def test_closed_accounts_are_not_found(ann, bob):
    await bob.mutate("deleteMe")

    assert await search(ann, "", "adminSearchUsers") == ["ann"]


async def test_a_new_administrator_and_an_old_one(ann, bob):
    assert (await ann.mutate("setAsAdmin", username="BOB@example.org", isAdmin=True)).value is None
    assert (await bob.query("me", "isAdmin")).value == {"isAdmin": True}
    assert (await bob.mutate("setAsAdmin", username="ann", isAdmin=False)).value is None

    refused = await ann.mutate("setAsAdmin", username="bob", isAdmin=False)

    assert refused.error.message == "NOT_AUTHORIZED"


async def test_a_suspended_account_is_kept_out_until_it_is_let_in(ann, bob, anonymous, people):
    made = await bob.mutate(
        "createAPIKey", "token", value={"label": "laptop", "scopes": ALL_SCOPES}
    )
    program = people.with_token(made.value["token"], "api_key")

    suspended = await ann.mutate(
        "adminSetUserStatus", username="bob", status="SUSPENDED", message="Sorry."
    )

    assert suspended.value is None
    for caller in (bob, program):
        assert (await caller.query("me", "username")).status == 401
    login = await anonymous.mutate("login", username="bob", password=PASSWORD)
    assert login.error.message == "ACCOUNT_SUSPENDED"
    assert await look_at(ann, "bob", "status") == {"status": "SUSPENDED"}
    await ann.mutate("adminSetUserStatus", username="bob", status="ACTIVE")
    assert (await program.query("me", "username")).value == {"username": "bob"}
    again = await anonymous.mutate("login", username="bob", password=PASSWORD)
    assert again.errors == []


async def test_a_message_that_is_too_long_suspends_nobody(ann, bob):
    value = {"username": "bob", "status": "SUSPENDED", "message": "x" * 251}

    refused = await ann.mutate("adminSetUserStatus", **value)

    assert refused.error.message == "TOO_LONG: message may have at most 250 characters"
    assert (await bob.query("me", "username")).value == {"username": "bob"}


async def test_administrators_see_how_much_there_is(ann, bob):
    await make_catalog(bob, "shelf")
    await publish(bob, await make_package(bob, "shelf"), package_file())
    gone = await make_package(bob, "shelf", "snow")
    await bob.mutate("deletePackage", identifier=gone)
    await ann.mutate("adminSetUserStatus", username="bob", status="SUSPENDED")

    found = await ann.query(
        "adminStatus",
        "activeUsers suspendedUsers administrators catalogs packages versions collections "
        "waitingLetters failedLetters",
    )

    assert found.value == {
        "activeUsers": 1,
        "suspendedUsers": 1,
        "administrators": 1,
        "catalogs": 3,
        "packages": 1,
        "versions": 1,
        "collections": 0,
        "waitingLetters": 0,
        "failedLetters": 0,
    }


async def test_an_account_cannot_be_made_to_wait_for_sign_up(ann, bob):
    refused = await ann.mutate("adminSetUserStatus", username="bob", status="PENDING_SIGN_UP")

    assert refused.error.message.startswith("STATUS_NOT_POSSIBLE")


async def test_an_administrator_closes_an_account(ann, bob, people):
    assert (await ann.mutate("adminDeleteUser", usernameOrEmailAddress="bob")).value is None

    assert (await bob.query("me", "username")).status == 401
    gone = await ann.query("catalog", "displayName", identifier={"catalogSlug": "bob"})
    assert gone.error.message == "CATALOG_NOT_FOUND"


ON_USERS = [
    ("setAsAdmin", {"username": "NAME", "isAdmin": False}),
    ("adminSetUserStatus", {"username": "NAME", "status": "SUSPENDED"}),
    ("adminDeleteUser", {"usernameOrEmailAddress": "NAME"}),
]


def named(args, username):
    return {key: username if value == "NAME" else value for key, value in args.items()}


@pytest.mark.parametrize(("field", "args"), ON_USERS)
async def test_administrators_take_nothing_from_themselves(ann, field, args):
    refused = await ann.mutate(field, **named(args, "ann"))

    assert refused.error.message.startswith("NOT_ON_ONESELF")
    assert (await ann.query("me", "isAdmin status")).value == {"isAdmin": True, "status": "ACTIVE"}


@pytest.mark.parametrize(("field", "args"), ON_USERS)
async def test_unknown_accounts_cannot_be_changed(ann, field, args):
    refused = await ann.mutate(field, **named(args, "nobody"))

    assert refused.error.message.startswith("USER_NOT_FOUND")


@pytest.mark.parametrize(("field", "args"), ON_USERS)
async def test_only_administrators_change_accounts(ann, bob, people, anonymous, field, args):
    await people("carl")

    stranger = await bob.mutate(field, **named(args, "carl"))
    nobody = await anonymous.mutate(field, **named(args, "nobody"))

    assert stranger.error.message == "NOT_AUTHORIZED"
    assert nobody.error.message == "NOT_AUTHENTICATED"


async def test_users_are_searched_by_users_alone(ann, bob, anonymous):
    args = {"value": "", "limit": 1, "offSet": 0}

    everybody = await anonymous.query("searchUsers", "count", **args)
    as_stranger = await bob.query("adminSearchUsers", "count", **args)

    assert everybody.error.message == "NOT_AUTHENTICATED"
    assert as_stranger.error.message == "NOT_AUTHORIZED"

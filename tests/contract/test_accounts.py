"""Accounts from sign-up to their end: profiles, passwords, sessions, keys."""

import base64
import logging
import time

import pytest

from litereg.registry.administration import service as administration
from litereg.registry.users import queries as users
from litereg.store import Command
from tests.client import ALL_SCOPES, PASSWORD, make_catalog, make_package, relieve

SUSPEND = Command("UPDATE user SET status = 'SUSPENDED' WHERE username_key = :name")


async def sign_up(anonymous, **changes):
    value = {"username": "Zoe", "emailAddress": "Zoe@Example.org", "password": PASSWORD}
    return await anonymous.mutate("createMe", value=value | changes)


async def test_what_was_typed_is_shown_and_compared_without_case(people, anonymous):
    zoe = people.with_token((await sign_up(anonymous, firstName="  Zoe ", lastName=" ")).value)

    me = (await zoe.query("me", "username emailAddress firstName lastName")).value
    catalog = await zoe.query(
        "catalog",
        "identifier { catalogSlug } displayName description website isPublic myPermissions",
        identifier={"catalogSlug": "ZOE"},
    )

    assert me == {
        "username": "Zoe",
        "emailAddress": "Zoe@Example.org",
        "firstName": "Zoe",
        "lastName": None,
    }
    assert catalog.value == {
        "identifier": {"catalogSlug": "Zoe"},
        "displayName": "Zoe",
        "description": None,
        "website": "",
        "isPublic": False,
        "myPermissions": ["MANAGE", "VIEW", "EDIT"],
    }
    assert (await anonymous.query("user", "username", username="zOE")).value == {"username": "Zoe"}
    for name in ("zoe", "ZOE@example.ORG"):
        assert (await anonymous.mutate("login", username=name, password=PASSWORD)).value
    assert (await anonymous.query("usernameAvailable", username="ZOE")).value is False
    assert (await anonymous.query("catalogSlugAvailable", catalogSlug="ZOE")).value is False
    address = "zoe@EXAMPLE.org"
    assert (await anonymous.query("emailAddressAvailable", emailAddress=address)).value is False


async def test_a_username_is_not_available_when_a_catalog_has_it(people, anonymous):
    await make_catalog(await people("ann"), "Weather")

    assert (await anonymous.query("usernameAvailable", username="weather")).value is False
    assert (await anonymous.query("usernameAvailable", username="climate")).value is True


async def test_a_profile_keeps_what_is_not_mentioned_and_clears_what_is_empty(people):
    ann = await people("ann")
    everything = {
        "firstName": " Ann ",
        "lastName": "Smith",
        "location": "Ghent",
        "description": "Measures rain.",
        "twitterHandle": "ann",
        "gitHubHandle": "ann-g",
        "website": "https://ann.example",
        "nameIsPublic": True,
    }
    selection = " ".join(everything)

    full = await ann.mutate("updateMe", selection, value=everything)
    kept = await ann.mutate("updateMe", selection, value={"location": None, "nameIsPublic": None})
    emptied = await ann.mutate(
        "updateMe",
        selection,
        value=dict.fromkeys(set(everything) - {"nameIsPublic"}, "") | {"nameIsPublic": False},
    )

    assert full.value == everything | {"firstName": "Ann"}
    assert kept.value == full.value
    names_stay = {"firstName": "Ann", "lastName": "Smith", "nameIsPublic": False}
    assert emptied.value == dict.fromkeys(everything) | names_stay


@pytest.mark.parametrize("shown", [None, "Ann's things"])
async def test_a_renamed_catalog_is_shown_by_its_new_name_unless_it_has_another(people, shown):
    ann = await people("ann")
    if shown:
        change = {"displayName": shown}
        own = {"catalogSlug": "ann"}
        await ann.mutate("updateCatalog", "displayName", identifier=own, value=change)

    await ann.mutate("updateMe", "username", value={"username": "anna"})

    (catalog,) = (await ann.query("myCatalogs", "identifier { catalogSlug } displayName")).value
    assert catalog == {"identifier": {"catalogSlug": "anna"}, "displayName": shown or "anna"}


async def test_a_new_username_is_lower_case_and_renames_the_catalog(people, anonymous):
    ann = await people("ann")
    ref = await make_package(ann, "ann", "rain")

    renamed = await ann.mutate("updateMe", "username", value={"username": "Ann-Marie"})

    moved = {**ref, "catalogSlug": "ann-marie"}
    selection = "identifier { catalogSlug }"
    assert renamed.value == {"username": "ann-marie"}
    found = (await ann.query("package", selection, identifier=moved)).value
    assert found == {"identifier": {"catalogSlug": "ann-marie"}}
    lost = await ann.query("package", selection, identifier=ref)
    assert lost.error.message == "CATALOG_NOT_FOUND"
    assert (await anonymous.query("usernameAvailable", username="ann")).value is True


async def test_without_mail_a_new_address_counts_at_once(people, anonymous):
    ann = await people("ann")

    value = {"emailAddress": "ann@elsewhere.example"}
    changed = await ann.mutate("updateMe", "emailAddress", value=value)

    assert changed.value == value
    login = {"username": "ann@elsewhere.example", "password": PASSWORD}
    assert (await anonymous.mutate("login", **login)).value


async def test_one_may_take_the_name_that_one_has(people):
    ann = await people("ann")

    again = {"username": "ANN", "emailAddress": "Ann@example.org"}
    result = await ann.mutate("updateMe", "username emailAddress", value=again)

    assert result.value == {"username": "ann", "emailAddress": "Ann@example.org"}


async def test_one_document_may_give_a_new_name_and_a_new_password(people, anonymous):
    ann = await people("ann")
    document = """mutation ($value: UpdateMyPasswordInput!) {
        updateMe(value: {username: "anna"}) { username }
        updateMyPassword(value: $value)
    }"""

    wrong = {"oldPassword": "wrong horse 1", "newPassword": "another horse 7"}
    refused = await ann.send(document, value=wrong)
    changed = await ann.send(document, value={**wrong, "oldPassword": PASSWORD})

    assert refused.error.message == "WRONG_CREDENTIALS"
    assert changed.errors == []
    login = {"username": "anna", "password": "another horse 7"}
    assert (await anonymous.mutate("login", **login)).value


async def test_a_new_password_ends_the_log_in_links_that_wait(registry, people, anonymous):
    ann = await people("ann")
    now = time.time_ns() // 1_000_000
    link = await registry.database.write(administration.make_link, "ann", b"l" * 32, now)
    change = {"oldPassword": PASSWORD, "newPassword": "another horse 7"}

    assert not (await ann.mutate("updateMyPassword", value=change)).errors

    used = await anonymous.mutate("useLoginLink", token=link)
    assert used.error.message == "TOKEN_NOT_VALID"


async def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(people, anonymous):
    ann = await people("ann")
    login = {"username": "ann", "password": PASSWORD}
    other = people.with_token((await anonymous.mutate("login", **login)).value)
    change = {"oldPassword": PASSWORD, "newPassword": "another horse 7"}

    changed = await ann.mutate("updateMyPassword", value=change)

    assert changed.value is None
    assert (await ann.query("me", "username")).value == {"username": "ann"}
    assert (await other.query("me", "username")).status == 401
    assert (await anonymous.mutate("login", **login)).error.message == "WRONG_CREDENTIALS"
    login["password"] = "another horse 7"
    assert (await anonymous.mutate("login", **login)).value


async def test_closing_an_account_ends_all_of_it_and_frees_its_names(people, anonymous):
    ann = await people("ann")
    key = await ann.mutate("createAPIKey", "token", value={"label": "k", "scopes": ALL_SCOPES})
    program = people.with_token(key.value["token"], "api_key")
    await make_catalog(ann, "weather", is_public=True)
    kept = await make_package(ann, "weather", "rain", is_public=True)
    lost = await make_package(ann, "ann", "rain")
    await relieve(ann, people)

    closed = await ann.mutate("disableMe", "username emailAddress")

    assert closed.value["username"].startswith("ann-DISABLED-")
    assert closed.value["emailAddress"].startswith("ann@example.org-DISABLED-")
    assert (await ann.query("me", "username")).status == 401
    assert (await program.query("me", "username")).status == 401
    login = await anonymous.mutate("login", username="ann", password=PASSWORD)
    assert login.error.message == "WRONG_CREDENTIALS"
    shown = await anonymous.query("user", "username", username="ann")
    assert shown.error.message == "USER_NOT_FOUND: ann"
    package = await anonymous.query("package", "creator { username }", identifier=kept)
    assert package.value["creator"] == {"username": closed.value["username"]}
    gone = await anonymous.query("package", "displayName", identifier=lost)
    assert gone.error.message == "CATALOG_NOT_FOUND"
    assert (await sign_up(anonymous, username="ann", emailAddress="ann@example.org")).value


@pytest.mark.parametrize("change", ['{username: "ann"}', '{emailAddress: "ann@example.org"}'])
async def test_a_document_that_closes_an_account_cannot_take_its_names_back(
    people, anonymous, change
):
    await people("administrator")
    ann = await people("ann")

    document = f"mutation {{ disableMe {{ username }} updateMe(value: {change}) {{ username }} }}"
    refused = await ann.send(document)

    assert refused.error.code == "UNAUTHENTICATED"
    assert (await ann.query("me", "username")).value == {"username": "ann"}
    assert not (await ann.mutate("disableMe", "username")).errors
    assert (await sign_up(anonymous, username="ann", emailAddress="ann@example.org")).value


async def test_a_closed_account_is_nobodys_administrator_and_the_next_one_is_neither(
    people, registry
):
    ann = await people("ann")
    await relieve(ann, people, by="bob")
    await ann.mutate("disableMe", "username")
    await people("cleo")

    accounts = await registry.database.read(users.all_users)

    found = [(account.username, account.is_admin) for account in accounts]
    assert found == [("bob", True), ("cleo", False)]


async def test_a_name_can_be_closed_and_taken_again_any_number_of_times(people, anonymous):
    await people("ann")
    for _ in range(3):
        token = (await sign_up(anonymous)).value
        closed = await people.with_token(token).mutate("disableMe", "username")
        assert closed.value["username"].startswith("Zoe-DISABLED-")


async def test_what_was_disabled_a_moment_ago_stands_in_no_ones_way(people):
    ann = await people("ann")
    # The fields of one document all happen in one moment.
    fields = [
        'createCatalog(value: {slug: "weather", displayName: "", isPublic: true}) { displayName }',
        'createPackage(value: {catalogSlug: "weather", packageSlug: "rain", displayName: ""})'
        " { displayName }",
        'disablePackage(identifier: {catalogSlug: "weather", packageSlug: "rain"}) { displayName }',
        'createPackage(value: {catalogSlug: "weather", packageSlug: "rain", displayName: ""})'
        " { displayName }",
        'disableCatalog(identifier: {catalogSlug: "weather"}) { displayName }',
    ]
    body = " ".join(f"f{number}: {field}" for number, field in enumerate(fields * 2))

    result = await ann.send(f"mutation {{ {body} }}")

    assert result.errors == []


async def test_a_suspended_user_cannot_log_in_nor_go_on(people, anonymous, registry):
    ann = await people("ann")
    key = await ann.mutate("createAPIKey", "token", value={"label": "k", "scopes": ALL_SCOPES})
    program = people.with_token(key.value["token"], "api_key")

    await registry.database.write(lambda tx: tx.run(SUSPEND, name="ann"))

    assert (await ann.query("me", "username")).status == 401
    assert (await program.query("me", "username")).status == 401
    right = await anonymous.mutate("login", username="ann", password=PASSWORD)
    wrong = await anonymous.mutate("login", username="ann", password="not the one 1")
    assert (right.error.message, right.error.code) == ("ACCOUNT_SUSPENDED", "UNAUTHENTICATED")
    assert wrong.error.message == "WRONG_CREDENTIALS"


async def test_a_key_is_shown_once_and_listed_without_its_secret(people, registry):
    ann = await people("ann")
    selection = "id label secret token scopes createdAt"

    made = await ann.mutate(
        "createAPIKey", selection, value={"label": "laptop", "scopes": ALL_SCOPES}
    )
    listed = await ann.query("myAPIKeys", "id label scopes createdAt lastUsed")

    key = made.value
    pair = f"{key['id']}.{key['secret']}".encode()
    assert key["token"] == base64.b64encode(pair).decode()
    assert key["secret"].startswith("ltr_")
    assert len(key["secret"]) == 4 + 43 + 6
    del key["secret"], key["token"]
    assert listed.value == [{**key, "lastUsed": None}]
    assert set(registry.engine.schema.get_type("APIKey").fields) == set(listed.value[0])


async def test_a_key_that_was_used_says_when(people, registry):
    ann = await people("ann")
    key = await ann.mutate("createAPIKey", "token", value={"label": "k", "scopes": ALL_SCOPES})

    await people.with_token(key.value["token"], "api_key").query("me", "username")
    await registry.last_uses.settle()

    assert (await ann.query("myAPIKeys", "lastUsed")).value[0]["lastUsed"] is not None


@pytest.mark.parametrize("kind", ["api_key", "bearer"])
async def test_a_key_is_accepted_in_either_header(people, kind):
    ann = await people("ann")
    key = await ann.mutate("createAPIKey", "token", value={"label": "k", "scopes": ALL_SCOPES})

    me = await people.with_token(key.value["token"], kind).query("me", "username")

    assert me.value == {"username": "ann"}


async def test_a_session_is_no_key_and_a_key_no_session(people):
    ann = await people("ann")
    key = await ann.mutate("createAPIKey", "token", value={"label": "k", "scopes": ALL_SCOPES})

    assert (await people.with_token(ann.token, "api_key").query("me", "username")).status == 401
    by_cookie = people.with_token(key.value["token"], "session")
    assert (await by_cookie.query("me", "username")).status == 401


async def test_a_key_mistyped_in_one_letter_is_refused(people, registry):
    ann = await people("ann")
    key = await ann.mutate("createAPIKey", "id secret", value={"label": "k", "scopes": ALL_SCOPES})
    secret = key.value["secret"]

    for place in range(4, len(secret)):
        letter = "A" if secret[place] != "A" else "B"
        mistyped = f"{key.value['id']}.{secret[:place]}{letter}{secret[place + 1 :]}"
        token = base64.b64encode(mistyped.encode()).decode()
        assert (await people.with_token(token).query("me", "username")).status == 401


async def test_two_people_may_use_one_label(people):
    value = {"label": "laptop", "scopes": ALL_SCOPES}

    for name in ("ann", "bob"):
        made = await (await people(name)).mutate("createAPIKey", "label", value=value)
        assert made.value == {"label": "laptop"}


async def test_log_out_with_a_key_ends_nothing(people):
    ann = await people("ann")
    key = await ann.mutate("createAPIKey", "token", value={"label": "k", "scopes": ALL_SCOPES})
    program = people.with_token(key.value["token"], "api_key")

    assert (await program.mutate("logout")).value is None

    assert (await program.query("me", "username")).value == {"username": "ann"}
    assert (await ann.query("me", "username")).value == {"username": "ann"}


async def test_no_secret_reaches_the_file_or_the_log(people, anonymous, registry, caplog):
    caplog.set_level(logging.DEBUG)
    ann = await people("ann")
    value = {"label": "k", "scopes": ALL_SCOPES}
    key = (await ann.mutate("createAPIKey", "secret token", value=value)).value
    change = {"oldPassword": PASSWORD, "newPassword": "another horse 7"}
    await ann.mutate("updateMyPassword", value=change)
    await anonymous.mutate("login", username="ann", password="another horse 7")
    await anonymous.mutate("login", username="ann", password="guessed horse 1")
    await people.with_token(key["token"], "api_key").query("me", "username")
    secrets = [
        PASSWORD,
        "another horse 7",
        "guessed horse 1",
        ann.token,
        key["token"],
        key["secret"],
    ]

    file = registry.database.path
    stored = b"".join(p.read_bytes() for p in file.parent.iterdir() if p.is_file())

    assert b"ann@example.org" in stored
    assert [secret for secret in secrets if secret.encode() in stored] == []
    assert [secret for secret in secrets if secret in caplog.text] == []

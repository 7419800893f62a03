"""The main job, from sign-up to reading back, through the API."""

from tests.client import ALL_SCOPES, make_catalog, make_package, package_file, publish


async def test_a_person_signs_up_publishes_and_reads_back(people, anonymous):
    ann = await people("ann")
    await make_catalog(ann, "weather", is_public=True)
    ref = await make_package(ann, "weather", "rain", is_public=True)
    text = package_file()

    published = await publish(ann, ref, text)
    read = await anonymous.query(
        "package",
        "displayName creator { username } catalog { displayName } "
        "latestVersion { packageFile author { username } package { displayName } }",
        identifier=ref,
    )

    assert published.value["identifier"] == {
        "versionMajor": 1,
        "versionMinor": 0,
        "versionPatch": 0,
    }
    assert read.value == {
        "displayName": "Rain",
        "creator": {"username": "ann"},
        "catalog": {"displayName": "Weather"},
        "latestVersion": {
            "packageFile": text,
            "author": {"username": "ann"},
            "package": {"displayName": "Rain"},
        },
    }


async def test_an_api_key_stands_for_its_user_until_it_is_deleted(people):
    ann = await people("ann")
    key = (
        await ann.mutate(
            "createAPIKey", "id secret token", value={"label": "laptop", "scopes": ALL_SCOPES}
        )
    ).value
    program = people.with_token(key["token"], "api_key")

    assert (await program.query("me", "username")).value == {"username": "ann"}
    await ann.mutate("deleteAPIKey", "id", id=key["id"])
    refused = await program.query("me", "username")

    assert refused.status == 401
    assert "API_KEY_NOT_FOUND" in refused.error.message
    assert refused.error.code == "UNAUTHENTICATED"


async def test_log_in_and_log_out(people, anonymous):
    await people("ann")

    token = (await anonymous.mutate("login", username="ANN", password="correct horse 9")).value
    session = people.with_token(token)
    assert (await session.query("me", "username")).value == {"username": "ann"}
    assert (await session.mutate("logout")).value is None
    refused = await session.query("me", "username")

    assert refused.status == 401


async def test_a_wrong_password_and_an_unknown_user_read_alike(people, anonymous):
    await people("ann")

    wrong = await anonymous.mutate("login", username="ann", password="wrong horse 9")
    unknown = await anonymous.mutate("login", username="bob", password="wrong horse 9")

    assert wrong.error.message == unknown.error.message == "WRONG_CREDENTIALS"
    assert wrong.error.code == "UNAUTHENTICATED"


async def test_the_first_account_is_the_administrator(people, registry):
    await people("ann")
    await people("bob")

    from litereg.registry.users import queries

    admins = {u.username: u.is_admin for u in await registry.database.read(queries.all_users)}
    assert admins == {"ann": True, "bob": False}

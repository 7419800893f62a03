"""API keys in pages: the journey to a key, the one time it is shown, and its end."""

import re
import shlex

import pytest

from tests.client import PASSWORD

PATH = "/me/api-keys"
ANN = {"username": "ann", "emailAddress": "ann@example.org", "password": PASSWORD}
COPIED = re.compile(r'data-copy="([^"]+)"')


def commands(page):
    """Return what the buttons of a page copy."""
    return [text.replace("&#39;", "'").replace("&#34;", '"') for text in COPIED.findall(page)]


@pytest.fixture
async def ann(site, people):
    """The caller ann, who is logged in to the site."""
    ann = await people("ann")
    await site.log_in("ann")
    return ann


async def test_the_journey_to_a_key_that_works(site, people):
    home = await site.get("/")
    assert '<a class="button" href="/sign-up">Sign up</a>' in home.page
    await site.post("/sign-up", ANN)
    await site.post("/log-out", {})
    assert ">Log in</a>" in (await site.get("/")).page
    await site.log_in("ann")
    menu = (await site.get("/")).page.partition("<summary")[2]
    assert f'<a href="{PATH}">API Keys</a>' in menu
    assert "Create API Key</button>" in (await site.get(PATH)).page

    made = await site.post(PATH, {"label": "workstation 7"})

    assert made.status == 200
    add, export, curl, token = commands(made.page)
    assert add == f"datapm registry add {site.url} {token}"
    assert export == f"export LITEREG_URL={site.url} LITEREG_KEY={token}"
    assert shlex.split(curl)[:4] == ["curl", f"{site.url}/graphql", "-H", f"X-API-Key: {token}"]
    me = await people.with_token(token, "api_key").query("me", "username")
    assert me.value == {"username": "ann"}


async def test_a_key_is_shown_once_and_kept_by_nobody(site, ann):
    made = await site.post(PATH, {"label": "workstation 7"})
    token = commands(made.page)[-1]
    later = await site.get(PATH)

    assert made.headers["Cache-Control"] == "no-store"
    assert "Location" not in made.headers
    assert token in made.page
    assert token not in later.page
    assert "workstation 7" in later.page
    assert "never" in later.page


async def test_the_last_use_of_a_key_is_shown(site, ann, people, registry):
    made = await site.post(PATH, {"label": "workstation 7"})
    await people.with_token(commands(made.page)[-1], "api_key").query("me", "username")
    await registry.last_uses.settle()

    page = await site.get(PATH)

    assert "never" not in page.page


async def test_a_name_that_is_there_already_can_be_typed_again(site, ann):
    await site.post(PATH, {"label": "workstation 7"})

    again = await site.post(PATH, {"label": "workstation 7"})

    assert again.status == 400
    assert "You have a key of that name already." in again.page
    assert commands(again.page) == []
    assert len((await ann.query("myAPIKeys", "id")).value) == 1


async def test_a_key_without_a_name_is_not_made(site, ann):
    refused = await site.post(PATH, {"label": "  "})

    assert refused.status == 400
    assert (await ann.query("myAPIKeys", "id")).value == []


async def test_a_deleted_key_lets_nobody_in(site, ann, people):
    made = await site.post(PATH, {"label": "workstation 7"})
    key_id = re.search(r'name="id" value="([^"]+)"', made.page)[1]

    deleted = await site.post(f"{PATH}/delete", {"id": key_id})

    assert deleted.headers["Location"] == f"{PATH}?notice=deleted"
    assert "workstation 7" not in (await site.get(PATH)).page
    me = await people.with_token(commands(made.page)[-1], "api_key").query("me", "username")
    assert me.status == 401


async def test_nobody_sees_or_deletes_the_keys_of_somebody_else(site, ann, people):
    bob = await people("bob")
    scopes = ["MANAGE_API_KEYS", "READ_PRIVATE_ASSETS", "MANAGE_PRIVATE_ASSETS"]
    value = {"label": "of bob", "scopes": scopes}
    key = (await bob.mutate("createAPIKey", "id", value=value)).value

    deleted = await site.post(f"{PATH}/delete", {"id": key["id"]})

    assert deleted.status == 404
    assert "of bob" not in (await site.get(PATH)).page
    assert len((await bob.query("myAPIKeys", "id")).value) == 1


@pytest.mark.parametrize("path", [PATH, f"{PATH}/delete"])
async def test_another_site_cannot_send_the_forms(site, ann, path):
    refused = await site.post(path, {"label": "x"}, headers={"Sec-Fetch-Site": "cross-site"})

    assert refused.status == 403
    assert (await ann.query("myAPIKeys", "id")).value == []


async def test_people_who_are_not_logged_in_are_asked_to(site):
    page = await site.get(PATH)
    sent = await site.post(PATH, {"label": "x"})

    assert (page.status, sent.status) == (403, 403)
    assert "/log-in?next=%2Fme%2Fapi-keys" in page.page


async def test_a_name_cannot_become_markup(site, ann):
    made = await site.post(PATH, {"label": '"><script>alert(1)</script>'})

    assert made.status == 200
    assert "<script>alert" not in made.page

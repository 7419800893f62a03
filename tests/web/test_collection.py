"""The page of a collection, and what those who may can change about it."""

import pytest

from tests.client import make_package
from tests.web.shelf import shelve


@pytest.fixture
async def ann(people):
    ann = await people("ann")
    await shelve(ann)
    await make_package(ann, "weather", "apples", is_public=True, displayName="Apples")
    value = {"collectionSlug": "wet", "name": "Wet things", "isPublic": True}
    await ann.mutate("createCollection", "name", value=value)
    return ann


async def test_packages_are_added_ordered_and_removed(site, ann):
    await site.log_in("ann")

    for name in ("weather/rain", "http://127.0.0.1/weather/apples/"):
        added = await site.post("/collection/wet/add", {"package": name})
        assert added.headers["Location"] == "/collection/wet?notice=added"
    as_added = (await site.get("/collection/wet")).page
    by_name = (await site.get("/collection/wet?order=name")).page
    removed = await site.post("/collection/wet/remove", {"package": "weather/rain"})
    after = (await site.get("/collection/wet")).page

    assert as_added.index("/weather/rain") < as_added.index("/weather/apples")
    assert by_name.index("/weather/apples") < by_name.index("/weather/rain")
    assert removed.headers["Location"] == "/collection/wet?notice=removed"
    assert 'href="/weather/rain"' not in after


async def test_a_stranger_sees_a_collection_and_no_buttons(site, ann):
    await site.log_in("ann")
    await make_package(ann, "weather", "secret")
    for name in ("rain", "secret"):
        await site.post("/collection/wet/add", {"package": f"weather/{name}"})
    await site.post("/log-out", {})

    page = (await site.get("/collection/wet")).page

    assert 'href="/weather/rain"' in page
    assert "secret" not in page
    assert 'action="/collection/wet' not in page


@pytest.mark.parametrize(
    ("name", "status", "words"),
    [
        ("weather/nothing", 404, "There is no package of that name."),
        ("rain", 400, "Choose a name"),
        ("", 400, "Choose a name"),
        ("weather/<script>x</script>", 400, "The name in the address takes"),
    ],
)
async def test_a_package_that_is_none_is_refused_in_words(site, ann, name, status, words):
    await site.log_in("ann")

    refused = await site.post("/collection/wet/add", {"package": name})

    assert refused.status == status
    assert words in refused.page
    assert "<script>x" not in refused.page


async def test_names_of_packages_are_suggested(site, ann):
    page = (await site.get("/search/package-names?package=weather%2Fap")).page
    nothing = (await site.get("/search/package-names")).page

    assert '<option value="weather/apples">Apples</option>' in page
    assert "<option" not in nothing


async def test_the_only_manager_of_a_collection_is_offered_no_way_out(site, people, ann):
    await people("bea")
    await site.log_in("ann")
    await site.post("/collection/wet/members", {"user": "bea", "permissions": "EDIT"})

    page = (await site.get("/collection/wet/members")).page

    assert "as the only one: let another user manage it before ann gives it up" in page
    assert "Remove ann" not in page
    assert "Remove bea" in page


async def test_a_collection_is_edited_shared_closed_and_disabled(site, people, ann):
    await people("bea")
    await site.log_in("ann")
    form = {"name": "Damp", "description": "", "newCollectionSlug": "damp"}

    edited = await site.post("/collection/wet/edit", form)
    shared = await site.post("/collection/damp/members", {"user": "bea", "permissions": "MANAGE"})
    closed = await site.post("/collection/damp/visibility", {"public": "no"})
    await site.post("/log-out", {})
    hidden = await site.get("/collection/damp")
    await site.log_in("bea")
    members = await site.get("/collection/damp/members")
    left = await site.post("/collection/damp/members/remove", {"user": "bea"})
    await site.log_in("ann")
    disabled = await site.post("/collection/damp/disable", {})
    gone = await site.get("/collection/damp")

    assert edited.headers["Location"] == "/collection/damp/edit?notice=saved"
    assert shared.headers["Location"] == "/collection/damp/members?notice=saved"
    assert closed.headers["Location"] == "/collection/damp?notice=closed"
    assert hidden.status == 403
    assert 'href="/user/bea"' in members.page
    assert left.headers["Location"] == "/me?notice=saved"
    assert disabled.headers["Location"] == "/me?notice=disabled"
    assert gone.status == 404


@pytest.mark.parametrize("path", ["add", "remove", "edit", "members", "disable", "visibility"])
async def test_strangers_and_other_sites_can_change_nothing(site, people, ann, path):
    await people("bea")
    form = {"package": "weather/rain", "name": "x", "user": "bea", "permissions": "MANAGE"}

    anonymous = await site.post(f"/collection/wet/{path}", form)
    await site.log_in("bea")
    stranger = await site.post(f"/collection/wet/{path}", form)
    await site.log_in("ann")
    other_site = await site.post(
        f"/collection/wet/{path}", form, headers={"Sec-Fetch-Site": "cross-site"}
    )

    assert (anonymous.status, stranger.status, other_site.status) == (403, 403, 403)
    found = await ann.query(
        "collection",
        "name isPublic packages { displayName }",
        identifier={"collectionSlug": "wet"},
    )
    assert found.value == {"name": "Wet things", "isPublic": True, "packages": []}

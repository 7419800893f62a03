"""The page of a catalog, and what those who may can change about it."""

import base64
import io

import pytest
from PIL import Image

from tests.client import make_catalog, make_package
from tests.web.shelf import HOSTILE, shelve


@pytest.fixture
async def ann(people):
    return await people("ann")


async def test_a_catalog_shows_what_the_viewer_may_open(site, ann):
    await shelve(ann)
    await make_package(ann, "weather", "secret")

    stranger = (await site.get("/weather")).page
    await site.log_in("ann")
    owner = (await site.get("/weather")).page

    assert 'href="/weather/rain"' in stranger
    assert "/weather/secret" not in stranger
    assert "/catalog/weather/edit" not in stranger
    assert "Make private" not in stranger
    assert 'href="/weather/secret"' in owner
    assert "/catalog/weather/members" in owner
    assert "Make private" in owner


async def test_a_private_catalog_is_shown_to_its_people_only(site, people, ann):
    await people("bea")
    await shelve(ann, is_public=False)

    anonymous = await site.get("/weather")
    await site.log_in("bea")
    stranger = await site.get("/weather")

    assert (anonymous.status, stranger.status) == (403, 403)
    assert "Weather" not in anonymous.page + stranger.page


async def test_a_catalog_without_words_leads_whoever_may_to_writing_them(site, people, ann):
    await people("bea")
    await make_catalog(ann, "weather", is_public=True)
    link = 'it yet. <a href="/catalog/weather/edit">Say what is in it</a>'

    await site.log_in("ann")
    owner = (await site.get("/weather")).page
    await site.log_in("bea")
    other = (await site.get("/weather")).page

    assert link in owner
    assert "Nobody has said anything about it yet.</p>" in other


async def test_the_packages_of_a_catalog_are_turned_by_links(site, ann):
    await make_catalog(ann, "many", is_public=True)
    for number in range(21):
        await make_package(ann, "many", f"p{number}", is_public=True)

    first, second = (await site.get("/many")).page, (await site.get("/many?page=2")).page

    assert first.count('href="/many/p') == 20
    assert 'href="/many?page=2"' in first
    assert second.count('href="/many/p') == 1


async def test_the_texts_of_a_catalog_are_changed_by_a_form(site, ann):
    await make_catalog(ann, "weather", is_public=True)
    await site.log_in("ann")
    form = {"displayName": "Wet", "description": HOSTILE, "website": "", "newSlug": "wet"}

    sent = await site.post("/catalog/weather/edit", form)
    page = (await site.get("/wet")).page

    assert sent.headers["Location"] == "/catalog/wet/edit?notice=saved"
    assert "<h1>Wet" in page
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


async def test_what_is_refused_stays_typed(site, ann):
    await make_catalog(ann, "weather")
    await make_catalog(ann, "snow")
    await site.log_in("ann")

    sent = await site.post("/catalog/weather/edit", {"displayName": "Wet", "newSlug": "snow"})

    assert sent.status == 400
    assert "Another catalog has that name." in sent.page
    assert 'value="Wet"' in sent.page
    assert 'value="snow"' in sent.page


async def test_a_button_opens_and_closes_a_catalog(site, ann, anonymous):
    ref = {"catalogSlug": "weather"}
    await make_catalog(ann, "weather")
    await site.log_in("ann")

    opened = await site.post("/catalog/weather/visibility", {"public": "yes"})
    seen = await anonymous.query("catalog", "isPublic", identifier=ref)
    await site.post("/catalog/weather/visibility", {"public": "no"})
    hidden = await anonymous.query("catalog", "isPublic", identifier=ref)

    assert opened.headers["Location"] == "/weather?notice=opened"
    assert seen.value == {"isPublic": True}
    assert hidden.error.message == "NOT_AUTHENTICATED"


async def test_members_are_added_changed_and_removed(site, people, ann):
    await people("bea")
    await make_catalog(ann, "weather")
    await site.log_in("ann")
    form = {"user": "bea", "permissions": "EDIT", "packagePermissions": ""}

    added = await site.post("/catalog/weather/members", form)
    with_bea = (await site.get("/catalog/weather/members")).page
    await site.post("/catalog/weather/members/remove", {"user": "bea"})
    without = (await site.get("/catalog/weather/members")).page

    assert added.headers["Location"] == "/catalog/weather/members?notice=saved"
    assert 'href="/user/bea"' in with_bea
    assert "Permission of bea" in with_bea
    assert '<option value="EDIT" selected>' in with_bea
    assert "/user/bea" not in without


async def test_the_last_manager_cannot_leave(site, ann):
    await make_catalog(ann, "weather")
    await site.log_in("ann")

    refused = await site.post("/catalog/weather/members/remove", {"user": "ann"})

    assert refused.status == 400
    assert "Somebody has to manage it" in refused.page
    assert 'href="/user/ann"' in refused.page


async def test_the_only_manager_is_offered_no_way_out_until_there_is_another(site, people, ann):
    await people("bea")
    await make_catalog(ann, "weather")
    await site.log_in("ann")

    alone = (await site.get("/catalog/weather/members")).page
    await site.post("/catalog/weather/members", {"user": "bea", "permissions": "MANAGE"})
    both = (await site.get("/catalog/weather/members")).page

    assert "as the only one: let another user manage it before ann gives it up" in alone
    assert "Remove ann" not in alone
    assert "Permission of ann" not in alone
    assert "as the only one" not in both
    assert "Remove ann" in both
    assert "Permission of ann" in both


async def test_nobody_is_offered_to_leave_their_own_catalog(site, people, ann):
    await people("bea")
    await site.log_in("ann")
    await site.post("/catalog/ann/members", {"user": "bea", "permissions": "MANAGE"})

    page = (await site.get("/catalog/ann/members")).page

    assert "always, as it is ann" in page
    assert "Remove ann" not in page
    assert "Remove bea" in page


async def test_nobody_of_that_name_is_said_in_words(site, ann):
    await make_catalog(ann, "weather")
    await site.log_in("ann")

    refused = await site.post("/catalog/weather/members", {"user": "nobody", "permissions": "VIEW"})

    assert refused.status == 404
    assert "There is no user of that name." in refused.page
    assert 'value="nobody"' in refused.page


MANAGED = ("edit", "members", "disable")


@pytest.mark.parametrize("path", MANAGED)
async def test_strangers_open_none_of_the_rooms(site, people, ann, path):
    await people("bea")
    await make_catalog(ann, "weather", is_public=True)

    anonymous = await site.get(f"/catalog/weather/{path}")
    await site.log_in("bea")
    stranger = await site.get(f"/catalog/weather/{path}")

    assert (anonymous.status, stranger.status) == (403, 403)
    assert '<form method="post" action="/catalog' not in anonymous.page + stranger.page


@pytest.mark.parametrize("path", ["edit", "visibility", "members", "members/remove", "disable"])
async def test_another_site_can_change_nothing(site, ann, path):
    await make_catalog(ann, "weather")
    await site.log_in("ann")
    form = {"displayName": "x", "public": "yes", "user": "ann", "permissions": "VIEW"}

    refused = await site.post(
        f"/catalog/weather/{path}", form, headers={"Sec-Fetch-Site": "cross-site"}
    )

    assert refused.status == 403
    found = await ann.query(
        "catalog", "displayName isPublic", identifier={"catalogSlug": "weather"}
    )
    assert found.value == {"displayName": "Weather", "isPublic": False}


async def test_disabling_asks_first(site, ann):
    await shelve(ann)
    await site.log_in("ann")

    asked = await site.get("/catalog/weather/disable")
    still_there = await site.get("/weather")
    done = await site.post("/catalog/weather/disable", {})
    gone = await site.get("/weather")

    assert "all its packages" in asked.page
    assert still_there.status == 200
    assert done.headers["Location"] == "/me?notice=disabled"
    assert gone.status == 404


async def test_a_picture_is_put_on_a_catalog(site, ann):
    await make_catalog(ann, "weather", is_public=True)
    await site.log_in("ann")
    file = io.BytesIO()
    Image.new("RGB", (40, 40), "red").save(file, "PNG")
    file.seek(0)

    sent = await site.post("/catalog/weather/avatar", {"image": file})
    broken = await site.post("/catalog/weather/cover", {"image": io.BytesIO(b"no picture")})
    shown = await site.get("/images/catalog/weather/avatar")

    assert sent.headers["Location"] == "/catalog/weather/edit?notice=saved"
    assert shown.content_type == "image/png"
    assert broken.status == 400
    assert "PNG, JPEG or BMP" in broken.page
    assert base64.b64encode(b"no picture").decode() not in broken.page


async def test_a_picture_is_taken_away_again_by_those_who_may(site, ann, people):
    await make_catalog(ann, "weather", is_public=True)
    await people("bob")
    file = io.BytesIO()
    Image.new("RGB", (40, 40), "red").save(file, "PNG")
    image = {"base64": base64.b64encode(file.getvalue()).decode()}
    identifier = {"catalogSlug": "weather"}
    await ann.mutate("setCatalogAvatarImage", identifier=identifier, image=image)
    await site.log_in("bob")
    refused = await site.post("/catalog/weather/avatar/remove", {})
    before = await site.get("/images/catalog/weather/avatar")
    await site.log_in("ann")
    assert (
        'action="/catalog/weather/avatar/remove"' in (await site.get("/catalog/weather/edit")).page
    )

    sent = await site.post("/catalog/weather/avatar/remove", {})
    after = await site.get("/images/catalog/weather/avatar")

    assert (refused.status, before.status) == (403, 200)
    assert sent.headers["Location"] == "/catalog/weather/edit?notice=removed"
    assert after.status == 404

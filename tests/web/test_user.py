"""A user's page: what everybody sees, what only they see themselves."""

import pytest

from tests.client import make_catalog, make_package

PROFILE = {
    "firstName": "Ann",
    "lastName": "Onymous",
    "location": "Lisbon",
    "website": "https://ann.example",
    "gitHubHandle": "ann-hub",
    "twitterHandle": "ann-bird",
    "description": "Counts rain drops.",
}
SHOWN = {
    "nameIsPublic": "Onymous",
    "locationIsPublic": "Lisbon",
    "websiteIsPublic": "https://ann.example",
    "emailAddressIsPublic": "ann@example.org",
    "gitHubHandleIsPublic": "ann-hub",
    "twitterHandleIsPublic": "ann-bird",
}


@pytest.fixture
async def ann(people):
    ann = await people("ann")
    assert not (await ann.mutate("updateMe", "username", value=PROFILE)).errors
    return ann


async def test_strangers_see_nothing_that_was_not_made_public(site, ann):
    page = (await site.get("/user/ann")).page

    assert "Counts rain drops." in page
    assert [text for text in SHOWN.values() if text in page] == []
    assert "only you see this" not in page
    assert "/me/profile" not in page


@pytest.mark.parametrize("flag", SHOWN)
async def test_what_is_made_public_is_shown_and_nothing_else(site, ann, flag):
    await ann.mutate("updateMe", "username", value={flag: True})

    page = (await site.get("/user/ann")).page

    assert {text for text in SHOWN.values() if text in page} == {SHOWN[flag]}


async def test_ones_own_page_shows_all_and_says_who_sees_it(site, ann):
    await ann.mutate("updateMe", "username", value={"locationIsPublic": True})
    await site.log_in("ann")

    page = (await site.get("/user/ANN")).page

    assert [text for text in SHOWN.values() if text not in page] == []
    assert page.count("only you see this") == len(SHOWN) - 1
    assert '<a class="button" href="/me/profile">Edit profile</a>' in page


async def test_no_page_shows_what_its_reader_may_not_open(site, ann, people):
    await make_catalog(ann, "open-shelf", is_public=True)
    await make_catalog(ann, "hidden-shelf")
    await make_package(ann, "open-shelf", "open-rain", is_public=True)
    await make_package(ann, "open-shelf", "hidden-rain")
    await make_package(ann, "hidden-shelf", "other-rain", is_public=True)
    for slug, is_public in (("open-set", True), ("hidden-set", False)):
        value = {"collectionSlug": slug, "name": slug, "isPublic": is_public}
        await ann.mutate("createCollection", "name", value=value)

    stranger = (await site.get("/user/ann")).page
    await people("bob")
    await site.log_in("bob")
    known = (await site.get("/user/ann")).page
    await site.log_in("ann")
    own = (await site.get("/user/ann")).page

    for page in (stranger, known):
        assert "/open-shelf/open-rain" in page
        assert "/collection/open-set" in page
        assert "hidden-" not in page
        assert "other-rain" not in page
    for name in ("hidden-shelf", "hidden-rain", "other-rain", "hidden-set"):
        assert name in own


async def test_long_lists_come_in_pages(site, ann):
    await make_catalog(ann, "shelf", is_public=True)
    for number in range(21):
        await make_package(ann, "shelf", f"rain-{number:02}", is_public=True)

    first = (await site.get("/user/ann")).page
    second = (await site.get("/user/ann?page=2")).page
    third = (await site.get("/user/ann?page=3")).page

    assert "/shelf/rain-20" in first and "/shelf/rain-00" not in first
    assert '<a rel="next" href="/user/ann?page=2">' in first
    assert "/shelf/rain-00" in second and "/shelf/rain-20" not in second
    assert "There is no such page." in third


@pytest.mark.parametrize("page", ["0", "-1", "x", "²", "9999999999", ""])
async def test_a_page_number_that_is_none_is_the_first(site, ann, page):
    response = await site.get(f"/user/ann?page={page}")

    assert response.status == 200
    assert "There is no such page." not in response.page


@pytest.mark.parametrize("name", ["bob", "a--b", "a<script>"])
async def test_a_user_who_is_not_there_is_not_found(site, name):
    response = await site.get(f"/user/{name}")

    assert response.status in (400, 404)
    assert "<script>" not in response.page


async def test_only_addresses_of_the_web_are_links(site, ann):
    value = {"website": "javascript:alert(1)//https://x", "websiteIsPublic": True}
    await ann.mutate("updateMe", "username", value=value)

    page = (await site.get("/user/ann")).page

    assert "javascript:alert" in page
    assert 'href="javascript' not in page.lower()


async def test_a_profile_cannot_become_markup(site, ann):
    markup = "<script>alert(1)</script>"
    value = dict.fromkeys((*PROFILE, "location"), markup) | {"gitHubHandle": "<b>"}
    value |= dict.fromkeys(SHOWN, True) | {"firstName": "<script>alert(1)"}
    assert not (await ann.mutate("updateMe", "username", value=value)).errors

    page = (await site.get("/user/ann")).page

    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    assert "<b>" not in page

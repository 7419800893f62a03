"""One's own pages: profile, pictures, password, the end of an account; and a first catalog."""

import base64
import re

import aiohttp
import pytest

from tests.client import PASSWORD, make_catalog, make_package, relieve

NEW_PASSWORD = "another horse 8"
PROFILE = {"username": "ann", "emailAddress": "ann@example.org"}
FORMS = (
    "/me/profile",
    "/me/profile/avatar",
    "/me/profile/cover",
    "/me/password",
    "/me/close",
    "/new/catalog",
)
PAGES = ("/me", "/me/profile", "/me/password", "/me/close", "/new/catalog")
# One red pixel.
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC"
)


@pytest.fixture
async def ann(site, people):
    """The caller ann, who is logged in to the site."""
    ann = await people("ann")
    await site.log_in("ann")
    return ann


def with_file(content, name="image"):
    form = aiohttp.FormData()
    form.add_field(name, content, filename="picture.png", content_type="image/png")
    return form


@pytest.mark.parametrize("path", PAGES)
async def test_people_who_are_not_logged_in_are_asked_to(site, path):
    page = await site.get(path)

    assert page.status == 403
    assert "Log in first." in page.page
    assert f"/log-in?next={path.replace('/', '%2F')}" in page.page


@pytest.mark.parametrize("path", FORMS)
async def test_forms_of_other_sites_and_of_strangers_change_nothing(site, people, path):
    ann = await people("ann")
    typed = PROFILE | {"location": "Lisbon", "newPassword": NEW_PASSWORD, "slug": "shelf"}
    stranger = await site.post(path, typed)
    await site.log_in("ann")
    crossed = await site.post(path, typed, headers={"Sec-Fetch-Site": "cross-site"})

    assert (stranger.status, crossed.status) == (403, 403)
    assert (await ann.query("me", "username location")).value["location"] is None
    assert len((await ann.query("myCatalogs", "displayName")).value) == 1


async def test_a_profile_is_changed_and_shown_as_it_is(site, ann):
    typed = {"firstName": "Ann", "location": "Lisbon", "locationIsPublic": "on"}

    sent = await site.post("/me/profile", PROFILE | typed)
    page = (await site.get("/me/profile?notice=saved")).page

    assert sent.headers["Location"] == "/me/profile?notice=saved"
    assert "Saved." in page
    me = (await ann.query("me", "firstName location locationIsPublic nameIsPublic")).value
    assert me["firstName"] == "Ann"
    assert me["locationIsPublic"] is True
    assert me["nameIsPublic"] is False
    assert 'value="Lisbon"' in page
    assert 'name="locationIsPublic" value="on" checked' in page


async def test_what_is_left_empty_is_cleared_and_what_is_not_ticked_hidden(site, ann):
    await site.post("/me/profile", PROFILE | {"location": "Lisbon", "locationIsPublic": "on"})

    await site.post("/me/profile", PROFILE | {"location": ""})

    me = (await ann.query("me", "location locationIsPublic")).value
    assert me == {"location": None, "locationIsPublic": False}


async def test_saving_leaves_a_name_as_it_was_written(site, people):
    ann = await people("AnnOnymous")
    await site.log_in("AnnOnymous")

    typed = {"username": "AnnOnymous", "emailAddress": "ann@example.org", "location": "Lisbon"}
    await site.post("/me/profile", typed)

    me = (await ann.query("me", "username location")).value
    assert me == {"username": "AnnOnymous", "location": "Lisbon"}


async def test_a_new_name_leads_on_under_that_name(site, ann):
    await site.post("/me/profile", PROFILE | {"username": "anna"})

    page = await site.get("/user/anna")

    assert page.status == 200
    assert "Account of anna" in page.page


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("username", "bob", "That name is taken."),
        ("username", "", "Choose a user name."),
        ("emailAddress", "bob@example.org", "Another account has that e-mail address."),
        ("firstName", "x" * 31, "too long"),
    ],
)
async def test_a_refused_profile_can_be_typed_again(site, ann, people, field, typed, sentence):
    await people("bob")

    sent = await site.post("/me/profile", PROFILE | {"location": "Lisbon", field: typed})

    assert sent.status == 400
    below = sent.page.partition(f'<small id="{field}-hint">')[2].partition("</small>")[0]
    assert sentence in below
    assert 'value="Lisbon"' in sent.page
    assert (await ann.query("me", "location")).value["location"] is None


@pytest.mark.parametrize("kind", ["avatar", "cover"])
async def test_a_picture_is_uploaded_and_seen(site, ann, kind):
    before = await site.get(f"/images/user/ann/{kind}")

    sent = await site.post(f"/me/profile/{kind}", with_file(PNG))
    after = await site.get(f"/images/user/ann/{kind}")

    assert before.status == 404
    assert sent.headers["Location"] == "/me/profile?notice=saved"
    assert after.status == 200
    assert after.headers["Content-Type"] == "image/png"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"<svg onload='alert(1)'/>", "PNG, JPEG or BMP"), (b"", "Choose a picture first.")],
)
async def test_what_is_no_picture_is_refused_beside_its_field(site, ann, content, sentence):
    sent = await site.post("/me/profile/avatar", with_file(content))

    assert sent.status == 400
    assert sentence in sent.page
    assert (await site.get("/images/user/ann/avatar")).status == 404


async def test_a_stranger_cannot_send_a_large_file(open_site, people):
    await people("ann")
    site = await open_site(max_body_bytes_anonymous=1_000)
    large = PNG + bytes(2_000)

    stranger = await site.post("/me/profile/avatar", with_file(large))
    await site.log_in("ann")
    known = await site.post("/me/profile/avatar", with_file(large))

    assert stranger.status == 413
    assert known.status == 303


async def test_what_is_too_large_is_told_in_units_of_people(open_site, people):
    await people("ann")
    site = await open_site(max_body_bytes=4096)
    await site.log_in("ann")

    refused = await site.post("/me/profile/avatar", with_file(PNG + bytes(4096)))

    assert refused.status == 413
    assert "longer than 4 KiB" in refused.page
    assert "4096" not in refused.page


async def test_a_page_may_ask_for_nothing_in_the_place_of_a_picture(site):
    response = await site.get("/images/user/nobody/cover?blank")

    assert response.status == 200
    assert response.content_type == "image/svg+xml"
    assert 'width="0"' in response.page


async def test_a_new_password_ends_other_sessions_and_keeps_this_one(site, open_site, ann):
    elsewhere = await open_site()
    await elsewhere.log_in("ann")

    sent = await site.post("/me/password", {"oldPassword": PASSWORD, "newPassword": NEW_PASSWORD})

    assert sent.headers["Location"] == "/me/password?notice=password-changed"
    assert (await site.get("/me/password")).status == 200
    assert (await elsewhere.get("/me/password")).status == 403
    old = await elsewhere.post("/log-in", {"username": "ann", "password": PASSWORD})
    new = await elsewhere.post("/log-in", {"username": "ann", "password": NEW_PASSWORD})
    assert (old.status, new.status) == (403, 303)


@pytest.mark.parametrize(
    ("old", "new", "field", "sentence"),
    [
        ("wrong horse 9", NEW_PASSWORD, "oldPassword", "That is not your password."),
        (PASSWORD, "short", "newPassword", "at least 8 characters"),
        (PASSWORD, "lettersonly", "newPassword", "a digit or one of"),
    ],
)
async def test_a_refused_password_says_which_and_shows_none(site, ann, old, new, field, sentence):
    sent = await site.post("/me/password", {"oldPassword": old, "newPassword": new})

    assert sent.status in (400, 403)
    below = sent.page.partition(f'<small id="{field}-hint">')[2].partition("</small>")[0]
    assert sentence in below
    assert old not in sent.page
    assert f'value="{new}"' not in sent.page


async def test_an_account_is_closed_by_typing_its_name(site, ann, people):
    await relieve(ann, people)
    page = await site.get("/me/close")
    assert "The registry needs an administrator" not in page.page
    assert 'action="/me/close"' in page.page

    wrong = await site.post("/me/close", {"username": "bob"})
    assert wrong.status == 400
    assert (await ann.query("me", "username")).value == {"username": "ann"}

    closed = await site.post("/me/close", {"username": "Ann"})

    assert closed.headers["Location"] == "/?notice=account-closed"
    assert site.cookie("litereg_session") is None
    assert (await ann.query("me", "username")).status == 401
    assert (await site.get("/user/ann")).status == 404


async def test_the_last_administrator_reads_why_the_account_stays_open(site, ann):
    page = await site.get("/me/close")
    refused = await site.post("/me/close", {"username": "ann"})

    assert (page.status, refused.status) == (200, 400)
    for shown in (page.page, refused.page):
        assert shown.count("The registry needs an administrator") == 1
        assert "Type your user name" not in shown
        assert 'action="/me/close"' not in shown
    assert (await site.get("/me")).status == 200


async def test_an_empty_page_of_ones_own_says_what_to_do_next(site, ann):
    page = (await site.get("/me")).page

    assert "You have not published anything yet." in page
    assert 'href="/new/package"' in page
    assert 'href="/new/catalog"' in page
    assert '<a href="/ann">ann</a>' in page


async def test_ones_own_page_shows_what_is_ones_own(site, ann, people):
    bob = await people("bob")
    await make_catalog(bob, "of-bob", is_public=True)
    await make_package(bob, "of-bob", "bobs-rain", is_public=True)
    await make_catalog(ann, "of-ann")
    await make_package(ann, "of-ann", "anns-rain")
    value = {"collectionSlug": "ann-set", "name": "Ann's set"}
    await ann.mutate("createCollection", "name", value=value)

    page = (await site.get("/me")).page

    for own in ("/of-ann", "/of-ann/anns-rain", "/collection/ann-set"):
        assert f'href="{own}"' in page
    assert "bob" not in page


async def test_what_others_share_is_told_from_what_is_ones_own(site, ann, people):
    bob = await people("bob")
    await make_catalog(bob, "of-bob")
    rain = await make_package(bob, "of-bob", "bobs-rain")
    await make_package(ann, "ann", "anns-rain")
    value = {"username": "ann", "permissions": ["VIEW"]}
    await bob.mutate("setPackagePermissions", "username", identifier=rain, value=value)
    member = {"usernameOrEmailAddress": "ann", "permission": ["EDIT"], "packagePermissions": []}
    identifier = {"catalogSlug": "of-bob"}
    await bob.mutate("setUserCatalogPermission", identifier=identifier, value=[member])

    page = (await site.get("/me")).page

    items = {item.partition('href="')[2].partition('"')[0]: item for item in page.split("<li>")}
    # Whoever may edit a catalog may edit its packages.
    assert "you may edit" in items["/of-bob/bobs-rain"]
    assert 'made by <a href="/user/bob">bob</a>' in items["/of-bob/bobs-rain"]
    assert "you may edit" in items["/of-bob"]
    for own in ("/ann/anns-rain", "/ann"):
        assert "you may" not in items[own]
        assert "made by" not in items[own]


async def test_a_catalog_is_made(site, ann):
    made = await site.post("/new/catalog", {"slug": "rain-data", "isPublic": "on"})

    assert made.headers["Location"] == "/rain-data?notice=created"
    identifier = {"catalogSlug": "rain-data"}
    catalog = await ann.query("catalog", "displayName isPublic", identifier=identifier)
    assert catalog.value == {"displayName": "rain-data", "isPublic": True}


@pytest.mark.parametrize(
    ("slug", "sentence"),
    [
        ("", "Choose a name for the address."),
        ("a--b", "letters, digits and single hyphens"),
        ("admin", "needs that name for itself"),
        ("ann", "Another catalog has that name."),
    ],
)
async def test_a_catalog_that_cannot_be_made_can_be_typed_again(site, ann, slug, sentence):
    refused = await site.post("/new/catalog", {"slug": slug, "description": "Drops <b>"})

    assert refused.status == 400
    below = re.search(r'<small id="slug-hint">(.*?)</small>', refused.page, re.DOTALL)[1]
    assert sentence in below
    assert "Drops &lt;b&gt;" in refused.page

"""Pictures from upload to address: who may set them, who may see them, what is taken."""

import base64
import io
import json
from contextlib import asynccontextmanager

import aiohttp
import pytest
from PIL import Image

from litereg import app
from litereg.server.runner import serving
from litereg.settings import Settings
from litereg.store import Query
from tests.client import ALL_SCOPES, make_catalog, make_package, relieve

CATALOG = {"catalogSlug": "weather"}
PACKAGE = {"catalogSlug": "weather", "packageSlug": "rain"}
COLLECTION = {"collectionSlug": "rainy"}

# Mutation, what it names, the address, the size.
SUBJECTS = [
    ("setCatalogCoverImage", CATALOG, "/images/catalog/weather/cover", (1000, 500)),
    ("setCatalogAvatarImage", CATALOG, "/images/catalog/weather/avatar", (500, 500)),
    ("setPackageCoverImage", PACKAGE, "/images/package/weather/rain/cover", (1000, 500)),
    ("setCollectionCoverImage", COLLECTION, "/images/collection/rainy/cover", (1000, 500)),
]
MINE = [
    ("setMyCoverImage", "/images/user/ann/cover", (1000, 500)),
    ("setMyAvatarImage", "/images/user/ann/avatar", (500, 500)),
]
CONTENTS = Query(int, "SELECT count(*) FROM content", scans="it is a test's")


def png(colour="red", size=(4, 2)):
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "PNG")
    return file.getvalue()


def upload(body):
    return {"base64": base64.b64encode(body).decode()}


RED, BLUE = upload(png("red")), upload(png("blue"))


class Gallery:
    """A registry that is served, with ann's private things in it, and whoever looks at them."""

    def __init__(self, registry, people, url, session):
        self.registry = registry
        self.people = people
        self._url = url
        self._session = session

    async def look(self, path, caller=None, **options):
        """Return status and file of a picture."""
        if caller is not None and caller.token:
            options["headers"] = {"Authorization": f"Bearer {caller.token}"}
        async with self._session.get(self._url + path, **options) as response:
            return response.status, await response.read()

    async def post(self, request, caller):
        """Return the answer to a GraphQL request over HTTP."""
        body = io.BytesIO(json.dumps(request).encode())
        headers = {"Authorization": f"Bearer {caller.token}", "Content-Type": "application/json"}
        url = f"{self._url}/graphql"
        async with self._session.post(url, data=body, headers=headers) as response:
            return await response.json()

    async def colour(self, path, caller=None):
        status, body = await self.look(path, caller)
        assert status == 200, body
        return Image.open(io.BytesIO(body)).getpixel((3, 3))

    async def contents(self):
        return await self.registry.database.read(lambda tx: tx.one(CONTENTS))


@asynccontextmanager
async def open_gallery(registry, people):
    settings = Settings(port=0)
    application = app.create_app(settings, registry)
    async with serving(application, settings) as url, aiohttp.ClientSession() as session:
        yield Gallery(registry, people, url, session)


@pytest.fixture
async def ann(people):
    ann = await people("ann")
    await make_catalog(ann, "weather")
    await make_package(ann, "weather", "rain")
    value = {"collectionSlug": "rainy", "name": "Rainy"}
    assert not (await ann.mutate("createCollection", "name", value=value)).errors
    return ann


@pytest.fixture
async def gallery(registry, people, ann):
    async with open_gallery(registry, people) as gallery:
        yield gallery


async def set_picture(caller, field, identifier, image):
    args = {"identifier": identifier} if identifier else {}
    return await caller.mutate(field, image=image, **args)


@pytest.mark.parametrize(("field", "path", "size"), MINE)
async def test_everybody_sees_a_users_pictures(gallery, ann, field, path, size):
    done = await ann.mutate(field, image=RED)

    status, body = await gallery.look(path)
    assert done.value is None
    assert status == 200
    assert Image.open(io.BytesIO(body)).size == size
    assert (await gallery.look(path.replace("ann", "ANN")))[1] == body


@pytest.mark.parametrize(("field", "identifier", "path", "size"), SUBJECTS)
async def test_a_private_things_picture_is_for_those_who_may_open_it(
    gallery, ann, people, field, identifier, path, size
):
    assert (await gallery.look(path, ann))[0] == 404

    done = await set_picture(ann, field, identifier, RED)

    status, body = await gallery.look(path, ann)
    assert done.value is None
    assert status == 200
    assert Image.open(io.BytesIO(body)).size == size
    for stranger in (None, await people("bob")):
        assert (await gallery.look(path, stranger))[0] == 404
    unknown = path.replace("weather", "unknown").replace("rainy", "unknown")
    missing = await gallery.look(unknown)
    assert missing == await gallery.look(path)


async def test_what_is_made_public_shows_its_pictures(gallery, ann):
    for field, identifier, _, _ in SUBJECTS:
        await set_picture(ann, field, identifier, RED)
    public = {"value": {"isPublic": True}}

    await ann.mutate("updateCatalog", "isPublic", identifier=CATALOG, **public)
    await ann.mutate("updatePackage", "isPublic", identifier=PACKAGE, **public)
    await ann.mutate("updateCollection", "isPublic", identifier=COLLECTION, **public)

    assert [(await gallery.look(path))[0] for _, _, path, _ in SUBJECTS] == [200] * 4


async def test_a_key_and_a_cookie_show_pictures_too(gallery, ann):
    field, identifier, path, _ = SUBJECTS[0]
    await set_picture(ann, field, identifier, RED)
    key = {"label": "laptop", "scopes": ALL_SCOPES}
    token = (await ann.mutate("createAPIKey", "token", value=key)).value["token"]

    assert (await gallery.look(path, headers={"X-API-Key": token}))[0] == 200
    assert (await gallery.look(path, cookies={"litereg_session": ann.token}))[0] == 200
    await ann.mutate("logout")
    assert (await gallery.look(path, cookies={"litereg_session": ann.token}))[0] == 404
    assert (await gallery.look(path, ann))[0] == 401


@pytest.mark.parametrize(("field", "identifier", "path", "size"), SUBJECTS)
async def test_only_editors_set_pictures(gallery, ann, people, field, identifier, path, size):
    bob = await people("bob")
    unlimited = upload(png(size=(5000, 1)))

    for image in (RED, unlimited):
        nobody = await set_picture(people.anonymous, field, identifier, image)
        stranger = await set_picture(bob, field, identifier, image)
        assert (nobody.error.message, nobody.status) == ("NOT_AUTHENTICATED", 200)
        assert (stranger.error.message, stranger.error.code) == ("NOT_AUTHORIZED", "FORBIDDEN")

    assert (await gallery.look(path, ann))[0] == 404


@pytest.mark.parametrize(("granted", "may"), [("VIEW", False), ("EDIT", True), ("MANAGE", True)])
async def test_a_permission_on_a_package_is_one_on_its_cover(gallery, ann, people, granted, may):
    bob = await people("bob")
    field, identifier, path, _ = SUBJECTS[2]
    value = {"username": "bob", "permissions": [granted]}
    await ann.mutate("setPackagePermissions", "username", identifier=identifier, value=value)

    done = await set_picture(bob, field, identifier, RED)

    assert [error.message for error in done.errors] == ([] if may else ["NOT_AUTHORIZED"])
    assert (await gallery.look(path, bob))[0] == (200 if may else 404)


@pytest.mark.parametrize("field", [field for field, _, _ in MINE])
async def test_a_picture_of_oneself_needs_somebody(anonymous, field):
    refused = await anonymous.mutate(field, image=RED)

    assert refused.error.message == "NOT_AUTHENTICATED"


@pytest.mark.parametrize(
    ("field", "identifier", "reason"),
    [
        ("setCatalogCoverImage", {"catalogSlug": "unknown"}, "CATALOG_NOT_FOUND"),
        ("setPackageCoverImage", PACKAGE | {"packageSlug": "unknown"}, "PACKAGE_NOT_FOUND"),
        ("setPackageCoverImage", PACKAGE | {"catalogSlug": "unknown"}, "CATALOG_NOT_FOUND"),
        ("setCollectionCoverImage", {"collectionSlug": "unknown"}, "COLLECTION_NOT_FOUND"),
    ],
)
async def test_what_is_not_there_has_no_picture(ann, field, identifier, reason):
    refused = await set_picture(ann, field, identifier, RED)

    assert refused.error.message == reason


@pytest.mark.parametrize(
    ("image", "reason"),
    [
        ({"base64": ""}, "IMAGE_NOT_INITIALIZED"),
        ({"base64": "data:image/png;base64,"}, "IMAGE_NOT_INITIALIZED"),
        ({"base64": "data:image/svg+xml;base64,AAAA"}, "IMAGE_FORMAT_NOT_SUPPORTED"),
        (upload(b"<svg/>"), "IMAGE_FORMAT_NOT_SUPPORTED"),
        (upload(b"GIF89a"), "IMAGE_FORMAT_NOT_SUPPORTED"),
        (upload(png()[:45]), "IMAGE_FORMAT_NOT_SUPPORTED"),
        (upload(png(size=(4097, 1))), "IMAGE_TOO_LARGE"),
        (upload(bytes(10_000_001)), "IMAGE_TOO_LARGE"),
    ],
)
async def test_what_is_no_image_is_refused_as_an_error_of_the_field(gallery, ann, image, reason):
    await ann.mutate("setMyAvatarImage", image=RED)

    refused = await ann.mutate("setMyAvatarImage", image=image)

    assert refused.status == 200
    assert refused.error.message.startswith(reason)
    assert refused.error.code == "GRAPHQL_VALIDATION_FAILED"
    assert refused.error.path == ["setMyAvatarImage"]
    assert refused.data == {"setMyAvatarImage": None}
    assert await gallery.colour("/images/user/ann/avatar") == (255, 0, 0)


async def test_no_image_at_all_cannot_run(ann):
    refused = await ann.send("mutation { setMyAvatarImage }")

    assert refused.status == 400


async def test_an_image_can_stand_in_the_document(gallery, ann):
    image = f'{{base64: "{RED["base64"]}"}}'
    document = f"mutation {{ setMyAvatarImage(image: {image}) }}"

    assert (await ann.send(document)).errors == []

    assert await gallery.colour("/images/user/ann/avatar") == (255, 0, 0)


async def test_two_pictures_can_be_set_at_once(gallery, ann):
    document = """mutation($image: Base64ImageUpload!) {
        setMyAvatarImage(image: $image) setMyCoverImage(image: $image)
    }"""

    assert (await ann.send(document, image=BLUE)).errors == []

    for _, path, _ in MINE:
        assert await gallery.colour(path) == (0, 0, 255)


async def test_a_new_picture_takes_the_place_of_the_old_one(gallery, ann):
    field, identifier, path, _ = SUBJECTS[0]
    await set_picture(ann, field, identifier, RED)
    before = await gallery.contents()

    await set_picture(ann, field, identifier, BLUE)

    assert await gallery.colour(path, ann) == (0, 0, 255)
    assert await gallery.contents() == before


async def test_a_picture_that_others_have_too_stays_with_them(gallery, ann):
    (cover, identifier, cover_path, _), _, (package_cover, package, package_path, _), _ = SUBJECTS
    await set_picture(ann, cover, identifier, RED)
    before = await gallery.contents()
    await set_picture(ann, package_cover, package, RED)
    assert await gallery.contents() == before

    await set_picture(ann, cover, identifier, BLUE)

    assert await gallery.colour(package_path, ann) == (255, 0, 0)
    assert await gallery.colour(cover_path, ann) == (0, 0, 255)


async def test_the_same_picture_again_changes_nothing(gallery, ann):
    for _ in range(2):
        await ann.mutate("setMyAvatarImage", image=RED)

    assert await gallery.colour("/images/user/ann/avatar") == (255, 0, 0)


async def test_a_catalogs_avatar_can_be_taken_away(gallery, ann, people):
    field, identifier, path, _ = SUBJECTS[1]
    before = await gallery.contents()
    await set_picture(ann, field, identifier, RED)

    refused = await (await people("bob")).mutate("deleteCatalogAvatarImage", identifier=CATALOG)
    assert refused.error.message == "NOT_AUTHORIZED"
    assert (await gallery.look(path, ann))[0] == 200
    for _ in range(2):
        deleted = await ann.mutate("deleteCatalogAvatarImage", identifier=CATALOG)
        assert deleted.value is None

    assert (await gallery.look(path, ann))[0] == 404
    assert await gallery.contents() == before


async def test_a_picture_follows_a_new_name_and_goes_with_what_is_disabled(gallery, ann):
    field, identifier, path, _ = SUBJECTS[2]
    await set_picture(ann, field, identifier, RED)
    renamed = {**PACKAGE, "packageSlug": "snow"}

    value = {"newPackageSlug": "snow"}
    await ann.mutate("updatePackage", "displayName", identifier=identifier, value=value)

    assert (await gallery.look(path, ann))[0] == 404
    new_path = path.replace("/rain/", "/snow/")
    assert (await gallery.look(new_path, ann))[0] == 200
    await ann.mutate("disablePackage", "displayName", identifier=renamed)
    assert (await gallery.look(new_path, ann))[0] == 404


async def test_who_has_left_has_no_pictures(gallery, ann, people):
    await ann.mutate("setMyAvatarImage", image=RED)
    await relieve(ann, people)

    await ann.mutate("disableMe", "username")

    assert (await gallery.look("/images/user/ann/avatar"))[0] == 404


async def test_a_large_photograph_arrives_over_http(gallery, ann):
    noise = Image.effect_noise((2400, 1600), 90).convert("RGB")
    file = io.BytesIO()
    noise.save(file, "JPEG", quality=95)
    assert len(file.getvalue()) > 2_000_000
    document = "mutation($i: Base64ImageUpload!) { setMyCoverImage(image: $i) }"
    sent = {"query": document, "variables": {"i": upload(file.getvalue())}}

    answer = await gallery.post(sent, ann)

    assert answer == {"data": {"setMyCoverImage": None}}

    status, body = await gallery.look("/images/user/ann/cover")
    assert status == 200
    assert len(body) < 1_000_000

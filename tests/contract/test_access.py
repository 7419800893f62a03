"""Who may do what: each viewer, each operation, each choice of what is public."""

import itertools

import pytest
import pytest_asyncio

from tests.client import make_package, package_file
from tests.contract.shelves import (
    ALL_OPENNESS,
    EVERYBODY,
    Openness,
    make_shelf,
    sign_up,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

OWNER = {"owner"}
CATALOG_MANAGERS = OWNER | {"catalog-manager"}
CATALOG_EDITORS = CATALOG_MANAGERS | {"catalog-editor"}
CATALOG_VIEWERS = CATALOG_EDITORS | {"catalog-viewer", "none-on-package"}
PACKAGE_MANAGERS = CATALOG_MANAGERS | {"package-manager"}
PACKAGE_EDITORS = CATALOG_EDITORS | PACKAGE_MANAGERS | {"package-editor"}
PACKAGE_VIEWERS = CATALOG_VIEWERS | PACKAGE_EDITORS | {"package-viewer"}

# Operation → who may do it, whatever is public. Nobody else may change anything, ever.
MAY = {
    "read catalog": CATALOG_VIEWERS,
    "read package": PACKAGE_VIEWERS,
    "read version": PACKAGE_VIEWERS,
    "read file": PACKAGE_VIEWERS,
    "update catalog": CATALOG_EDITORS,
    "disable catalog": CATALOG_MANAGERS,
    "create package": CATALOG_EDITORS,
    "update package": PACKAGE_EDITORS,
    "disable package": PACKAGE_MANAGERS,
    "create version": PACKAGE_EDITORS,
    "disable version": PACKAGE_EDITORS,
    "move package out": PACKAGE_EDITORS,
    "move package in": CATALOG_EDITORS,
}

# Operation → whether everybody may do it, known or not.
OPEN = {
    "read catalog": lambda openness: openness.catalog,
    "read package": lambda openness: openness.catalog and openness.package,
    "read version": lambda openness: openness.catalog and openness.package,
    "read file": lambda openness: openness.catalog and openness.package,
}


async def perform(operation, caller, shelf, home):
    """Let *caller*, whose own catalog is *home*, do something to the shelf."""
    match operation:
        case "read catalog":
            return await caller.query("catalog", "displayName", identifier=shelf.catalog)
        case "read package":
            return await caller.query("package", "displayName", identifier=shelf.package)
        case "read version":
            return await caller.query("version", "createdAt", identifier=shelf.version)
        case "read file":
            selection = "latestVersion { packageFile } versions { packageFile }"
            return await caller.query("package", selection, identifier=shelf.package)
        case "update catalog":
            change = {"displayName": "Changed", "isPublic": True}
            return await caller.mutate(
                "updateCatalog", "displayName", identifier=shelf.catalog, value=change
            )
        case "disable catalog":
            return await caller.mutate("disableCatalog", "displayName", identifier=shelf.catalog)
        case "create package":
            new = {**shelf.catalog, "packageSlug": "new", "displayName": "New"}
            return await caller.mutate("createPackage", "displayName", value=new)
        case "update package":
            change = {"displayName": "Changed", "isPublic": True}
            return await caller.mutate(
                "updatePackage", "displayName", identifier=shelf.package, value=change
            )
        case "disable package":
            return await caller.mutate("disablePackage", "displayName", identifier=shelf.package)
        case "create version":
            return await caller.mutate(
                "createVersion",
                "createdAt",
                identifier=shelf.package,
                value={"packageFile": package_file("2.0.0", properties=("city",))},
            )
        case "disable version":
            return await caller.mutate("disableVersion", identifier=shelf.version)
        case "move package out":
            change = {"newCatalogSlug": home, "newPackageSlug": f"from-{shelf.slug}"}
            return await caller.mutate(
                "updatePackage", "displayName", identifier=shelf.package, value=change
            )
        case "move package in":
            change = {"newCatalogSlug": shelf.slug, "newPackageSlug": "moved"}
            ref = {"catalogSlug": home, "packageSlug": f"for-{shelf.slug}"}
            if caller.name == home:
                await make_package(caller, home, ref["packageSlug"])
            return await caller.mutate("updatePackage", "displayName", identifier=ref, value=change)
    raise ValueError(operation)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def callers(shared_people):
    return await sign_up(shared_people)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shelves(shared_registry, callers):
    """A shelf for each choice of what is public, for whatever leaves it as it is."""
    return {
        openness: await make_shelf(shared_registry, f"shelf-{number}", openness)
        for number, openness in enumerate(ALL_OPENNESS)
    }


fresh = itertools.count()


@pytest.mark.parametrize("openness", ALL_OPENNESS, ids=str)
@pytest.mark.parametrize("operation", MAY)
@pytest.mark.parametrize("who", EVERYBODY)
async def test_everybody_may_do_what_was_granted_and_nothing_else(
    shared_registry, callers, shelves, who, operation, openness
):
    is_open = operation in OPEN and OPEN[operation](openness)
    allowed = who != "closed" and (is_open or who in MAY[operation])
    changes = allowed and operation not in OPEN
    slug = f"fresh-{next(fresh)}"
    shelf = await make_shelf(shared_registry, slug, openness) if changes else shelves[openness]
    before = await as_the_owner_sees_it(callers["owner"], shelf)
    home = who if who not in ("anonymous", "closed") else "stranger"

    result = await perform(operation, callers[who], shelf, home)

    if who == "closed":
        assert result.status == 401
        assert result.error.code == "UNAUTHENTICATED"
    elif not allowed:
        refusal = ("NOT_AUTHORIZED", "FORBIDDEN")
        if who == "anonymous":
            refusal = ("NOT_AUTHENTICATED", "UNAUTHENTICATED")
        assert (result.error.message, result.error.code) == refusal
    else:
        assert result.errors == []
    after = await as_the_owner_sees_it(callers["owner"], shelf)
    assert (after != before) == changes


async def as_the_owner_sees_it(owner, shelf):
    selection = (
        "displayName isPublic packages { identifier { packageSlug } displayName isPublic "
        "updatedAt versions { identifier { versionMajor } } }"
    )
    seen = await owner.query("catalog", selection, identifier=shelf.catalog)
    return seen.body


@pytest.mark.parametrize(
    ("who", "on_catalog", "on_package"),
    [
        ("owner", ["MANAGE", "VIEW", "EDIT"], ["MANAGE", "VIEW", "EDIT"]),
        ("catalog-editor", ["EDIT"], ["EDIT"]),
        ("catalog-viewer", ["VIEW"], ["VIEW"]),
        ("none-on-package", ["VIEW"], ["VIEW", "NONE"]),
    ],
)
async def test_what_one_may_do_is_told(callers, shelves, who, on_catalog, on_package):
    shelf = shelves[Openness(catalog=False, package=False)]
    selection = "myPermissions catalog { myPermissions }"

    result = await callers[who].query("package", selection, identifier=shelf.package)

    assert result.value == {
        "myPermissions": on_package,
        "catalog": {"myPermissions": on_catalog},
    }


async def test_who_may_open_only_a_package_sees_no_more_of_its_catalog_than_the_name(
    shared_registry, callers
):
    shelf = await make_shelf(shared_registry, "quiet", Openness(catalog=False, package=False))
    described = {"displayName": "Secret plans", "description": "b", "website": "c"}
    await callers["owner"].mutate(
        "updateCatalog", "displayName", identifier=shelf.catalog, value=described
    )
    await make_package(callers["owner"], "quiet", "hidden")
    selection = (
        "catalog { identifier { catalogSlug } displayName description website isPublic "
        "myPermissions packages { identifier { packageSlug } } }"
    )

    result = await callers["package-viewer"].query("package", selection, identifier=shelf.package)

    assert result.value["catalog"] == {
        "identifier": {"catalogSlug": "quiet"},
        "displayName": "quiet",
        "description": None,
        "website": "",
        "isPublic": False,
        "myPermissions": [],
        "packages": [{"identifier": {"packageSlug": "rain"}}],
    }


async def test_a_stranger_learns_nothing_of_what_a_private_catalog_holds(callers, shelves):
    shelf = shelves[Openness(catalog=False, package=False)]
    absent = {**shelf.package, "packageSlug": "no-such-thing"}

    there = await callers["stranger"].query("package", "displayName", identifier=shelf.package)
    not_there = await callers["stranger"].query("package", "displayName", identifier=absent)

    assert there.body == not_there.body


async def test_making_a_catalog_private_hides_its_packages_and_leaves_their_setting(
    shared_registry, callers
):
    shelf = await make_shelf(shared_registry, "retired", Openness(catalog=True, package=True))

    await callers["owner"].mutate(
        "updateCatalog", "isPublic", identifier=shelf.catalog, value={"isPublic": False}
    )
    stranger = await callers["stranger"].query("package", "isPublic", identifier=shelf.package)
    owner = await callers["owner"].query("package", "isPublic", identifier=shelf.package)

    assert stranger.error.message == "NOT_AUTHORIZED"
    assert owner.value == {"isPublic": True}


FLAGS = {
    "firstName": "nameIsPublic",
    "lastName": "nameIsPublic",
    "location": "locationIsPublic",
    "twitterHandle": "twitterHandleIsPublic",
    "gitHubHandle": "gitHubHandleIsPublic",
    "website": "websiteIsPublic",
    "emailAddress": "emailAddressIsPublic",
}


@pytest.mark.parametrize("shown", [True, False])
@pytest.mark.parametrize(("field", "flag"), FLAGS.items())
async def test_a_private_field_is_shown_to_its_owner_and_to_others_only_when_public(
    callers, shelves, field, flag, shown
):
    text = "shown@example.org" if field == "emailAddress" else "Something private"
    flags = {other: other == flag and shown for other in FLAGS.values()}
    owner = callers["owner"]
    assert not (await owner.mutate("updateMe", "username", value={field: text, **flags})).errors
    shelf = shelves[Openness(catalog=True, package=True)]

    seen = {}
    for who in ("owner", "stranger", "administrator", "anonymous"):
        user = await callers[who].query("user", field, username="owner")
        creator = await callers[who].query(
            "package",
            f"creator {{ {field} }} latestVersion {{ author {{ {field} }} }}",
            identifier=shelf.package,
        )
        seen[who] = {
            user.value[field],
            creator.value["creator"][field],
            creator.value["latestVersion"]["author"][field],
        }

    others = {text if shown else None}
    expected = {"stranger": others, "administrator": others, "anonymous": others}
    assert seen == {"owner": {text}, **expected}

"""What is hidden makes no difference: two registries that differ in nothing else answer alike.

Both begin as copies of one file. In one, little is hidden; in the other, much, behind the same
names and beside what everybody sees: before it, in its midst and after it, by name as well as by
age (`hidden.py`). Each field is called, with everything in its selection, by
everybody who may see none of it, and the answers must be the same: objects, lists, counts, pages,
suggestions, labels, errors.

Whether a name is taken is no secret: who asks by name for a private catalog, collection, or package
in a public catalog is told NOT_AUTHORIZED. What packages a private catalog holds is one.
"""

import shutil
from dataclasses import dataclass, replace

import pytest
import pytest_asyncio
from graphql import GraphQLObjectType, get_named_type

from litereg.app import Registry
from litereg.settings import Settings
from tests.client import (
    ALL_SCOPES,
    PASSWORD,
    Caller,
    People,
    make_catalog,
    make_package,
    package_file,
    publish,
)
from tests.contract.calls import APP, STOP, code_of_now, write
from tests.contract.furnished import Furnished, furnish
from tests.contract.hidden import (
    CATALOGS,
    PACKAGES,
    add,
    collection,
    done,
    grow,
    make_gallery,
    plant_first,
    weed,
)
from tests.contract.shelves import SIGNED_UP
from tests.contract.test_authorisation import CALLED, CALLS, SCHEMA

pytestmark = pytest.mark.asyncio(loop_scope="module")

# Nothing of what is hidden here is shared with any of them; managers manage something else.
WHO = ("anonymous", "stranger", "manager", "administrator")
# Levels of objects below the first one; pages and connections are none.
DEPTH = 3
WIDE = {"max_fields": 5_000, "max_tokens_anonymous": 20_000, "max_tries": 1_000}

# In the one registry something is called after sparrows, in the other after canaries.
HIDDEN = {"little": "Sparrow", "much": "Canary"}


@dataclass(frozen=True)
class Snow(Furnished):
    """A shelf whose package is there in one of the registries only."""

    @property
    def package(self):
        return {"catalogSlug": self.slug, "packageSlug": "snow"}


# The gallery is public and partly hidden, the vault hidden altogether.
GALLERY = Furnished("gallery", True, "no key", "no session", "no ticket")
VAULT = Furnished("vault", False, "no key", "no session", "no ticket")
SHELVES = {
    "gallery": GALLERY,
    "vault": VAULT,
    "snow in the vault": Snow("vault", False, "no key", "no session", "no ticket"),
    "looking for canaries": replace(GALLERY, word="canary"),
    "looking for canaries by their beginning": replace(GALLERY, word="can*"),
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def callers(tmp_path_factory):
    """Return everybody by role, in the one registry and in the other."""
    folder = tmp_path_factory.mktemp("hidden")
    settings = Settings(db=str(folder / "both.db"), password_cost=4, **WIDE)
    registry = await Registry.open(settings)
    people = People(registry)
    for name in SIGNED_UP:
        await people(name)
    await registry.database.write(plant_first, HIDDEN["little"])
    everybody, _ = await furnish(registry, people)
    await make_gallery(everybody["owner"], everybody["administrator"], HIDDEN["little"])
    await registry.close()
    registries, found = [], {}
    for size, word in HIDDEN.items():
        path = folder / f"{size}.db"
        shutil.copyfile(settings.db, path)
        path.chmod(0o600)
        registry = await Registry.open(replace(settings, db=str(path)))
        registries.append(registry)
        found[size] = {
            role: Caller(registry, caller.name, caller.token) for role, caller in everybody.items()
        }
        if size == "little":
            await weed(found[size]["owner"])
        else:
            await grow(found[size]["owner"], word)
        await hide(found[size], People(registry), word)
    yield found
    for registry in registries:
        await registry.close()


async def hide(callers, people, word):
    """Hide things of the owner's, more of them when they are called after canaries."""
    owner = callers["owner"]
    private = ("firstName", "lastName", "location", "twitterHandle", "gitHubHandle", "website")
    profile = dict.fromkeys(private, word) | {"emailAddress": f"{word}@example.org"}
    await done(owner.mutate("updateMe", "username", value=profile))
    await make_catalog(owner, "vault")
    text = {"displayName": word, "description": word, "website": word}
    vault = {"catalogSlug": "vault"}
    await done(owner.mutate("updateCatalog", "displayName", identifier=vault, value=text))
    rain = await make_package(owner, "vault", displayName=word, description=word)
    await publish(owner, rain, package_file(description=word, readmeMarkdown=word))
    await done(owner.mutate("createCollection", "name", value=collection("vault", False, word)))
    if word == HIDDEN["much"]:
        await hide_more(callers, people, word)


async def hide_more(callers, people, word):
    owner, administrator = callers["owner"], callers["administrator"]
    text = {"displayName": word, "description": word}
    rain, snow = (
        {"catalogSlug": "vault", "packageSlug": "rain"},
        await make_package(owner, "vault", "snow", **text),
    )
    await publish(owner, rain, package_file("3.0.0", properties=(word,)))
    await publish(owner, snow, package_file("1.0.0", "snow", properties=(word,)))
    await publish(owner, snow, package_file("1.1.0", "snow", properties=(word, "more")))
    # It is public and its catalog is not; the other way round.
    await done(owner.mutate("updatePackage", "isPublic", identifier=snow, value={"isPublic": True}))
    await make_package(owner, "gallery", "snow", **text)
    await make_catalog(owner, "canaries")
    await make_package(owner, "canaries", is_public=True, **text)
    for catalog, package in (("vault", "rain"), ("vault", "snow"), ("gallery", "snow")):
        await add(owner, "gallery", catalog, package)
        await add(owner, "vault", catalog, package)
    await add(owner, "vault", "gallery", "rain")
    nothing = {
        "usernameOrEmailAddress": "stranger",
        "permission": [],
        "packagePermissions": ["NONE"],
    }
    await done(
        owner.mutate(
            "setUserCatalogPermission", identifier={"catalogSlug": "vault"}, value=[nothing]
        )
    )
    await label_what_gets_hidden(owner, administrator)
    await make_what_is_gone(await people("canary-man"), text)
    key = {"label": word, "scopes": ALL_SCOPES}
    await done(owner.mutate("createAPIKey", "id", value=key))
    login = await callers["anonymous"].mutate("login", username="owner", password=PASSWORD)
    second_step = {"ticket": login.error.extensions["ticket"], "oneTimeCode": code_of_now(APP)}
    await done(callers["anonymous"].mutate("finishLogin", **second_step))


async def label_what_gets_hidden(owner, administrator):
    """Label a package and a version while everybody may see them, and make them private."""
    vault = {"catalogSlug": "vault"}
    document = """
        mutation($rain: PublicPackageInput!, $snow: PublicPackageVersionInput!) {
          customCatalogLabel {
            assignCustomCatalogLabelsToPublicPackage(
              publicPackageLabels: {publicPackage: $rain, labelNames: ["checked"]})
            assignCustomCatalogLabelsToPublicPackageVersion(
              publicPackageVersionLabels: {publicPackageVersion: $snow, labelNames: ["checked"]})
          }
        }
        """
    rain, snow = ({"type": "datapm", "name": f"vault/{slug}"} for slug in ("rain", "snow"))
    ref = {"catalogSlug": "vault", "packageSlug": "rain"}
    for is_public in (True, False):
        change = {"isPublic": is_public}
        await done(owner.mutate("updateCatalog", "isPublic", identifier=vault, value=change))
        await done(owner.mutate("updatePackage", "isPublic", identifier=ref, value=change))
        if is_public:
            version = {"publicPackage": snow, "version": "1.0.0"}
            await done(administrator.send(document, rain=rain, snow=version))


async def make_what_is_gone(man, text):
    """Make something public, and close the account that made it."""
    await make_catalog(man, "canary-cages", is_public=True)
    await make_package(man, "canary-cages", is_public=True, **text)
    await done(man.mutate("createCollection", "name", value=collection("canary-songs", True)))
    for field, name in (("Catalog", "canary-cages"), ("Collection", "canary-songs")):
        identifier = {f"{field.lower()}Slug": name}
        await done(man.mutate(f"delete{field}", identifier=identifier))
    await done(man.mutate("deleteMe"))


def everything(type_, depth=DEPTH):
    """Return a selection of all there is in an object, down to *depth* levels of objects."""
    parts = []
    for name, field in type_.fields.items():
        inner = get_named_type(field.type)
        if not isinstance(inner, GraphQLObjectType):
            parts.append(name)
        elif depth:
            is_wrapper = inner.name.endswith(("Result", "Connection", "Edge"))
            parts.append(f"{name} {{ {everything(inner, depth - (not is_wrapper))} }}")
    return " ".join(parts) or "__typename"


def is_told_more(place, role, shelf):
    """Return whether somebody rightly gets more for an answer when there is more."""
    if role != "administrator":
        return False
    # Administrators find people by what is private, and are not shown it; and they count all.
    return place == "Query.adminStatus" or (place == "Query.adminSearchUsers" and shelf.word)


# A new session has a new name each time.
@pytest.mark.parametrize("place", [place for place in CALLS if place != "Query.login"])
async def test_what_is_hidden_makes_no_difference(callers, place):
    type_name, _, name = place.partition(".")
    type_ = get_named_type(SCHEMA.get_type(type_name).fields[name].type)
    is_query = CALLED[type_name].startswith("query")
    selection = ""
    if isinstance(type_, GraphQLObjectType):
        selection = everything(type_) if is_query else "__typename"
    asked = set()
    for shelf_name, shelf in SHELVES.items():
        for role in WHO:
            path = f"{CALLED[type_name]} {name}"
            document, variables = write(SCHEMA, path, selection, shelf, callers["much"][role])
            if is_told_more(place, role, shelf) or (role, str(variables)) in asked:
                continue
            asked.add((role, str(variables)))
            if not is_query:
                document = f"{document[:-1]} {STOP} }}"
            little, much = [
                (await callers[size][role].send(document, **variables)).body for size in HIDDEN
            ]

            assert much == little, (role, shelf_name)
            assert not any(word in str(much) for word in HIDDEN.values()), (role, shelf_name)


@pytest.mark.parametrize("size", HIDDEN)
async def test_the_owner_sees_what_is_hidden(callers, size):
    """Otherwise nothing would be tested here."""
    owner = callers[size]["owner"]
    word = HIDDEN[size].lower()

    found = await owner.query(
        "searchPackages", "count packages { displayName }", query=word, offSet=0, limit=10
    )
    catalogs = await owner.query("autoComplete", "catalogs { displayName }", startsWith=word)

    planted = len(CATALOGS) + len(PACKAGES)
    assert found.value["count"] == (4 + planted if size == "much" else 1)
    assert catalogs.value["catalogs"]

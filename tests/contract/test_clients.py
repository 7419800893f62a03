"""The documents that published clients send, in our words: each is accepted, and each works.

`clients/first` stands for the client of version 0.3.20, `clients/newest` for that of 0.32.46. Names
of operations, their variables and what they select are the clients'; generated code depends on the
names, scripts on what is selected.
"""

import base64
from pathlib import Path

import pytest
from graphql import OperationDefinitionNode, parse

from litereg.app import make_schema
from litereg.gql.documents import Documents
from litereg.settings import Settings
from tests.client import ALL_SCOPES, PASSWORD, package_file

FOLDER = Path(__file__).parent / "clients"
DOCUMENTS = sorted(FOLDER.glob("*/*.graphql"))

# File → operation, its root field and its variables: all 33 of version 0.3.20.
FIRST = {
    "AddPackageToCollection": (
        "mutation AddPackageToCollection",
        "addPackageToCollection",
        "collectionIdentifier packageIdentifier",
    ),
    "AutoComplete": ("query AutoComplete", "autoComplete", "startsWith"),
    "Catalog": ("query GetCatalog", "catalog", "identifier"),
    "Collection": ("query Collection", "collection", "identifier"),
    "CreateAPIKey": ("mutation CreateAPIKey", "createAPIKey", "value"),
    "CreateCatalog": ("mutation CreateCatalog", "createCatalog", "value"),
    "CreateCollection": ("mutation CreateCollection", "createCollection", "value"),
    "CreateMe": ("mutation CreateMe", "createMe", "value"),
    "CreatePackage": ("mutation CreatePackage", "createPackage", "value"),
    "CreateVersion": ("mutation CreateVersion", "createVersion", "identifier value"),
    "DeleteAPIKey": ("mutation DeleteAPIKey", "deleteAPIKey", "id"),
    "DeleteCollection": ("mutation DisableCollection", "disableCollection", "identifier"),
    "DisableCatalog": ("mutation DisableCatalog", "disableCatalog", "identifier"),
    "DisablePackage": ("mutation DisablePackage", "disablePackage", "identifier"),
    "EmailAddressAvailable": (
        "query EmailAddressAvailable",
        "emailAddressAvailable",
        "emailAddress",
    ),
    "LatestPackages": ("query GetLatestPackages", "latestPackages", "offset limit"),
    "Login": ("mutation Login", "login", "username password"),
    "Logout": ("mutation Logout", "logout", "username password"),
    "Me": ("query Me", "me", ""),
    "MyAPIKeys": ("query MyAPIKeys", "myAPIKeys", ""),
    "MyCatalogs": ("query MyCatalogs", "myCatalogs", ""),
    "Package": ("query Package", "package", "identifier"),
    "SearchCatalogs": ("query SearchCatalogs", "searchCatalogs", "query limit offset"),
    "SearchCollections": ("query SearchCollections", "searchCollections", "query limit offset"),
    "SearchPackages": ("query SearchPackages", "searchPackages", "query limit offset"),
    "UpdateCatalog": ("mutation UpdateCatalog", "updateCatalog", "identifier value"),
    "UpdateCollection": ("mutation UpdateCollection", "updateCollection", "identifier value"),
    "UpdateMe": ("mutation UpdateMe", "updateMe", "value"),
    "UpdateMyPassword": ("mutation UpdateMyPassword", "updateMyPassword", "value"),
    "UpdatePackage": ("mutation UpdatePackage", "updatePackage", "identifier value"),
    "User": ("query User", "user", "username"),
    "UsernameAvailable": ("query UsernameAvailable", "usernameAvailable", "username"),
    "VerifyEmailAddress": ("mutation VerifyEmailAddress", "verifyEmailAddress", "token"),
}

WEATHER = {"catalogSlug": "weather"}
RAIN = {**WEATHER, "packageSlug": "rain"}
WATER = {"collectionSlug": "water"}
VERSION = {**RAIN, "versionMajor": 1, "versionMinor": 0, "versionPatch": 0}
NEXT_VERSION = VERSION | {"versionMinor": 1}
PAGE = {"limit": 10, "offset": 0}
NEW_CATALOG = {"slug": "weather", "displayName": "Weather", "isPublic": True}
NEW_PACKAGE = {**RAIN, "displayName": "Rain", "description": "Rain by city."}
NEW_COLLECTION = {"collectionSlug": "water", "name": "Water"}
NEW_KEY = {"label": "laptop", "scopes": ALL_SCOPES}
LOG_IN = {"username": "bob", "password": PASSWORD}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_published_document_is_accepted_from_anybody(path, schema):
    settings = Settings()

    document = Documents(schema, settings).prepare(
        path.read_text("utf-8"), settings.max_tokens_anonymous
    )

    assert len(document.operations) == 1


def test_the_first_client_sends_these_documents():
    found = {}
    for path in sorted((FOLDER / "first").iterdir()):
        (operation,) = parse(path.read_text("utf-8")).definitions
        assert isinstance(operation, OperationDefinitionNode)
        variables = [v.variable.name.value for v in operation.variable_definitions or ()]
        (field,) = operation.selection_set.selections
        name = f"{operation.operation.value} {operation.name.value}"
        found[path.stem] = (name, field.name.value, " ".join(variables))

    assert found == FIRST


@pytest.fixture(scope="module")
def schema():
    return make_schema()


def usable(key):
    """Return a key as clients build it from what they are given."""
    return base64.b64encode(f"{key['id']}.{key['secret']}".encode()).decode()


class Client:
    """A client of one era: it knows its documents by name and notes which it has sent."""

    def __init__(self, era, people):
        self.people = people
        self.caller = people.anonymous
        self.documents = {path.stem: path for path in (FOLDER / era).iterdir()}
        self.unsent = set(self.documents)

    async def send(self, name, **variables):
        self.unsent.discard(name)
        return await self.caller.send(self.documents[name].read_text("utf-8"), **variables)

    async def run(self, name, **variables):
        """Send a document that must work, and return what its one field gives."""
        result = await self.send(name, **variables)
        assert result.errors == [], name
        (value,) = result.data.values()
        return value

    def log_in(self, token, kind="bearer"):
        self.caller = self.people.with_token(token, kind)


async def test_every_document_of_the_first_client_works(people):
    first = Client("first", people)
    new = {"username": "bob", "emailAddress": "bob@example.org", "password": PASSWORD}
    assert await first.run("UsernameAvailable", username="bob")
    assert await first.run("EmailAddressAvailable", emailAddress="bob@example.org")
    await first.run("CreateMe", value=new)
    first.log_in(await first.run("Login", **LOG_IN))
    key = await first.run("CreateAPIKey", value=NEW_KEY)
    assert [found["id"] for found in await first.run("MyAPIKeys")] == [key["id"]]
    assert (await first.run("UpdateMe", value={"location": "Kiel"}))["location"] == "Kiel"
    assert (await first.run("Me"))["location"] == "Kiel"
    assert (await first.run("User", username="bob"))["username"] == "bob"
    await first.run("CreateCatalog", value=NEW_CATALOG)
    await first.run("UpdateCatalog", identifier=WEATHER, value={"description": "Wet"})
    mine = await first.run("MyCatalogs")
    assert mine[-1]["identifier"] == {
        "registryHostname": "127.0.0.1",
        "registryPort": 4000,
        "catalogSlug": "weather",
    }
    await first.run("CreatePackage", value=NEW_PACKAGE)
    await first.run("UpdatePackage", identifier=RAIN, value={"isPublic": True})
    text = package_file()
    await first.run("CreateVersion", identifier=RAIN, value={"packageFile": text})
    package = await first.run("Package", identifier=RAIN)
    catalog = await first.run("Catalog", identifier=WEATHER)
    for found in (package, *catalog["packages"]):
        assert found["latestVersion"]["packageFile"] == text
    for name in ("SearchPackages", "LatestPackages"):
        query = {"query": "rain"} if name == "SearchPackages" else {}
        assert len((await first.run(name, **query, **PAGE))["packages"]) == 1
    assert len((await first.run("SearchCatalogs", query="wet", **PAGE))["catalogs"]) == 1
    await first.run("CreateCollection", value=NEW_COLLECTION)
    await first.run("AddPackageToCollection", collectionIdentifier=WATER, packageIdentifier=RAIN)
    await first.run("UpdateCollection", identifier=WATER, value={"isPublic": True})
    assert len((await first.run("Collection", identifier=WATER))["packages"]) == 1
    assert (await first.run("SearchCollections", query="water", **PAGE))["count"] == 1
    assert len((await first.run("AutoComplete", startsWith="rai"))["packages"]) == 1
    disabled = await first.run("DeleteCollection", identifier=WATER)
    assert disabled["identifier"]["collectionSlug"].startswith("water-DISABLED-")
    disabled = await first.run("DisablePackage", identifier=RAIN)
    assert disabled["identifier"]["packageSlug"].startswith("rain-DISABLED-")
    assert disabled["latestVersion"]["packageFile"] == text
    disabled = await first.run("DisableCatalog", identifier=WEATHER)
    assert disabled["identifier"]["catalogSlug"].startswith("weather-DISABLED-")
    changed = {"oldPassword": PASSWORD, "newPassword": "another horse 9"}
    await first.run("UpdateMyPassword", value=changed)
    assert (await first.run("DeleteAPIKey", id=key["id"]))["label"] == "laptop"
    refused = await first.send("VerifyEmailAddress", token="unknown")
    assert (refused.error.message, refused.error.code) == ("TOKEN_NOT_VALID", "BAD_USER_INPUT")
    await first.run("Logout", **LOG_IN)
    assert (await first.send("Me")).status == 401

    assert first.unsent == set()


async def test_every_document_of_the_newest_client_works(people, anonymous):
    await people("carl")
    await people("bob")
    newest = Client("newest", people)
    status = await newest.run("RegistryStatus")
    assert status["registryUrl"] == "http://127.0.0.1:4000"
    newest.log_in(await newest.run("Login", **LOG_IN))
    old = await newest.run("CreateAPIKey", value=NEW_KEY)
    # Logging in on a machine that has a key already: the old one goes.
    assert [found["label"] for found in await newest.run("MyAPIKeys")] == ["laptop"]
    await newest.run("DeleteAPIKey", id=old["id"])
    key = await newest.run("CreateAPIKey", value=NEW_KEY)
    await newest.run("Logout", **LOG_IN)
    newest.log_in(usable(key), "api_key")
    me = await newest.run("Me")
    assert (me["isAdmin"], me["user"]["emailAddress"]) == (False, "bob@example.org")
    await newest.run("CreateCatalog", value=NEW_CATALOG | {"unclaimed": False})
    mine = await newest.run("MyCatalogs")
    assert mine[-1]["identifier"]["registryURL"] == status["registryUrl"]

    # The first time a package is published, its absence is what the client looks for.
    absent = await newest.send("Package", identifier=RAIN)
    assert "PACKAGE_NOT_FOUND" in absent.error.message
    await newest.run("CreatePackage", value=NEW_PACKAGE)
    text = package_file("1.0.0")
    await newest.run("CreateVersion", identifier=RAIN, value={"packageFile": text})

    # The second time, it changes the package and is told the number that it may publish.
    await newest.run("Package", identifier=RAIN)
    words = {"displayName": "Rainfall", "description": "Rain by city and day."}
    await newest.run("UpdatePackage", identifier=RAIN, value=words)
    columns = ("city", "mm", "day")
    too_low = package_file("1.0.1", properties=columns)
    refused = await newest.send("CreateVersion", identifier=RAIN, value={"packageFile": too_low})
    assert refused.error.code == "HIGHER_VERSION_REQUIRED"
    number = refused.error.extensions["minNextVersion"]
    text = package_file(number, properties=columns)
    await newest.run("CreateVersion", identifier=RAIN, value={"packageFile": text})
    same = await newest.send("CreateVersion", identifier=RAIN, value={"packageFile": text})
    assert same.error.code == "VERSION_EXISTS"

    found = await newest.run("SearchPackages", query="rainfall", **PAGE)
    assert (found["count"], found["packages"][0]["displayName"]) == (1, "Rainfall")
    fetched = (await newest.run("Package", identifier=RAIN))["latestVersion"]
    assert fetched["packageFile"] == fetched["canonicalPackageFile"] == text
    await newest.run("PackageFetched", identifier=NEXT_VERSION)
    diff = await newest.run("PackageVersionsDiff", newVersion=NEXT_VERSION, oldVersion=VERSION)
    assert [change["type"] for change in diff["differences"]] == ["ADD_PROPERTY"]

    await share_everything(newest)
    assert len((await newest.run("AutoComplete", startsWith="wa"))["collections"]) == 1
    own = {"catalogSlug": "bob"}
    await newest.run("MovePackage", identifier=RAIN, catalogIdentifier=own)
    moved = RAIN | own
    await newest.run("DeleteVersion", identifier=NEXT_VERSION | own)
    await newest.run("DeletePackage", identifier=moved)
    await newest.run("DeleteCollection", identifier=WATER)
    await newest.run("DeleteCatalog", identifier=WEATHER)
    await newest.run("DeleteMe")
    assert (await newest.send("Me")).status == 401

    assert newest.unsent == set()


async def share_everything(newest):
    """Give carl the catalog, the package and a collection, and take them away again."""
    carl = {"usernameOrEmailAddress": "carl@example.org"}
    on_catalog = carl | {"permission": ["VIEW"], "packagePermissions": ["EDIT"]}
    words = {"message": "Have a look."}
    await newest.run("SetUserCatalogPermission", identifier=WEATHER, value=[on_catalog], **words)
    members = await newest.run("UsersByCatalog", identifier=WEATHER)
    assert [member["user"]["username"] for member in members] == ["bob", "carl"]
    await newest.run("DeleteUserCatalogPermissions", identifier=WEATHER, **carl)
    await newest.run("RemovePackagePermissions", identifier=RAIN, **carl)
    members = await newest.run("UsersByPackage", identifier=RAIN)
    assert [member["user"]["username"] for member in members] == ["bob"]
    await newest.run("CreateCollection", value=NEW_COLLECTION | {"isPublic": True})
    on_collection = carl | {"permissions": ["EDIT"]}
    await newest.run(
        "SetUserCollectionPermissions", identifier=WATER, value=[on_collection], **words
    )
    members = await newest.run("UsersByCollection", identifier=WATER)
    assert [member["permissions"] for member in members] == [["MANAGE", "VIEW", "EDIT"], ["EDIT"]]
    await newest.run("DeleteUserCollectionPermissions", identifier=WATER, **carl)

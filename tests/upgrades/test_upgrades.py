"""What was in a registry of an older litereg is there after the upgrade, read through the API."""

import logging
import sqlite3

import pytest

from litereg.app import Registry
from litereg.cli.claims import CLAIMS
from litereg.errors import CannotStart
from litereg.settings import Settings
from litereg.store.check import check
from litereg.store.database import prepare
from litereg.store.migrate import schema_after
from tests.client import PASSWORD, Caller, package_file
from tests.upgrades.old_registries import KEY, NAMES, ROWS, SESSION, make_old_registry, rows_of

FILES = [package_file("1.0.0"), package_file("1.1.0", properties=("city", "mm", "day"))]
RAIN = {"catalogSlug": "weather", "packageSlug": "rain"}
COUNTS = range(1, len(NAMES) + 1)


@pytest.fixture(params=COUNTS, ids=NAMES)
def count(request):
    return request.param


@pytest.fixture
def path(tmp_path, count):
    path = tmp_path / "litereg.db"
    make_old_registry(path, count)
    return path


@pytest.fixture
async def upgraded(path):
    registry = await Registry.open(Settings(db=str(path), password_cost=4))
    yield registry
    await registry.close()


@pytest.fixture
def ann(upgraded):
    return Caller(upgraded, "ann", SESSION)


def since(count, name):
    """Return whether a registry of the first *count* migrations has what came with *name*."""
    return name in NAMES[:count]


def test_every_migration_has_rows_to_test_upgrades_with():
    assert {file.stem for file in ROWS.iterdir()} == set(NAMES)
    text = "".join(map(rows_of, NAMES))
    tables = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"
    model = schema_after(len(NAMES))
    made = {row[0] for row in model.execute(tables)}
    # The rest is made by the migrations themselves, or by opening the registry.
    made -= {"_migration", "search_edition", "cursor_secret", "login_link"}

    assert [name for name in made if f" {name}(" not in text and "sqlite" not in name] == []


async def test_people_and_their_ways_in_are_there(upgraded, ann):
    me = (await ann.query("me", "username firstName emailAddress isAdmin")).value
    keyed = Caller(upgraded, "ann", KEY, "api_key")
    token = (await Caller(upgraded).query("login", username="BOB", password=PASSWORD)).value

    assert me == {
        "username": "Ann",
        "firstName": "Ann",
        "emailAddress": "Ann@example.org",
        "isAdmin": True,
    }
    assert (await keyed.query("myAPIKeys", "label")).value == [{"label": "laptop"}]
    bob = Caller(upgraded, "bob", token)
    assert (await bob.query("me", "username isAdmin")).value == {
        "username": "bob",
        "isAdmin": False,
    }


async def test_a_second_factor_is_there(upgraded, ann, count):
    told = (await ann.query("mySecondFactor", "isOn since recoveryCodesLeft")).value
    login = await Caller(upgraded).query("login", username="ann", password=PASSWORD)

    if since(count, "0010_second_factors"):
        since_ = "2020-09-13T12:26:40.030Z"
        assert told == {"isOn": True, "since": since_, "recoveryCodesLeft": 2}
        assert login.error.message == "ONE_TIME_CODE_REQUIRED"
    else:
        assert told == {"isOn": False, "since": None, "recoveryCodesLeft": 0}


async def test_packages_and_their_files_are_there_byte_for_byte(upgraded, ann):
    selection = (
        "displayName createdAt isPublic latestVersion { packageFile } versions { packageFile }"
    )
    package = (await Caller(upgraded).query("package", selection, identifier=RAIN)).value
    mine = (await ann.query("myPackages", "packages { displayName }", offset=0, limit=10)).value

    assert {version["packageFile"] for version in package["versions"]} == set(FILES)
    assert package["latestVersion"] == {"packageFile": FILES[1]}
    assert package["createdAt"] == "2020-09-13T12:26:40.007Z"
    assert {p["displayName"] for p in mine["packages"]} == {"Rain", "Diary"}


async def test_permissions_are_there(upgraded, ann, count):
    token = (await Caller(upgraded).query("login", username="bob", password=PASSWORD)).value
    bob = Caller(upgraded, "bob", token)
    diary = {"catalogSlug": "ann", "packageSlug": "diary"}
    value = {"description": "By day"}

    seen = await bob.query("package", "displayName myPermissions", identifier=diary)
    hidden = await Caller(upgraded).query("package", "displayName", identifier=diary)
    refused = await bob.mutate("updatePackage", "description", identifier=diary, value=value)
    changed = await bob.mutate("updatePackage", "description", identifier=RAIN, value=value)

    assert seen.value == {"displayName": "Diary", "myPermissions": ["VIEW"]}
    assert hidden.error.code == "UNAUTHENTICATED"
    assert refused.error.code == "FORBIDDEN"
    # What bob may do in the packages of a catalog came with collections.
    assert bool(changed.errors) is not since(count, "0002_collections")


async def test_search_finds_what_was_there(upgraded):
    found = (
        await Caller(upgraded).query(
            "searchPackages", "packages { displayName }", query="cities day", offSet=0, limit=10
        )
    ).value

    assert found == {"packages": [{"displayName": "Rain"}]}


async def test_collections_are_there(ann, count):
    found = (
        await ann.query(
            "myCollections", "collections { name packages { displayName } }", offSet=0, limit=10
        )
    ).value

    picks = {"name": "Ann's picks", "packages": [{"displayName": "Rain"}]}
    assert found["collections"] == ([picks] if since(count, "0002_collections") else [])


async def test_labels_are_there(ann, count):
    document = """
    { customCatalogLabel { getLabel(name: "Approved") {
        description createdBy publicPackagesConnection(first: 5) { edges { node { type name } } }
    } }
    publicPackage { getPackage(type: "npm", name: "left-pad") {
        versionsConnection(first: 5) { edges { node { version
            customCatalogLabelsConnection(first: 5) { edges { node { name } } } } } }
    } } }
    """
    answer = (await ann.send(document)).body

    if not since(count, "0003_labels"):
        assert answer["data"] == {
            "customCatalogLabel": {"getLabel": None},
            "publicPackage": {"getPackage": None},
        }
        return
    label = answer["data"]["customCatalogLabel"]["getLabel"]
    assert label["description"] == "Read by Ann"
    assert label["publicPackagesConnection"]["edges"] == [
        {"node": {"type": "datapm", "name": "Weather/rain"}}
    ]
    (version,) = answer["data"]["publicPackage"]["getPackage"]["versionsConnection"]["edges"]
    labels = version["node"]["customCatalogLabelsConnection"]["edges"]
    assert labels == [{"node": {"name": "Old"}}]


async def test_the_log_of_labels_begins_with_what_was_known(ann, count):
    document = """{ customCatalogLabel { log { edges { node {
        action labelName doneBy happenedAt publicPackage { name } version
    } } } } }"""

    edges = (await ann.send(document)).body["data"]["customCatalogLabel"]["log"]["edges"]

    found = [
        f"{node['action']} {node['labelName']} {(node['publicPackage'] or {}).get('name')}"
        for node in (edge["node"] for edge in edges)
    ]
    kept = ["DELETED Gone None", "RENAMED Old None"] if since(count, "0006_label_history") else []
    known = [
        "ASSIGNED Old left-pad",
        "ASSIGNED Approved Weather/rain",
        "CREATED Old None",
        "CREATED Approved None",
    ]
    # Rows that were put there after the log began, without a word to it, are not in it.
    is_older = since(count, "0003_labels") and not kept
    assert found == kept + (known if is_older else [])
    if is_older:
        assert edges[0]["node"] == {
            "action": "ASSIGNED",
            "labelName": "Old",
            "doneBy": "bob",
            "happenedAt": "2020-09-13T12:26:40.017Z",
            "publicPackage": {"name": "left-pad"},
            "version": "1.3.0",
        }


def test_nothing_is_wrong_with_an_upgraded_registry(path, count, caplog):
    old = path.read_bytes()

    with caplog.at_level(logging.WARNING):
        prepare(path)

    findings = [f for f in check(path, CLAIMS) if "search index" not in f.what]
    assert findings == []
    kept = path.with_name(f"litereg.db.before-upgrade-from-{NAMES[count - 1]}")
    assert kept.exists() is (count < len(NAMES))
    assert (f"the file as it was is kept as {kept}" in caplog.text) is kept.exists()
    if kept.exists():
        assert list(check(kept)) == []
        assert rows(kept) == rows_from(old, path.with_name("old.db"))


def rows(path):
    connection = sqlite3.connect(path)
    try:
        # In which order things are defined is not kept.
        return sorted(connection.iterdump())
    finally:
        connection.close()


def rows_from(content, path):
    path.write_bytes(content)
    return rows(path)


def test_a_registry_of_a_newer_litereg_is_refused_and_left_alone(path):
    connection = sqlite3.connect(path)
    connection.execute("INSERT INTO _migration(name) VALUES ('9999_what_comes')")
    connection.commit()
    connection.close()
    before = path.read_bytes()

    with pytest.raises(CannotStart, match=r"newer litereg \(it has 9999_what_comes\)"):
        prepare(path)

    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir() if "before-upgrade" in file.name] == []

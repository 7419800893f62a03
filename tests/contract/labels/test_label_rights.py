"""Who may read labels, who may change them, and who says so."""

from __future__ import annotations

import pytest

from litereg.app import make_schema
from tests.labels.api import LABELS, LabelsClient, package, version

CHANGES = {
    "createCustomCatalogLabel": {"name": "new"},
    "createCustomCatalogLabels": [{"name": "new"}],
    "updateCustomCatalogLabel": {"name": "a", "updatedName": "new"},
    "deleteCustomCatalogLabel": {"name": "a"},
    "deleteCustomCatalogLabels": [{"name": "a"}],
    "assignCustomCatalogLabelsToPublicPackage": {
        "publicPackage": package("x"),
        "labelNames": ["a"],
    },
    "assignCustomCatalogLabelsToPublicPackageVersion": {
        "publicPackageVersion": version("x", "1"),
        "labelNames": ["a"],
    },
    "assignCustomCatalogLabelToPublicPackageVersions": {
        "publicPackageVersions": [version("x", "1")],
        "labelName": "a",
    },
    "removeCustomCatalogLabelsFromPublicPackage": {
        "publicPackage": package("x"),
        "labelNames": ["a"],
    },
    "removeCustomCatalogLabelsFromPublicPackageVersion": {
        "publicPackageVersion": version("x", "1"),
        "labelNames": ["a"],
    },
    "removeCustomCatalogLabelFromPublicPackageVersions": {
        "publicPackageVersions": [version("x", "1")],
        "labelName": "a",
    },
}
# What would be refused for other reasons too: the right comes first.
WRONG = {
    "createCustomCatalogLabel": {"name": ""},
    "createCustomCatalogLabels": [{"name": "x"}, {"name": "x"}],
    "updateCustomCatalogLabel": {"name": "nope"},
    "assignCustomCatalogLabelsToPublicPackage": {
        "publicPackage": package("x"),
        "labelNames": [],
    },
}
READS = {
    "customCatalogLabel": {
        "getLabel": ("name", {"name": "a"}),
        "searchLabels": ("totalCount", {}),
        "log": ("edges { cursor }", {}),
    },
    "publicPackage": {
        "getPackage": ("name", package("x")),
        "searchPackages": ("totalCount", {}),
    },
    "publicPackageVersion": {
        "getVersion": ("version", {**package("x"), "version": "1"}),
        "searchVersions": ("totalCount", {}),
    },
}
READING = [(namespace, field) for namespace, fields in READS.items() for field in fields]


@pytest.fixture
async def stranger(anonymous):
    return LabelsClient(anonymous)


async def grant(admin, username, is_manager=True):
    return await admin.caller.mutate("setLabelManager", username=username, isManager=is_manager)


def test_every_field_of_the_namespaces_is_tried_here():
    types = make_schema().type_map

    assert set(CHANGES) == set(types["CustomCatalogLabelMutations"].fields)
    for namespace, fields in READS.items():
        type_name = namespace[0].upper() + namespace[1:] + "Queries"
        assert set(fields) == set(types[type_name].fields)


def directives(type_):
    nodes = [field.ast_node for field in type_.fields.values()]
    return {directive.name.value for node in nodes for directive in node.directives or ()}


def test_every_field_of_the_namespaces_promises_its_right():
    types = make_schema().type_map

    assert directives(types["CustomCatalogLabelMutations"]) == {"isLabelManager"}
    for name in ("CustomCatalogLabel", "PublicPackage", "PublicPackageVersion"):
        assert directives(types[f"{name}Queries"]) == {"isLabelReader"}


@pytest.mark.parametrize(("namespace", "field"), READING)
async def test_whoever_is_signed_in_reads_and_nobody_else(
    labels, reader, stranger, namespace, field
):
    await labels.create("a")
    await labels.label_version(version("x", "1"), "a")
    selection, arguments = READS[namespace][field]

    known = await reader.read(namespace, field, selection, **arguments)
    unknown = await stranger.read(namespace, field, selection, **arguments)

    assert known.value
    assert unknown.message == "NOT_AUTHENTICATED"
    assert unknown.error.code == "UNAUTHENTICATED"
    assert unknown.error.path == [namespace, field]


@pytest.mark.parametrize("field", CHANGES)
async def test_administrators_and_label_managers_change_and_nobody_else(
    labels, reader, stranger, people, field
):
    await labels.create("a")
    manager = LabelsClient(await people("cleo"))
    await grant(labels, "CLEO")

    for value in (CHANGES[field], WRONG.get(field, CHANGES[field])):
        known = await reader.change(field, value)
        unknown = await stranger.change(field, value)
        assert (known.message, known.error.code) == ("NOT_AUTHORIZED", "FORBIDDEN")
        assert (unknown.message, unknown.error.code) == ("NOT_AUTHENTICATED", "UNAUTHENTICATED")
        assert known.body["data"] is None
    assert await labels.names() == ["a"]
    assert (await labels.find_package(package("x"))).value is None
    assert "errors" not in (await manager.change(field, CHANGES[field])).body


async def test_who_changed_a_label_is_told_by_the_name_of_today(labels, people):
    cleo = await people("cleo")
    await labels.create("a")
    await grant(labels, "cleo")
    manager = LabelsClient(cleo)
    await manager.rename("a", updatedDescription="new")
    await manager.label_package(package("x"), "a")

    await cleo.mutate("updateMe", "username", value={"username": "cleopatra"})

    selection = "createdBy updatedBy publicPackagesConnection { edges { assignedBy } }"
    assert (await labels.find("a", selection)).value == {
        "createdBy": "ann",
        "updatedBy": "cleopatra",
        "publicPackagesConnection": {"edges": [{"assignedBy": "cleopatra"}]},
    }


async def test_the_right_is_given_listed_and_taken_by_administrators(labels, people):
    cleo, dora = await people("cleo"), await people("dora")

    assert (await labels.caller.query("labelManagers")).value == []
    for name in ("dora", "cleo", "cleo"):
        assert (await grant(labels, name)).value is None
    assert (await labels.caller.query("labelManagers")).value == ["cleo", "dora"]
    assert (await LabelsClient(cleo).create("a")).value
    assert (await grant(labels, "cleo", is_manager=False)).value is None

    assert (await LabelsClient(cleo).create("b")).message == "NOT_AUTHORIZED"
    assert (await labels.caller.query("labelManagers")).value == ["dora"]
    assert (await LabelsClient(dora).create("b")).value


async def test_everybody_is_told_whether_they_may_change_labels(labels, people, anonymous):
    cleo = await people("cleo")
    before = (await cleo.query("mayChangeLabels")).value
    await grant(labels, "cleo")

    assert before is False
    assert (await cleo.query("mayChangeLabels")).value is True
    assert (await labels.caller.query("mayChangeLabels")).value is True
    assert (await anonymous.query("mayChangeLabels")).value is False


async def test_nobody_but_administrators_gives_the_right(labels, reader, people, anonymous):
    await people("cleo")
    await grant(labels, "cleo")
    manager = LabelsClient(await people("cleo"))

    for caller in (reader, manager):
        assert (await grant(caller, "bob")).error.message == "NOT_AUTHORIZED"
        assert (await caller.caller.query("labelManagers")).error.message == "NOT_AUTHORIZED"
    assert (await grant(LabelsClient(anonymous), "bob")).error.message == "NOT_AUTHENTICATED"
    assert (await anonymous.query("labelManagers")).error.message == "NOT_AUTHENTICATED"


async def test_the_right_is_for_users_that_there_are(labels, people):
    cleo = await people("cleo")
    await grant(labels, "cleo")

    assert (await grant(labels, "nobody")).error.message == "USER_NOT_FOUND"
    await cleo.mutate("disableMe", "username")

    assert (await grant(labels, "cleo")).error.message == "USER_NOT_FOUND"
    assert (await labels.caller.query("labelManagers")).value == []


async def test_reading_can_be_opened_to_everybody(labels, stranger, serve_with):
    await labels.create("a")
    open_to_all = await serve_with(stranger, labels_open_reading=True)

    assert await open_to_all.names() == ["a"]
    assert (await open_to_all.create("b")).message == "NOT_AUTHENTICATED"


async def test_changing_can_be_opened_to_whoever_is_signed_in(labels, reader, stranger, serve_with):
    await labels.create("a")
    everybody = await serve_with(reader, labels_open_changing=True)
    still_a_stranger = await serve_with(stranger, labels_open_changing=True)

    assert (await everybody.delete("a")).value is True
    assert (await still_a_stranger.create("b")).message == "NOT_AUTHENTICATED"
    assert (await still_a_stranger.search()).message == "NOT_AUTHENTICATED"


async def test_the_namespaces_alone_tell_nothing(stranger):
    found = await stranger.send(f"{{ {LABELS} {{ __typename }} }}", LABELS)

    assert found.value == {"__typename": "CustomCatalogLabelQueries"}

"""Every refusal of the labels API: its words, its limit to the unit, and which one comes first."""

from __future__ import annotations

import pytest

from tests.labels.api import package, version

TOO_MANY_REMOVED = (
    "Removing more than 500 labels assignments in a single operation is not supported"
)
CREATE_MANY = "createCustomCatalogLabels"
DELETE_MANY = "deleteCustomCatalogLabels"
ASSIGN_MANY = "assignCustomCatalogLabelToPublicPackageVersions"
REMOVE_FROM_PACKAGE = "removeCustomCatalogLabelsFromPublicPackage"
REMOVE_FROM_VERSION = "removeCustomCatalogLabelsFromPublicPackageVersion"
REMOVE_FROM_VERSIONS = "removeCustomCatalogLabelFromPublicPackageVersions"

# The operation, a value of n entries for it, and what it says of 501.
COUNTED = {
    CREATE_MANY: (
        lambda n: [{"name": f"{n} {i}"} for i in range(n)],
        "Creating more than 500 labels is not supported",
    ),
    DELETE_MANY: (
        lambda n: [{"name": "repeated"} for i in range(n)],
        "Deleting more than 500 labels is not supported",
    ),
    ASSIGN_MANY: (
        lambda n: {"labelName": "a", "publicPackageVersions": [version(f"x{n}", "1")] * n},
        "Assigning a label to more than 500 package versions in a single operation"
        " is not supported",
    ),
    REMOVE_FROM_PACKAGE: (
        lambda n: {"publicPackage": package("x"), "labelNames": ["a"] * n},
        TOO_MANY_REMOVED,
    ),
    REMOVE_FROM_VERSION: (
        lambda n: {"publicPackageVersion": version("x", "1"), "labelNames": ["a"] * n},
        TOO_MANY_REMOVED,
    ),
    REMOVE_FROM_VERSIONS: (
        lambda n: {"labelName": "a", "publicPackageVersions": [version("x", "1")] * n},
        TOO_MANY_REMOVED,
    ),
}


@pytest.mark.parametrize("operation", COUNTED)
async def test_five_hundred_entries_are_taken_and_one_more_is_not(labels, operation):
    await labels.create("a")
    value, message = COUNTED[operation]

    for entries in (499, 500):
        assert "errors" not in (await labels.change(operation, value(entries))).body
    refused = await labels.change(operation, value(501))

    assert refused.message == message
    assert refused.error.code == "LABEL_LIMIT_EXCEEDED"
    assert refused.body["data"] is None


@pytest.mark.parametrize("field", ["label_package", "label_version"])
async def test_exactly_one_label_is_assigned(labels, field):
    await labels.create("a", "b")
    assign = getattr(labels, field)
    target = package("x") if field == "label_package" else version("x", "1")

    none = await assign(target)
    two_alike = await assign(target, "a", "a")

    assert none.message == "Labels must be specified for the assignment"
    assert none.error.code == "LABEL_INVALID"
    assert two_alike.message == "Assigning more than 1 label is not supported"
    assert two_alike.error.code == "LABEL_LIMIT_EXCEEDED"
    assert (await assign(target, "a")).value is True


def made_by(operation, name, description):
    value = {"name": name, "description": description}
    if operation == CREATE_MANY:
        return [value]
    if operation == "createCustomCatalogLabel":
        return value
    return {"name": "old", "updatedName": name, "updatedDescription": description}


@pytest.mark.parametrize(
    "operation", ["createCustomCatalogLabel", CREATE_MANY, "updateCustomCatalogLabel"]
)
@pytest.mark.parametrize("letter", ["x", "é", "𝄞"])
async def test_lengths_are_counted_in_characters(labels, operation, letter):
    await labels.create("old")

    async def attempt(name_length, description_length):
        name, description = letter * name_length, letter * description_length
        return await labels.change(operation, made_by(operation, name, description))

    for name_length, description_length in ((998, 9_998), (999, 9_999)):
        assert "errors" not in (await attempt(name_length, description_length)).body
        await labels.delete(letter * name_length)
        await labels.create("old")
    long_name = await attempt(1_000, 10_000)
    long_description = await attempt(999, 10_000)

    assert long_name.message == (
        f"Label name is too long {letter * 1_000}, must have fewer than 1000 characters"
    )
    assert long_description.message == (
        f"Label description is too long {letter * 10_000}, must have fewer than 10000 characters"
    )
    assert long_name.error.code == long_description.error.code == "LABEL_INVALID"


@pytest.mark.parametrize("name", ["", " ", "\t\n", "\u3000"])
@pytest.mark.parametrize(
    "operation", ["createCustomCatalogLabel", CREATE_MANY, "updateCustomCatalogLabel"]
)
async def test_a_name_of_white_space_is_empty(labels, operation, name):
    refused = await labels.change(operation, made_by(operation, name, "d" * 10_000))

    assert refused.message == "A label name cannot be empty"
    assert refused.error.code == "LABEL_INVALID"


async def test_names_are_kept_as_they_came(labels):
    name = "  padded\u00a0 "

    assert (await labels.create(name)).value[0]["name"] == name
    assert (await labels.find(name.strip())).value is None


async def test_the_count_comes_before_each_label_and_each_before_the_next(labels):
    await labels.create("taken")
    long_name = "n" * 1_000
    first_is_long = await labels.create(long_name, "")
    taken_comes_last = await labels.create("taken", "")

    counted = await labels.create(*[""] * 501)

    assert counted.message == "Creating more than 500 labels is not supported"
    assert first_is_long.message.startswith("Label name is too long")
    assert taken_comes_last.message == "A label name cannot be empty"


async def test_a_changed_label_is_checked_from_its_new_name_to_its_old_one(labels):
    await labels.create("a", "b")
    long_name, long_description = "n" * 1_000, "d" * 10_000

    assert (
        "cannot be empty"
        in (await labels.rename("?", updatedName="", updatedDescription=long_description)).message
    )
    assert (
        "name is too long"
        in (
            await labels.rename("?", updatedName=long_name, updatedDescription=long_description)
        ).message
    )
    assert (
        "description is too long"
        in (await labels.rename("?", updatedName="b", updatedDescription=long_description)).message
    )
    missing = await labels.rename("?", updatedName="b")
    assert missing.message == "Label ? does not exist"
    assert missing.error.code == "LABEL_NOT_FOUND"
    taken = await labels.rename("a", updatedName="b")
    assert taken.error.code == "LABEL_EXISTS"


async def test_what_is_left_out_of_a_change_stays_and_an_empty_text_clears(labels):
    await labels.create("a", description="old")
    selection = "name description createdAt updatedAt"
    before = (await labels.find("a", selection)).value

    assert (await labels.rename("a")).value == {"name": "a", "description": "old"}
    assert (await labels.find("a", selection)).value == before
    assert (await labels.rename("a", updatedName=None, updatedDescription=None)).value == {
        "name": "a",
        "description": "old",
    }
    cleared = await labels.rename("a", updatedDescription="")
    assert cleared.value == {"name": "a", "description": ""}


async def test_a_description_is_never_null(labels):
    left_out = await labels.change("createCustomCatalogLabel", {"name": "a"})
    null = await labels.change("createCustomCatalogLabel", {"name": "b", "description": None})

    assert left_out.value == {"name": "a", "description": ""}
    assert null.value == {"name": "b", "description": ""}


async def test_empty_lists_succeed(labels):
    await labels.create("a")

    assert (await labels.change(CREATE_MANY, [])).value == []
    assert (await labels.change(DELETE_MANY, [])).value is True
    assert (await labels.label_versions("a", [])).value is True
    assert (await labels.unlabel_versions("a", [])).value is True
    assert (await labels.unlabel_package(package("x"))).value is True


async def test_deleting_says_whether_every_distinct_name_was_there(labels):
    await labels.create("a", "b", "c")

    assert (await labels.delete("a", "a", "b")).value is True
    assert (await labels.delete("c", "a")).value is False
    assert await labels.names() == []

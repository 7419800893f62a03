"""What may carry which label, and what assigning and removing do besides."""

from __future__ import annotations

import pytest

from tests.labels.api import package, version


@pytest.mark.parametrize("name", ["nope", "", " "])
async def test_every_way_of_assigning_wants_the_label_to_exist(labels, name):
    outcomes = [
        await labels.label_package(package("x"), name),
        await labels.label_version(version("x", "1"), name),
        await labels.label_versions(name, [version("x", "1")]),
        await labels.label_versions(name, []),
    ]

    for outcome in outcomes:
        assert outcome.message == (
            f"The following labels were not found:[ {name}]. All labels must exist when assigned"
        )
        assert outcome.error.code == "LABEL_NOT_FOUND"


async def test_what_is_labelled_has_a_name_a_type_and_a_version(labels):
    refused = {
        "Package name cannot be empty": await labels.label_package(package("", ""), "nope"),
        "Package type cannot be empty": await labels.label_package(package("x", ""), "nope"),
        "Package version cannot be empty": await labels.label_version(version("x", ""), "nope"),
    }

    for message, outcome in refused.items():
        assert outcome.message == message
        assert outcome.error.code == "LABEL_INVALID"


async def test_a_package_takes_a_label_whatever_its_versions_carry(labels):
    await labels.create("a", "b")
    await labels.label_version(version("x", "1"), "a")

    assert (await labels.label_package(package("x"), "b")).value is True
    assert await labels.labels_on_version(version("x", "1")) == ["a"]
    assert await labels.labels_on_package(package("x")) == ["b"]


async def test_the_versions_conflict_is_told_before_the_packages(labels):
    await labels.create("a")
    await labels.label_version(version("x", "1"), "a")
    await labels.label_package(package("x"), "a")

    version_first = await labels.label_versions("a", [version("x", "2"), version("x", "1")])
    package_only = await labels.label_versions("a", [version("x", "2")])

    assert version_first.message.startswith("A requested package version already has")
    assert package_only.message.startswith("A requested package already has")
    assert version_first.error.code == package_only.error.code == "LABEL_CONFLICT"


async def test_removing_takes_only_what_is_named(labels):
    await labels.create("a", "b")
    targets = [version("x", "1"), version("y", "1", "pypi"), version("x", "2")]
    await labels.label_versions("a", targets[:2])
    await labels.label_version(targets[2], "b")

    assert (await labels.unlabel_versions("a", [*targets, version("z", "9")])).value is True
    assert await labels.labels_on_version(targets[0]) == []
    assert await labels.labels_on_version(targets[1]) == []
    assert await labels.labels_on_version(targets[2]) == ["b"]
    assert (await labels.unlabel_version(targets[2], "a")).value is True
    assert await labels.labels_on_version(targets[2]) == ["b"]
    assert (await labels.unlabel_version(targets[2], "a", "b")).value is True
    assert await labels.labels_on_version(targets[2]) == []
    assert (await labels.find_package(package("z"))).value is None


async def test_the_same_name_in_another_type_or_case_is_another_package(labels):
    await labels.create("a", "b", "c")

    await labels.label_package(package("x", "npm"), "a")
    await labels.label_package(package("x", "pypi"), "b")
    await labels.label_package(package("X", "npm"), "c")

    assert await labels.labels_on_package(package("x", "npm")) == ["a"]
    assert await labels.labels_on_package(package("x", "pypi")) == ["b"]
    assert await labels.labels_on_package(package("X", "npm")) == ["c"]
    assert await labels.labels_on_package(package("X", "pypi")) is None


@pytest.mark.parametrize("name", ["@scope/name", "org.group:artifact", "library/node", "a:b", "'"])
async def test_names_of_all_kinds_of_packages_are_kept(labels, name):
    await labels.create("a")
    target = version(name, "sha256:" + "0" * 64, "Hugging Face")

    await labels.label_version(target, "a")

    assert (await labels.find_version(target)).value == {
        "version": target["version"],
        "publicPackage": {"name": name, "type": "Hugging Face"},
    }


async def test_a_version_does_not_inherit_the_label_of_its_package(labels):
    await labels.create("a", "b")
    await labels.label_version(version("x", "1"), "b")
    await labels.label_package(package("x"), "a")
    await labels.unlabel_version(version("x", "1"), "b")

    assert await labels.labels_on_version(version("x", "1")) == []


async def test_a_renamed_label_stays_where_it_is(labels):
    await labels.create("a")
    await labels.label_package(package("x"), "a")

    await labels.rename("a", updatedName="z")

    assert await labels.labels_on_package(package("x")) == ["z"]


async def test_a_closed_catalog_registers_nothing(labels, serve_with):
    await labels.create("a", "b")
    await labels.label_version(version("x", "1"), "a")
    strict = await serve_with(labels, labels_strict=True)

    unknown_packages = [
        await strict.label_package(package("y"), "a"),
        await strict.label_version(version("y", "1"), "a"),
        await strict.label_versions("a", [version("y", "1"), version("x", "2")]),
    ]
    unknown_version = await strict.label_version(version("x", "2"), "a")
    first_unknown = await strict.label_versions("a", [version("x", "1"), version("x", "3")])
    unknown_label = await strict.label_version(version("y", "1"), "nope")

    for outcome in unknown_packages:
        assert outcome.message == "Package npm:y was not found in the catalog"
        assert outcome.error.code == "PACKAGE_NOT_FOUND"
    assert unknown_version.message == "Package version npm:x:2 was not found in the catalog"
    assert first_unknown.message == "Package version npm:x:3 was not found in the catalog"
    assert unknown_label.error.code == "LABEL_NOT_FOUND"
    assert (await strict.find_package(package("y"))).value is None
    assert (await strict.label_package(package("x"), "b")).value is True


async def test_assigning_the_same_label_again_can_be_allowed(labels, serve_with):
    await labels.create("a", "b")
    await labels.label_package(package("x"), "a")
    await labels.label_version(version("y", "1"), "a")
    grown = [version("y", "1"), version("y", "2")]
    lenient = await serve_with(labels, labels_reassign_is_fine=True)

    assert (await labels.label_package(package("x"), "a")).error.code == "LABEL_CONFLICT"
    assert (await labels.label_versions("a", grown)).error.code == "LABEL_CONFLICT"
    assert (await lenient.label_package(package("x"), "a")).value is True
    assert (await lenient.label_version(version("y", "1"), "a")).value is True
    assert (await lenient.label_versions("a", grown)).value is True
    assert await lenient.labels_on_version(version("y", "2")) == ["a"]
    assert (await lenient.label_package(package("x"), "b")).error.code == "LABEL_CONFLICT"
    assert (await lenient.label_versions("b", grown)).error.code == "LABEL_CONFLICT"

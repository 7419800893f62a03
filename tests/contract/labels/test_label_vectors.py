"""The labels API keeps its fifteen promises, as its known clients meet them."""

from __future__ import annotations

import pytest

from tests.labels.api import package, version

LODASH = package("lodash")
LODASH_1 = version("lodash", "1.0.0")
LODASH_2 = version("lodash", "2.0.0")
VERSION_HAS_LABEL = (
    "A requested package version already has a label assigned. "
    "More than one label per package version is not supported yet"
)
PACKAGE_HAS_LABEL = (
    "A requested package already has a label assigned. "
    "More than one label per package is not supported yet"
)


async def test_1_a_label_is_made_once_and_case_makes_another(labels):
    assert (await labels.create("a")).value == [{"name": "a", "description": ""}]

    again = await labels.change("createCustomCatalogLabel", {"name": "a"})

    assert again.message == "Some of the labels already exist"
    assert again.body["data"] is None
    assert (await labels.create("A")).value == [{"name": "A", "description": ""}]


async def test_2_many_labels_are_made_in_order_or_not_at_all(labels):
    names = [f"label-{n:03}" for n in reversed(range(500))]

    too_many = await labels.create(*names, "one-more")
    twice = await labels.create("x", "x")
    with_empty = await labels.create("ok", "")

    assert too_many.message == "Creating more than 500 labels is not supported"
    assert twice.message == "Some of the labels already exist"
    assert with_empty.message == "A label name cannot be empty"
    assert await labels.names() == []
    assert [made["name"] for made in (await labels.create(*names)).value] == names
    assert await labels.names() == names


@pytest.mark.parametrize("many", [False, True])
async def test_3_names_and_descriptions_are_limited_where_they_are_made(labels, many):
    async def create(name, description=""):
        value = {"name": name, "description": description}
        if many:
            return await labels.change("createCustomCatalogLabels", [value])
        return await labels.change("createCustomCatalogLabel", value)

    long_name, long_description = "é" * 1000, "ü" * 10_000

    assert "errors" not in (await create("é" * 999)).body
    assert (await create(long_name)).message == (
        f"Label name is too long {long_name}, must have fewer than 1000 characters"
    )
    assert "errors" not in (await create("described", "ü" * 9_999)).body
    assert (await create("too-long", long_description)).message == (
        f"Label description is too long {long_description}, must have fewer than 10000 characters"
    )


async def test_3_names_and_descriptions_are_limited_where_they_are_changed(labels):
    await labels.create("a")

    assert (await labels.rename("a", updatedName="n" * 1000)).message == (
        f"Label name is too long {'n' * 1000}, must have fewer than 1000 characters"
    )
    assert (await labels.rename("a", updatedDescription="d" * 10_000)).message == (
        f"Label description is too long {'d' * 10_000}, must have fewer than 10000 characters"
    )
    changed = await labels.rename("a", updatedName="n" * 999, updatedDescription="d" * 9_999)

    assert changed.value == {"name": "n" * 999, "description": "d" * 9_999}


async def test_4_a_label_takes_no_name_of_another_but_its_own(labels):
    await labels.create("a", "b")

    taken = await labels.rename("a", updatedName="b")
    kept = await labels.rename("a", updatedName="a", updatedDescription="new")
    unknown = await labels.rename("nope", updatedName="c")
    empty = await labels.rename("nope", updatedName="")

    assert taken.message == "Label with name b already exists"
    assert kept.value == {"name": "a", "description": "new"}
    assert unknown.message == "Label nope does not exist"
    assert empty.message == "A label name cannot be empty"


async def test_5_exactly_one_label_that_exists_can_be_assigned(labels):
    nothing = await labels.label_package(LODASH)
    two = await labels.label_package(LODASH, "a", "b")
    unknown = await labels.label_package(LODASH, "nope")

    assert nothing.message == "Labels must be specified for the assignment"
    assert two.message == "Assigning more than 1 label is not supported"
    assert unknown.message == (
        "The following labels were not found:[ nope]. All labels must exist when assigned"
    )
    assert (await labels.find_package(LODASH)).value is None


async def test_6_a_package_or_version_carries_one_label(labels):
    await labels.create("a", "b")
    other = package("react")

    assert (await labels.label_package(LODASH, "a")).value is True
    assert (await labels.label_package(LODASH, "b")).message == PACKAGE_HAS_LABEL
    assert (await labels.label_version(LODASH_1, "b")).message == PACKAGE_HAS_LABEL
    assert (await labels.label_versions("b", [LODASH_1])).message == PACKAGE_HAS_LABEL
    assert (await labels.label_version(version("react", "1"), "a")).value is True
    assert (await labels.label_version(version("react", "1"), "b")).message == VERSION_HAS_LABEL
    assert (await labels.label_package(other, "b")).value is True
    assert (await labels.find_version(LODASH_1)).value is None


async def test_7_versions_are_labelled_all_or_none_and_repeats_are_one(labels):
    await labels.create("a", "b")
    many = [version("big", f"{n}") for n in range(500)]

    assert (await labels.label_versions("a", [LODASH_1, LODASH_1])).value is True
    assert await labels.labels_on_version(LODASH_1) == ["a"]
    conflict = await labels.label_versions("b", [*many[:499], LODASH_1])
    too_many = await labels.label_versions("b", [*many, LODASH_2])

    assert conflict.message == VERSION_HAS_LABEL
    assert too_many.message == (
        "Assigning a label to more than 500 package versions in a single operation is not supported"
    )
    assert await labels.labels_on_version(many[0]) is None
    assert (await labels.label_versions("b", many)).value is True
    assert await labels.labels_on_version(many[499]) == ["b"]


async def test_8_removing_what_is_not_there_is_no_error(labels):
    await labels.create("a", "b")
    await labels.label_package(LODASH, "a")

    assert (await labels.unlabel_package(LODASH, "b", "a")).value is True
    assert await labels.labels_on_package(LODASH) == []
    assert (await labels.unlabel_package(LODASH, "unknown")).value is True
    assert (await labels.unlabel_package(package("nothing"), "a")).value is True
    assert (await labels.find_package(package("nothing"))).value is None
    too_many = await labels.unlabel_package(LODASH, *["a"] * 501)
    assert too_many.message == (
        "Removing more than 500 labels assignments in a single operation is not supported"
    )


async def test_9_deleting_a_label_takes_it_off_and_leaves_the_rest(labels):
    await labels.create("a", "b")
    await labels.label_package(LODASH, "a")

    assert (await labels.delete("a")).value is True
    assert await labels.labels_on_package(LODASH) == []
    again = await labels.delete("a")
    assert again.value is False
    assert "errors" not in again.body
    assert (await labels.delete("b", "a")).value is False
    assert await labels.names() == []


async def test_10_an_operation_is_all_or_nothing(labels):
    result = await labels.send(
        """mutation { customCatalogLabel {
            x: createCustomCatalogLabel(label: {name: "p"}) { name }
            y: createCustomCatalogLabel(label: {name: ""}) { name }
        } }"""
    )

    assert result.message == "A label name cannot be empty"
    assert result.error.path == ["customCatalogLabel", "y"]
    assert result.body["data"] is None
    assert (await labels.find("p")).value is None


async def test_11_pages_stay_whole_while_seen_rows_are_deleted(labels):
    await labels.create("keep", "other")
    everything = [version("big", f"{n:03}") for n in range(250)]
    await labels.label_versions("keep", everything)
    selection = "publicPackageVersionsConnection(first: 100%s) " + (
        "{ edges { node { version } } pageInfo { hasNextPage endCursor } }"
    )
    seen, after, pages = [], "", 0

    while True:
        found = await labels.find("keep", selection % after)
        connection = found.value["publicPackageVersionsConnection"]
        page = [edge["node"]["version"] for edge in connection["edges"]]
        seen += page
        pages += 1
        if not connection["pageInfo"]["hasNextPage"]:
            break
        after = f', after: "{connection["pageInfo"]["endCursor"]}"'
        gone = [version("big", number) for number in page[::2]]
        assert (await labels.unlabel_versions("keep", gone)).value is True

    assert pages == 3
    assert seen == [f"{n:03}" for n in range(250)]


async def test_12_a_search_without_arguments_finds_everything(labels):
    for start in (0, 400, 800):
        await labels.create(*(f"label {n}" for n in range(start, start + 400)))
    await labels.create("say 100%_ now", "100% sure", "Ärger", "straße")

    assert len(await labels.names()) == 1204
    assert await labels.names(where={"nameContainsFold": "100%_"}) == ["say 100%_ now"]
    assert await labels.names(where={"nameContainsFold": "ärg"}) == ["Ärger"]
    assert await labels.names(where={"nameEqualFold": "STRASSE"}) == ["straße"]
    assert len(await labels.names(where={"nameContainsFold": ""})) == 1204


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"first": 1, "last": 1},
            "Passing both `first` and `last` to paginate a connection is not supported.",
        ),
        ({"first": -1}, "`first` on a connection cannot be less than zero."),
        ({"last": -1}, "`last` on a connection cannot be less than zero."),
        ({"after": "!!"}, "cannot decode cursor"),
        ({"before": ""}, "cannot decode cursor"),
        ({"first": 1, "after": 17}, "cannot decode cursor"),
    ],
)
async def test_13_impossible_pages_are_field_errors(labels, arguments, message):
    refused = await labels.search(**arguments)

    assert refused.message == message
    assert refused.error.code == "INVALID_PAGINATION"


@pytest.mark.parametrize("text", ["\ud800", "a\0b"])
async def test_15_text_that_cannot_be_kept_is_refused(labels, text):
    document = """mutation ($name: String!) {
        customCatalogLabel { createCustomCatalogLabel(label: {name: $name}) { name } }
    }"""

    refused = await labels.send(document, name=text)
    sought = await labels.send(
        "query ($n: String!) { customCatalogLabel { getLabel(name: $n) { name } } }", n=text
    )

    assert refused.error.code == sought.error.code == "GRAPHQL_VALIDATION_FAILED"
    assert refused.message.startswith("INVALID_TEXT")

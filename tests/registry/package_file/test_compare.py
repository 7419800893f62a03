import json

import pytest

from litereg.registry.package_file import (
    Compatibility,
    Difference,
    DifferenceKind,
    Semver,
    compatibility,
    differences,
    smallest_next_version,
)
from litereg.registry.package_file.formats import VERSIONED

from .samples import ABSENT, complete, edited, minimal, package_file

IDENTICAL, MINOR, COMPATIBLE, BREAKING = Compatibility

LEVEL = "schemas.0.properties.level"
GAUGE = "schemas.0.properties.gauge"
SOURCE = "sources.0"


def newest():
    """Return a file in the newest format, in which all sources stand beside the schemas."""
    return edited(complete("0.32.1"), "schemas.0.source", ABSENT)


def seed_era():
    """Return a file of October 2020, in which types are texts."""
    return minimal("0.3.20") | {
        "schemas": [
            {
                "title": "levels",
                "type": "object",
                "properties": {
                    "level": {"title": "level", "type": "string", "format": "email"},
                    "gauge": {"title": "gauge", "type": ["string", "null"]},
                    "place": {
                        "type": "object",
                        "properties": {"river": {"type": "string"}, "bank": {"type": "string"}},
                    },
                },
                "parser": {"mimeType": "text/csv", "configuration": {"delimiter": ","}},
                "source": {
                    "protocol": "HTTP",
                    "configuration": {"url": "https://rivers.example", "page": {"first": 1}},
                },
            }
        ]
    }


def changes(old, new):
    """Return what changed from *old* to *new* as pairs of kind and pointer."""
    found = differences(package_file(old), package_file(new))
    return [(difference.kind.value, difference.pointer) for difference in found]


# (path, new value, the kind of difference, its pointer, what it asks of readers)
IN_NEWEST_FORMAT = [
    ("displayName", "Levels", "CHANGE_PACKAGE_DISPLAY_NAME", "#", MINOR),
    ("description", "Levels", "CHANGE_PACKAGE_DESCRIPTION", "#", MINOR),
    ("readmeMarkdown", "# Levels", "CHANGE_README_MARKDOWN", "#", MINOR),
    ("licenseMarkdown", "CC-BY-4.0", "CHANGE_LICENSE_MARKDOWN", "#", MINOR),
    ("website", "https://levels.example", "CHANGE_WEBSITE", "#", MINOR),
    ("website", ABSENT, "CHANGE_WEBSITE", "#", MINOR),
    ("contactEmail", ABSENT, "CHANGE_CONTACT_EMAIL", "#", MINOR),
    ("schemas.0", ABSENT, "REMOVE_SCHEMA", "#/levels", BREAKING),
    ("schemas.0.description", "Daily", "CHANGE_PROPERTY_DESCRIPTION", "#/levels", MINOR),
    ("schemas.0.unit", "week", "CHANGE_PROPERTY_UNIT", "#/levels", MINOR),
    ("schemas.0.hidden", True, "HIDE_PROPERTY", "#/levels", BREAKING),
    (GAUGE, ABSENT, "REMOVE_PROPERTY", "#/levels/properties/gauge", BREAKING),
    (f"{GAUGE}.hidden", True, "HIDE_PROPERTY", "#/levels/properties/gauge", BREAKING),
    (f"{GAUGE}.unit", "km", "CHANGE_PROPERTY_UNIT", "#/levels/properties/gauge", MINOR),
    (
        f"{GAUGE}.description",
        ABSENT,
        "CHANGE_PROPERTY_DESCRIPTION",
        "#/levels/properties/gauge",
        MINOR,
    ),
    (
        f"{GAUGE}.types",
        {"string": {"recordCount": 1}},
        "CHANGE_PROPERTY_TYPE",
        "#/levels/properties/gauge",
        BREAKING,
    ),
    (
        f"{GAUGE}.types.null",
        {"recordCount": 1},
        "CHANGE_PROPERTY_TYPE",
        "#/levels/properties/gauge",
        BREAKING,
    ),
    (
        f"{LEVEL}.properties.inner",
        ABSENT,
        "REMOVE_PROPERTY",
        "#/levels/properties/level/properties/inner",
        BREAKING,
    ),
    (
        f"{LEVEL}.properties.a~b/c",
        {"title": "a", "types": {}},
        "ADD_PROPERTY",
        "#/levels/properties/level/properties/a~0b~1c",
        COMPATIBLE,
    ),
    (SOURCE, ABSENT, "REMOVE_SOURCE", "#/sources/levels-csv", MINOR),
    (f"{SOURCE}.type", "ftp", "CHANGE_SOURCE", "#/sources/levels-csv", MINOR),
    (f"{SOURCE}.configuration.uris", [], "CHANGE_SOURCE", "#/sources/levels-csv", MINOR),
    (f"{SOURCE}.connectionConfiguration", {}, "CHANGE_SOURCE", "#/sources/levels-csv", MINOR),
    (f"{SOURCE}.credentialsIdentifier", "other", "CHANGE_SOURCE", "#/sources/levels-csv", MINOR),
    (f"{SOURCE}.streamSets", [], "CHANGE_SOURCE", "#/sources/levels-csv", MINOR),
    (
        f"{SOURCE}.streamSets.0.updateMethods",
        ["CONTINUOUS"],
        "CHANGE_SOURCE",
        "#/sources/levels-csv",
        MINOR,
    ),
]

IN_SEED_ERA_FORMAT = [
    ("readmeFile", "README.md", "CHANGE_README_FILE", "#", MINOR),
    ("licenseFile", "LICENSE.md", "CHANGE_LICENSE_FILE", "#", MINOR),
    (f"{LEVEL}.type", "number", "CHANGE_PROPERTY_TYPE", "#/levels/properties/level", BREAKING),
    (f"{LEVEL}.format", "uri", "CHANGE_PROPERTY_FORMAT", "#/levels/properties/level", BREAKING),
    (f"{LEVEL}.format", ABSENT, "CHANGE_PROPERTY_FORMAT", "#/levels/properties/level", BREAKING),
    (
        f"{LEVEL}.type",
        ["string", "null"],
        "CHANGE_PROPERTY_TYPE",
        "#/levels/properties/level",
        BREAKING,
    ),
    (f"{GAUGE}.type", ["string"], "CHANGE_PROPERTY_TYPE", "#/levels/properties/gauge", BREAKING),
    (f"{GAUGE}.type", ABSENT, "CHANGE_PROPERTY_TYPE", "#/levels/properties/gauge", BREAKING),
    (
        "schemas.0.properties.place.properties.bank",
        ABSENT,
        "REMOVE_PROPERTY",
        "#/levels/properties/place/properties/bank",
        BREAKING,
    ),
    ("schemas.0.type", "array", "CHANGE_PROPERTY_TYPE", "#/levels", BREAKING),
    ("schemas.0.parser", ABSENT, "CHANGE_PARSER", "#/levels/parser", MINOR),
    ("schemas.0.parser.mimeType", "text/plain", "CHANGE_PARSER", "#/levels/parser", MINOR),
    ("schemas.0.parser.configuration", {}, "CHANGE_PARSER", "#/levels/parser", MINOR),
    ("schemas.0.source", ABSENT, "REMOVE_SOURCE", "#/sources/levels", MINOR),
    ("schemas.0.source.protocol", "LOCAL_FILE", "CHANGE_SOURCE", "#/sources/levels", MINOR),
    ("schemas.0.source.configuration.url", "u", "CHANGE_SOURCE", "#/sources/levels", MINOR),
    (
        "schemas.0.source.configuration.page.first",
        True,
        "CHANGE_SOURCE",
        "#/sources/levels",
        MINOR,
    ),
    ("schemas.0.source.configuration.more", 1, "CHANGE_SOURCE", "#/sources/levels", MINOR),
]

IGNORED = [
    ("version", "7.0.0"),
    ("updatedDate", "2021-01-01T00:00:00Z"),
    ("generatedBy", "another gauge"),
    ("canonical", False),
    ("registries", []),
    ("schemas.0.recordCount", 13),
    ("schemas.0.samples", []),
    ("schemas.0.derivedFromDescription", "A guess"),
    (f"{LEVEL}.title", "Level"),
    (f"{LEVEL}.types.number.recordCount", 13),
    (f"{LEVEL}.hidden", ABSENT),
    (f"{LEVEL}.lastSeen", "2021-01-01T00:00:00Z"),
    (f"{SOURCE}.streamSets.0.lastUpdateHash", "beef"),
    (f"{SOURCE}.streamSets.0.streamStats", {"inspectedCount": 13}),
]


def check(document, path, value, kind, pointer, level):
    old, new = package_file(document), package_file(edited(document, path, value))

    (difference,) = differences(old, new)

    assert (difference.kind, difference.pointer) == (kind, pointer)
    assert difference.compatibility == compatibility(old, new) == level


@pytest.mark.parametrize("row", IN_NEWEST_FORMAT, ids=lambda row: f"{row[2]}-{row[0]}")
def test_each_change_has_its_kind_in_the_newest_format(row):
    check(newest(), *row)


@pytest.mark.parametrize("row", IN_SEED_ERA_FORMAT, ids=lambda row: f"{row[2]}-{row[0]}")
def test_each_change_has_its_kind_in_the_seed_era_format(row):
    check(seed_era(), *row)


@pytest.mark.parametrize(("path", "value"), IGNORED)
def test_what_says_nothing_about_the_data_is_ignored(path, value):
    document = newest()
    old, new = package_file(document), package_file(edited(document, path, value))

    assert differences(old, new) == []
    assert compatibility(old, new) is IDENTICAL
    assert smallest_next_version(old, new) == old.version


def test_the_order_of_things_is_ignored():
    document = newest()
    turned = json.loads(json.dumps(document), object_pairs_hook=lambda pairs: dict(pairs[::-1]))

    assert changes(document, turned) == []


def test_types_are_a_set_however_they_are_written():
    document = seed_era()
    as_text = edited(document, f"{GAUGE}.type", "string")

    assert changes(document, edited(document, f"{GAUGE}.type", ["null", "string"])) == []
    assert changes(as_text, edited(document, f"{GAUGE}.type", ["string"])) == []


@pytest.mark.parametrize(
    ("old_hidden", "new_hidden", "kind", "level"),
    [(False, True, "HIDE_PROPERTY", BREAKING), (True, False, "UNHIDE_PROPERTY", COMPATIBLE)],
)
def test_hiding_breaks_and_showing_adds(old_hidden, new_hidden, kind, level):
    document = edited(newest(), f"{GAUGE}.hidden", old_hidden)

    check(document, f"{GAUGE}.hidden", new_hidden, kind, "#/levels/properties/gauge", level)


@pytest.mark.parametrize(
    ("path", "kind", "pointer"),
    [
        (GAUGE, "REMOVE_HIDDEN_PROPERTY", "#/levels/properties/gauge"),
        ("schemas.0", "REMOVE_HIDDEN_SCHEMA", "#/levels"),
    ],
)
def test_removing_what_was_hidden_is_minor(path, kind, pointer):
    document = edited(newest(), f"{path}.hidden", True)

    check(document, path, ABSENT, kind, pointer, MINOR)


def test_an_added_source_is_minor():
    document = newest()
    added = document["sources"][0] | {"slug": "second"}

    check(
        document,
        "sources",
        [*document["sources"], added],
        "CHANGE_SOURCE",
        "#/sources/second",
        MINOR,
    )


def test_an_added_schema_is_compatible():
    document = newest()
    added = {"title": "rivers/all"}

    check(
        document,
        "schemas",
        [*document["schemas"], added],
        "ADD_SCHEMA",
        "#/rivers~1all",
        COMPATIBLE,
    )


def test_schemas_that_share_a_title_are_told_apart_by_their_order():
    first, second = {"properties": {"a": {}}}, {"properties": {"b": {}}}
    document = minimal("0.3.20")

    two = document | {"schemas": [first, second]}

    assert changes(two, two) == []
    assert changes(two, document | {"schemas": [first]}) == [("REMOVE_SCHEMA", "#/")]
    assert changes(document | {"schemas": [first]}, two) == [("ADD_SCHEMA", "#/")]


def test_a_difference_holds_both_values_for_showing():
    document = newest()
    types = {"null": {"recordCount": 1}, "integer": {"recordCount": 1}}

    (retyped,) = differences(
        package_file(document), package_file(edited(document, f"{GAUGE}.types", types))
    )
    (renamed,) = differences(
        package_file(document), package_file(edited(document, "displayName", "Levels"))
    )

    assert (retyped.before, retyped.after) == (["number"], ["integer", "null"])
    assert renamed == Difference(
        DifferenceKind.CHANGE_PACKAGE_DISPLAY_NAME, "#", "River levels", "Levels"
    )


def test_the_worst_difference_decides():
    document = newest()
    new = edited(edited(document, "displayName", "Levels"), GAUGE, ABSENT)
    new["schemas"].append({"title": "rivers"})

    assert compatibility(package_file(document), package_file(new)) is BREAKING


@pytest.mark.parametrize(
    ("path", "value", "number"),
    [
        ("generatedBy", "another gauge", Semver(1, 2, 3)),
        ("displayName", "Levels", Semver(1, 2, 4)),
        (f"{LEVEL}.properties.more", {"title": "more", "types": {}}, Semver(1, 3, 0)),
        (GAUGE, ABSENT, Semver(2, 0, 0)),
    ],
)
def test_the_smallest_next_version_follows_from_the_change(path, value, number):
    document = newest() | {"version": "1.2.3"}
    new = edited(document, path, value) | {"version": "9.9.9"}

    assert smallest_next_version(package_file(document), package_file(new)) == number


def test_clients_know_the_words_for_compatibility():
    assert [level.word for level in Compatibility] == ["no", "minor", "compatibile", "breaking"]


def test_the_format_that_a_file_states_is_not_a_difference():
    files = [package_file(complete(name)) for name in (None, *VERSIONED)]

    assert {compatibility(old, new) for old in files for new in files} == {IDENTICAL}


def test_a_seed_era_file_and_its_newest_form_differ_in_words_and_sources_alone():
    old = edited(seed_era(), f"{LEVEL}.format", "date")
    one = {"recordCount": 1}
    strings = {"title": "it", "types": {"string": one}}
    new = minimal("0.32.1") | {
        "schemas": [
            {
                "title": "levels",
                "properties": {
                    "level": {"title": "level", "types": {"date": one}},
                    "gauge": {"title": "gauge", "types": {"string": one, "null": one}},
                    "place": {
                        "title": "place",
                        "types": {
                            "object": one
                            | {"objectProperties": {"river": strings, "bank": strings}}
                        },
                    },
                },
            }
        ]
    }

    assert changes(old, new) == [
        ("CHANGE_README_MARKDOWN", "#"),
        ("CHANGE_LICENSE_MARKDOWN", "#"),
        ("CHANGE_PARSER", "#/levels/parser"),
        ("REMOVE_SOURCE", "#/sources/levels"),
    ]
    assert smallest_next_version(package_file(old), package_file(new)) == Semver(1, 0, 1)

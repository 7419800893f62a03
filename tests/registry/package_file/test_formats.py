import json

import pytest
from jsonschema_rs import Draft7Validator, meta

from litereg.registry.package_file import FORMATS, parse, schema_id, schema_of
from litereg.registry.package_file.draft import Draft
from litereg.registry.package_file.formats import UNVERSIONED, VERSIONED
from litereg.registry.package_file.validation import problems_with

from .samples import ABSENT, complete, edited, minimal

LEVELS = "schemas.0"
LEVEL = "schemas.0.properties.level"
IDENTIFIER = {
    "registryUrl": "https://registry.example",
    "catalogSlug": "rivers",
    "packageSlug": "gauges",
    "version": "1.0.0",
    "majorVersion": 1,
    "schemaTitle": "gauges",
}


def derived(**changes):
    """Return what a schema is derived from: a schema of another package."""
    identifier = {name: of for name, of in (IDENTIFIER | changes).items() if of is not ABSENT}
    return {"displayName": "Gauges", "url": "https://gauges.example"} | {
        "schemaIdentifier": identifier
    }


# (first format that refuses, first later format that does not or None, path, refused value)
REFUSED = [
    ("0.3.20", None, "updatedDate", ABSENT),
    ("0.3.20", None, "updatedDate", "yesterday"),
    ("0.3.20", None, "updatedDate", 5),
    ("0.3.20", None, "displayName", ABSENT),
    ("0.3.20", None, "displayName", ""),
    ("0.3.20", None, "displayName", "Straße"),
    ("0.3.20", None, "displayName", "two\nlines"),
    ("0.3.20", None, "packageSlug", ABSENT),
    ("0.3.20", None, "packageSlug", "Upper"),
    ("0.3.20", None, "packageSlug", "-edge"),
    ("0.3.20", None, "packageSlug", "edge-"),
    ("0.3.20", None, "packageSlug", "two..dots"),
    ("0.3.20", None, "version", ABSENT),
    ("0.3.20", None, "version", "1.0"),
    ("0.3.20", None, "version", "1.0.0-rc.1"),
    ("0.3.20", None, "description", ABSENT),
    ("0.3.20", "0.2.0", "description", 5),
    ("0.3.20", None, "generatedBy", 5),
    ("0.3.20", None, "registries", {}),
    ("0.3.20", None, "registries", ["rivers"]),
    ("0.3.20", None, "registries.0.catalogSlug", "a--b"),
    ("0.3.20", None, "registries.0.catalogSlug", "a-"),
    ("0.3.20", None, "registries.0.catalogSlug", "a" * 40),
    ("0.3.20", "0.3.0", "registries.0.catalogSlug", "Rivers"),
    ("0.3.20", "2020-11", "registries.0.type", "elsewhere"),
    ("0.3.20", "2020-11", "registries.0.hostname", 5),
    ("0.3.20", "2020-11", "registries.0.port", "443"),
    ("0.3.20", None, "schemas", ABSENT),
    ("0.3.20", None, "schemas", {}),
    ("0.3.20", None, "schemas.0", "levels"),
    ("0.3.20", "0.8.1", f"{LEVELS}.title", 5),
    ("0.3.20", "0.8.1", f"{LEVELS}.type", "table"),
    ("0.3.20", "0.8.1", f"{LEVEL}.format", 5),
    ("0.3.20", None, f"{LEVELS}.recordCount", 1.5),
    ("0.3.20", "0.2.0", f"{LEVELS}.recordCountApproximate", "yes"),
    ("0.3.20", "0.3.0", f"{LEVELS}.byteCount", "480"),
    ("0.3.20", "0.2.0", f"{LEVELS}.byteCountApproximate", "yes"),
    ("0.3.20", "0.1.0", f"{LEVELS}.parser", "csv"),
    ("0.3.20", "0.1.0", f"{LEVELS}.parser.mimeType", ABSENT),
    ("0.3.20", "0.1.0", f"{LEVELS}.parser.configuration", []),
    ("0.3.20", "0.3.0", f"{LEVELS}.source", "http"),
    ("0.3.20", "0.1.0", f"{LEVELS}.source.protocol", ABSENT),
    ("0.3.20", "0.3.0", f"{LEVELS}.source.configuration", []),
    ("2020-11", None, "updatedDate", "2020-10-01T13:54:29." + "4" * 128 + "Z"),
    ("2020-11", None, "displayName", "a" * 129),
    ("2020-11", None, "packageSlug", "a" * 101),
    ("2020-11", None, "version", "1.0." + "0" * 125),
    ("2020-11", "0.2.0", "description", "a" * 257),
    ("2020-11", None, "generatedBy", "a" * 257),
    ("2020-11", None, "readmeMarkdown", "a" * 100_001),
    ("2020-11", None, "licenseMarkdown", "a" * 100_001),
    ("2020-11", None, "website", "a" * 1025),
    ("2020-11", None, "contactEmail", "a" * 1025),
    ("2020-11", None, "registries.0.catalogSlug", "a" * 39),
    ("2020-11", "0.7.0", "registries.0.registryURL", "a" * 513),
    ("2020-11", "0.1.0", f"{LEVELS}.parser.mimeType", "a" * 129),
    ("2020-11", "0.1.0", f"{LEVELS}.source.protocol", "a" * 129),
    ("2020-11", None, f"{LEVELS}.samples", {}),
    ("2020-11", None, f"{LEVELS}.samples", [1.5]),
    ("0.1.0", "0.3.0", f"{LEVELS}.source.type", ABSENT),
    ("0.1.0", "0.3.0", f"{LEVELS}.source.type", "a" * 129),
    ("0.1.0", "0.3.0", f"{LEVELS}.source.uri", "a" * 2049),
    ("0.1.0", "0.3.0", f"{LEVELS}.source.lastUpdateHash", "a" * 2049),
    ("0.1.0", None, f"{LEVELS}.unit", "a" * 129),
    ("0.1.0", None, f"{LEVELS}.derivedFromDescription", "a" * 2049),
    ("0.1.0", None, f"{LEVELS}.derivedFrom", {}),
    ("0.1.0", None, f"{LEVELS}.derivedFrom.0.displayName", ABSENT),
    ("0.1.0", None, f"{LEVELS}.derivedFrom.0.displayName", "a" * 129),
    ("0.1.0", None, f"{LEVELS}.derivedFrom.0.url", ABSENT),
    ("0.1.0", None, f"{LEVELS}.derivedFrom.0.url", "a" * 2049),
    ("0.1.0", "0.32.1", f"{LEVELS}.derivedFrom.0.packageIdentifier", {}),
    ("0.1.0", None, f"{LEVELS}.derivedFrom.0", derived(registryUrl=ABSENT)),
    ("0.1.0", None, f"{LEVELS}.derivedFrom.0", derived(registryUrl="a" * 513)),
    ("0.1.0", None, f"{LEVELS}.derivedFrom.0", derived(catalogSlug=ABSENT)),
    ("0.1.0", None, f"{LEVELS}.derivedFrom.0", derived(catalogSlug="a" * 39)),
    ("0.1.0", None, f"{LEVELS}.derivedFrom.0", derived(packageSlug=ABSENT)),
    ("0.1.0", None, f"{LEVELS}.derivedFrom.0", derived(packageSlug="a" * 101)),
    ("0.1.0", None, f"{LEVELS}.derivedFrom.0", derived(schemaTitle="a" * 513)),
    ("0.1.0", None, f"{LEVELS}.derivedFrom.0", derived(version=ABSENT)),
    ("0.2.0", None, f"{LEVELS}.recordCountPrecision", "ROUGH"),
    ("0.2.0", "0.3.0", f"{LEVELS}.byteCountPrecision", "ROUGH"),
    ("0.3.0", None, f"{LEVELS}.hidden", "no"),
    ("0.3.0", None, "sources", {}),
    ("0.3.0", None, "sources.0", "http"),
    ("0.3.0", None, "sources.0.type", ABSENT),
    ("0.3.0", None, "sources.0.type", "a" * 129),
    ("0.3.0", None, "sources.0.slug", ABSENT),
    ("0.3.0", None, "sources.0.slug", "a" * 129),
    ("0.3.0", "0.5.0", "sources.0.uris", "https://rivers.example"),
    ("0.3.0", "0.5.0", "sources.0.uris", ["a" * 2049]),
    ("0.3.0", None, "sources.0.configuration", []),
    ("0.3.0", None, "sources.0.streamSets", ABSENT),
    ("0.3.0", None, "sources.0.streamSets.0.slug", ABSENT),
    ("0.3.0", "0.8.1", "sources.0.streamSets.0.configuration", ABSENT),
    ("0.3.0", "0.8.1", "sources.0.streamSets.0.configuration", []),
    ("0.3.0", None, "sources.0.streamSets.0.schemaTitles", ABSENT),
    ("0.3.0", None, "sources.0.streamSets.0.schemaTitles", ["a" * 513]),
    ("0.3.0", None, "sources.0.streamSets.0.lastUpdateHash", "a" * 2049),
    ("0.3.0", None, "sources.0.streamSets.0.streamStats.inspectedCount", ABSENT),
    ("0.3.0", None, "sources.0.streamSets.0.streamStats.recordCount", 1.5),
    ("0.3.0", None, "sources.0.streamSets.0.streamStats.recordCountPrecision", "ROUGH"),
    ("0.3.0", None, "sources.0.streamSets.0.streamStats.byteCount", 1.5),
    ("0.3.0", None, "sources.0.streamSets.0.streamStats.byteCountPrecision", "ROUGH"),
    ("0.4.0", None, f"{LEVELS}.description", "a" * 4097),
    ("0.4.0", "0.9.0", f"{LEVEL}.type", ABSENT),
    ("0.4.0", "0.9.0", f"{LEVEL}.valueTypes", []),
    ("0.4.0", "0.9.0", f"{LEVEL}.valueTypes.number", 12),
    ("0.4.0", "0.9.0", f"{LEVEL}.valueTypes.number.numberMaxValue", "9.25"),
    ("0.4.0", None, f"{LEVEL}.description", "a" * 4097),
    ("0.4.0", None, f"{LEVEL}.hidden", "no"),
    ("0.4.0", None, f"{LEVEL}.unit", 5),
    ("0.6.0", None, "sources.0.connectionConfiguration", ABSENT),
    ("0.6.0", None, "sources.0.connectionConfiguration", []),
    ("0.7.0", None, "sources", ABSENT),
    ("0.7.0", None, "registries.0.catalogSlug", ABSENT),
    ("0.7.0", None, "registries.0.url", ABSENT),
    ("0.7.0", None, "registries.0.url", "a" * 2049),
    ("0.7.0", None, "registries.0.publishMethod", ABSENT),
    ("0.7.0", None, "registries.0.publishMethod", "BY_POST"),
    ("0.8.0", None, "canonical", ABSENT),
    ("0.8.0", None, "canonical", "yes"),
    ("0.8.0", None, "modifiedProperties", [5]),
    ("0.8.1", "0.9.0", f"{LEVEL}.valueTypes.number.valueType", "money"),
    ("0.8.1", "0.9.0", f"{LEVEL}.valueTypes.number.numberMaxPrecision", "3"),
    ("0.8.1", "0.9.0", f"{LEVEL}.valueTypes.number.numberMaxScale", "2"),
    ("0.8.1", None, "sources.0.streamSets.0.updateMethods", ABSENT),
    ("0.8.1", None, "sources.0.streamSets.0.updateMethods", ["NEVER"]),
    ("0.9.0", None, f"{LEVEL}.title", ABSENT),
    ("0.9.0", None, f"{LEVEL}.types", ABSENT),
    ("0.9.0", None, f"{LEVEL}.types.number.recordCount", ABSENT),
    ("0.9.0", None, f"{LEVEL}.types.number.recordCount", "12"),
    ("0.9.0", None, f"{LEVEL}.types.number.stringMinLength", "1"),
    ("0.9.0", None, f"{LEVEL}.types.number.stringMaxLength", "4"),
    ("0.9.0", None, f"{LEVEL}.types.number.numberMinValue", "0.5"),
    ("0.9.0", None, f"{LEVEL}.types.number.numberMaxPrecision", "3"),
    ("0.9.0", None, f"{LEVEL}.types.number.numberMaxScale", "2"),
    ("0.9.0", None, f"{LEVEL}.types.number.dateMinValue", 2020),
    ("0.9.0", None, f"{LEVEL}.types.number.dateMaxValue", 2020),
    ("0.9.0", None, f"{LEVEL}.types.number.stringOptions", ["high"]),
    ("0.9.0", None, f"{LEVEL}.types.number.stringOptions.high", "3"),
    ("0.9.0", None, f"{LEVEL}.types.number.arrayTypes.number.recordCount", ABSENT),
    ("0.9.0", None, f"{LEVEL}.types.number.arrayMinLength", "0"),
    ("0.9.0", None, f"{LEVEL}.types.number.arrayMaxLength", "7"),
    ("0.9.0", None, f"{LEVEL}.types.number.contentLabels", {}),
    ("0.9.0", None, f"{LEVEL}.types.number.contentLabels.0.label", ABSENT),
    ("0.9.0", None, f"{LEVEL}.types.number.contentLabels.0.label", "a" * 76),
    ("0.9.0", None, f"{LEVEL}.types.number.contentLabels.0.hidden", "no"),
    ("0.9.0", None, f"{LEVEL}.types.number.contentLabels.0.appliedByContentDetector", 5),
    ("0.9.0", None, f"{LEVEL}.types.number.contentLabels.0.confidence", "high"),
    ("0.9.0", None, f"{LEVEL}.types.number.contentLabels.0.occurrence", "once"),
    ("0.9.0", None, f"{LEVEL}.properties.inner.types", ABSENT),
    ("0.32.1", None, "displayName", "1st river"),
    ("0.3.20", "0.32.1", "displayName", "R[iv]er\\^` %*+-"),
    ("0.32.1", None, "readmeMarkdown", ABSENT),
    ("0.32.1", None, "readmeFile", "README.md"),
    ("0.32.1", None, "licenseMarkdown", ABSENT),
    ("0.32.1", None, "licenseFile", "LICENSE.md"),
    ("0.32.1", None, f"{LEVELS}.derivedFrom.0", derived()),
    ("0.32.1", None, "sources.0.credentialsIdentifier", 5),
    ("0.32.1", None, "sources.0.updateConfiguration", []),
    ("0.32.1", None, "sources.0.updateCredentialsIdentifier", 5),
    ("0.32.1", None, f"{LEVEL}.firstSeen", "yesterday"),
    ("0.32.1", None, f"{LEVEL}.lastSeen", "yesterday"),
]


def names(row):
    since, until, path, value = row
    return f"{since}-{until or 'now'}-{path}-{'absent' if value is ABSENT else str(value)[:20]}"


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_takes_its_smallest_file(name):
    file = parse(json.dumps(minimal(name)))

    assert file.format == ("0.3.20" if name in ("0.3.20", "2020-11") else name)
    assert problems_with(minimal(name), name) == []


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_takes_everything_that_any_format_knows(name):
    assert problems_with(complete(), name) == []


@pytest.mark.parametrize("row", REFUSED, ids=names)
def test_each_rule_holds_from_its_format_to_its_last(row):
    since, until, path, value = row
    document = edited(complete(), path, value)
    end = FORMATS.index(until) if until else len(FORMATS)

    refusing = [name for name in FORMATS if problems_with(document, name)]

    assert refusing == list(FORMATS[FORMATS.index(since) : end])


def test_0_32_1_takes_a_schema_of_another_package_by_its_major_version():
    identified = derived(version=ABSENT)
    del identified["url"]
    document = edited(complete(), f"{LEVELS}.derivedFrom", [identified])

    assert problems_with(document, "0.32.1") == []

    del identified["schemaIdentifier"]["majorVersion"]
    document = edited(complete(), f"{LEVELS}.derivedFrom", [identified])

    (problem,) = problems_with(document, "0.32.1")
    assert problem.params == {"missingProperty": "majorVersion"}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("website", "not an address"),
        ("contactEmail", "not an e-mail address"),
        (f"{LEVELS}.derivedFrom.0.url", "not an address"),
        (f"{LEVELS}.$id", "not an address"),
        (f"{LEVELS}.pattern", "(((not a regular expression"),
        ("anything", {"else": [1, 2]}),
        (f"{LEVEL}.types.money", "no statistics"),
    ],
)
def test_what_publishers_never_checked_is_taken_by_every_format(path, value):
    document = edited(complete(), path, value)

    assert [name for name in FORMATS if problems_with(document, name)] == []


@pytest.mark.parametrize("name", FORMATS)
def test_each_schema_stands_alone_and_is_a_draft_07_schema(name):
    schema = schema_of(name)

    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert schema["$id"] == schema_id(name)
    assert meta.is_valid(schema)
    assert Draft7Validator(schema).is_valid(minimal(name))


def test_no_two_formats_share_an_address():
    assert len({schema_id(name) for name in FORMATS}) == len(FORMATS)
    assert schema_id("0.3.20") == "http://datapm.io/docs/package-file-schema-v1.json"
    assert schema_id("0.9.0") == "https://datapm.io/docs/package-file-schema-v0.9.0.json"


def test_each_call_returns_a_schema_of_its_own():
    schema_of("0.9.0")["properties"].clear()

    assert schema_of("0.9.0")["properties"] != {}


def test_formats_stand_in_the_order_of_their_publication():
    numbers = [tuple(map(int, name.split("."))) for name in VERSIONED]

    assert numbers == sorted(numbers)
    assert UNVERSIONED == ("0.3.20", "2020-11", "0.1.0")
    assert (*UNVERSIONED, *VERSIONED[1:]) == FORMATS


def test_between_0_9_0_and_0_31_5_only_a_meaning_changed():
    keys = ("$id", "title", "description")
    before, after = schema_of("0.9.0"), schema_of("0.31.5")

    assert [before.pop(key) != after.pop(key) for key in keys] == [True, True, True]
    assert before == after


def test_an_unknown_format_has_no_schema():
    with pytest.raises(ValueError, match="not in tuple"):
        schema_of("0.10.0")


def test_a_draft_shares_nothing_with_what_is_put_into_it():
    draft, text = Draft(), {"type": "string"}

    draft.put("name", text, required=True)
    draft.put("other", text)
    draft.at("name")["maxLength"] = 5
    draft.drop("other")
    draft.require("name")

    assert text == {"type": "string"}
    assert draft.schema == {
        "type": "object",
        "required": ["name"],
        "properties": {"name": {"type": "string", "maxLength": 5}},
    }

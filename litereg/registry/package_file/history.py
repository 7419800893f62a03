"""How the package-file format changed: one function a published format, oldest first.

Each says what is different from the format before it, so that the file reads as a change log; its
docstring becomes the description of the published JSON Schema. Only what was published stands here,
oddities included, because files written then are still sent today: a rule that looks too loose
(a registry entry of which nothing is demanded, contents of an array that may be anything) is as
loose as it was. What litereg itself demands on top is in `validation`.

Patterns are written in the linear-time subset of regular expressions, each matching exactly what
the published one matches.
"""

from __future__ import annotations

from collections.abc import Callable

from litereg.registry.package_file.draft import Draft, JsonSchema

Change = Callable[[Draft], None]

# The formats in the order of their publication, each with its change.
HISTORY: dict[str, Change] = {}

DRAFT_07: JsonSchema = {"$ref": "http://json-schema.org/draft-07/schema#"}
ANY_OBJECT: JsonSchema = {"type": "object"}
BOOLEAN: JsonSchema = {"type": "boolean"}
INTEGER: JsonSchema = {"type": "integer"}
NUMBER: JsonSchema = {"type": "number"}

VERSION = r"^[0-9]+\.[0-9]+\.[0-9]+$"
PACKAGE_SLUG = "^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*$"
PACKAGE_SLUG_ANY_CASE = "^[a-zA-Z0-9]+(?:(?:[._]|__|-+)[a-zA-Z0-9]+)*$"
CATALOG_SLUG = "^[a-z0-9](?:-?[a-z0-9])*$"
CATALOG_SLUG_ANY_CASE = "^[a-zA-Z0-9](?:-?[a-zA-Z0-9])*$"
DISPLAY_NAME = "^[A-Za-z0-9_ -]+$"
# From A to lower-case z: the published class ran across the six characters between the alphabets.
DISPLAY_NAME_SINCE_0_32 = r"^[A-Za-z][A-Za-z0-9\[\\\]^_` %*+-]+$"

# Searched for anywhere in a name, as published: `dates` falls under it, `money` may hold anything.
TYPE_NAME = "string|number|integer|boolean|date|object|array|null"


def text(max_length: int | None = None, pattern: str | None = None, **more: object) -> JsonSchema:
    """Return the schema of a string; *more* are further keywords, such as `format`."""
    limits = {"maxLength": max_length, "pattern": pattern, **more}
    return {"type": "string"} | {key: limit for key, limit in limits.items() if limit is not None}


def one_of(*values: str) -> JsonSchema:
    """Return the schema of a string that is one of *values*."""
    return {"type": "string", "enum": list(values)}


def array(items: JsonSchema) -> JsonSchema:
    """Return the schema of an array of *items*."""
    return {"type": "array", "items": items}


def mapping(values: JsonSchema) -> JsonSchema:
    """Return the schema of an object with free names, each of which holds one of *values*."""
    return {"type": "object", "additionalProperties": values}


def either(*names: str) -> JsonSchema:
    """Return the rule that exactly one of *names* is there."""
    return {"oneOf": [{"required": [name]} for name in names]}


PRECISION = one_of("EXACT", "APPROXIMATE", "GREATER_THAN")


def published(name: str) -> Callable[[Change], Change]:
    """Enter a change into the history as the format *name*."""

    def enter(change: Change) -> Change:
        HISTORY[name] = change
        return change

    return enter


@published("0.3.20")
def seed_era(draft: Draft) -> None:
    """Data packages with schemas, each with its own source and parser; October 2020."""
    draft.put("updatedDate", text(format="date-time"), required=True)
    draft.put("displayName", text(pattern=DISPLAY_NAME), required=True)
    draft.put("packageSlug", text(pattern=PACKAGE_SLUG), required=True)
    draft.put("version", text(pattern=VERSION), required=True)
    draft.put("description", text(), required=True)
    draft.put("generatedBy", text())

    draft.put("registries", array(ANY_OBJECT))
    # Longer than the 38 characters of later formats by one, as the published pattern counted.
    draft.put("registries[].catalogSlug", text(39, CATALOG_SLUG))
    draft.put("registries[].type", one_of("local", "datapm", "DoNotPublish"))
    draft.put("registries[].hostname", text())
    draft.put("registries[].port", INTEGER)

    draft.put("schemas", array({"allOf": [DRAFT_07], "type": "object"}), required=True)
    draft.put("schemas[].recordCount", INTEGER)
    draft.put("schemas[].recordCountApproximate", BOOLEAN)
    draft.put("schemas[].byteCount", INTEGER)
    draft.put("schemas[].byteCountApproximate", BOOLEAN)

    draft.put("schemas[].parser", ANY_OBJECT)
    draft.put("schemas[].parser.mimeType", text(), required=True)
    draft.put("schemas[].parser.configuration", ANY_OBJECT)

    draft.put("schemas[].source", ANY_OBJECT)
    draft.put("schemas[].source.protocol", text(), required=True)
    draft.put("schemas[].source.configuration", ANY_OBJECT)


@published("2020-11")
def november_2020(draft: Draft) -> None:
    """Readme, licence, website and contact; texts have a longest length; registries have a URL."""
    draft.put("updatedDate", text(128, format="date-time"))
    draft.put("displayName", text(128, DISPLAY_NAME))
    draft.put("packageSlug", text(100, PACKAGE_SLUG))
    draft.put("version", text(128, VERSION))
    draft.put("description", text(256))
    draft.put("generatedBy", text(256))

    draft.put("readmeFile", text(1024))
    draft.put("readmeMarkdown", text(100_000))
    draft.put("licenseFile", text(1024))
    draft.put("licenseMarkdown", text(100_000))
    draft.put("website", text(1024, format="iri"))
    draft.put("contactEmail", text(1024, format="idn-email"))

    draft.drop("registries[].type", "registries[].hostname", "registries[].port")
    draft.put("registries[].catalogSlug", text(38, CATALOG_SLUG))
    draft.put("registries[].registryURL", text(512))

    draft.put("schemas[].parser.mimeType", text(128))
    draft.put("schemas[].source.protocol", text(128))
    draft.put("schemas[].samples", array(ANY_OBJECT))


@published("0.1.0")
def first_numbered(draft: Draft) -> None:
    """No parser; a source has a type, not a protocol; a schema tells what it is derived from."""
    draft.drop("schemas[].parser")
    draft.drop("schemas[].source.protocol")
    draft.put("schemas[].source.type", text(128), required=True)
    draft.put("schemas[].source.uri", text(2048))
    draft.put("schemas[].source.lastUpdateHash", text(2048))

    draft.put("schemas[].unit", text(128))
    draft.put("schemas[].derivedFromDescription", text(2048))
    # No other rule of the format knows the name `packageIdentifier`: in effect a URL is demanded.
    draft.put("schemas[].derivedFrom", array(ANY_OBJECT | either("packageIdentifier", "url")))
    draft.put("schemas[].derivedFrom[].displayName", text(128), required=True)
    draft.put("schemas[].derivedFrom[].url", text(2048, format="url"))

    identifier = "schemas[].derivedFrom[].schemaIdentifier"
    draft.put(identifier, ANY_OBJECT)
    draft.put(f"{identifier}.registryUrl", text(512), required=True)
    draft.put(f"{identifier}.catalogSlug", text(38, CATALOG_SLUG), required=True)
    draft.put(f"{identifier}.packageSlug", text(100, PACKAGE_SLUG), required=True)
    draft.put(f"{identifier}.version", text(128, VERSION), required=True)
    draft.put(f"{identifier}.schemaTitle", text(512))


@published("0.2.0")
def precise_counts(draft: Draft) -> None:
    """Counts say how precise they are; the description may be anything."""
    draft.drop("schemas[].recordCountApproximate", "schemas[].byteCountApproximate")
    draft.put("schemas[].recordCountPrecision", PRECISION)
    draft.put("schemas[].byteCountPrecision", PRECISION)
    draft.put("description", {})


@published("0.3.0")
def shared_sources(draft: Draft) -> None:
    """Sources move out of the schemas: one source has stream sets, which feed schemas by title."""
    draft.drop("schemas[].source", "schemas[].byteCount", "schemas[].byteCountPrecision")
    draft.put("schemas[].hidden", BOOLEAN)

    draft.put("sources", array(ANY_OBJECT))
    draft.put("sources[].type", text(128), required=True)
    draft.put("sources[].slug", text(128), required=True)
    draft.put("sources[].uris", array(text(2048)))
    draft.put("sources[].configuration", ANY_OBJECT)
    draft.put("sources[].streamSets", array(ANY_OBJECT), required=True)

    streams = "sources[].streamSets[]"
    draft.put(f"{streams}.slug", text(128), required=True)
    draft.put(f"{streams}.configuration", ANY_OBJECT, required=True)
    draft.put(f"{streams}.schemaTitles", array(text(512)), required=True)
    draft.put(f"{streams}.lastUpdateHash", text(2048))
    draft.put(f"{streams}.streamStats", ANY_OBJECT)
    draft.put(f"{streams}.streamStats.inspectedCount", INTEGER, required=True)
    draft.put(f"{streams}.streamStats.recordCount", INTEGER)
    draft.put(f"{streams}.streamStats.recordCountPrecision", PRECISION)
    draft.put(f"{streams}.streamStats.byteCount", INTEGER)
    draft.put(f"{streams}.streamStats.byteCountPrecision", PRECISION)

    identifier = "schemas[].derivedFrom[].schemaIdentifier"
    draft.put(f"{identifier}.catalogSlug", text(38, CATALOG_SLUG_ANY_CASE))
    draft.put(f"{identifier}.packageSlug", text(100, PACKAGE_SLUG_ANY_CASE))
    draft.put("registries[].catalogSlug", text(38, CATALOG_SLUG_ANY_CASE))
    draft.put("website", text(1024, format="uri"))
    draft.put("contactEmail", text(1024, format="email"))


@published("0.4.0")
def checked_properties(draft: Draft) -> None:
    """Properties of a schema are checked, with the statistics of their values."""
    draft.put("schemas[].description", text(4096))
    draft.put("schemas[].properties", mapping({"allOf": [DRAFT_07]}))

    entry = "schemas[].properties{}"
    draft.require(f"{entry}.type")
    draft.put(f"{entry}.description", text(4096))
    draft.put(f"{entry}.hidden", BOOLEAN)
    draft.put(f"{entry}.unit", text())
    draft.put(f"{entry}.valueTypes", mapping(ANY_OBJECT))

    values = f"{entry}.valueTypes{{}}"
    draft.put(f"{values}.recordCount", NUMBER)
    draft.put(f"{values}.stringMaxLength", NUMBER)
    draft.put(f"{values}.stringMinLength", NUMBER)
    draft.put(f"{values}.numberMaxValue", NUMBER)
    draft.put(f"{values}.numberMinValue", NUMBER)
    draft.put(f"{values}.dateMaxValue", text())
    draft.put(f"{values}.dateMinValue", text())
    draft.put(f"{values}.stringOptions", mapping(NUMBER))

    draft.put(f"{values}.contentLabels", array({}))
    draft.put(f"{values}.contentLabels[].label", text(75), required=True)
    draft.put(f"{values}.contentLabels[].hidden", BOOLEAN)
    draft.put(f"{values}.contentLabels[].appliedByContentDetector", text())
    draft.put(f"{values}.contentLabels[].confidence", NUMBER)
    draft.put(f"{values}.contentLabels[].occurrence", NUMBER)


@published("0.5.0")
def configured_uris(draft: Draft) -> None:
    """The URIs of a source are part of its configuration."""
    draft.drop("sources[].uris")


@published("0.6.0")
def connections(draft: Draft) -> None:
    """How to reach a source stands apart from what to read there."""
    draft.put("sources[].connectionConfiguration", ANY_OBJECT, required=True)


@published("0.7.0")
def publish_methods(draft: Draft) -> None:
    """Sources are always there; a registry entry says what is published to it."""
    draft.require("sources")
    draft.drop("registries[].registryURL")
    draft.require("registries[].catalogSlug")
    draft.put("registries[].url", text(2048), required=True)
    methods = one_of("SCHEMA_ONLY", "SCHEMA_AND_DATA", "SCHEMA_PROXY_DATA")
    draft.put("registries[].publishMethod", methods, required=True)


@published("0.8.0")
def canonical_files(draft: Draft) -> None:
    """A file says whether it is the publisher's own, and what a registry changed in it."""
    draft.put("canonical", BOOLEAN, required=True)
    draft.put("modifiedProperties", array(text()))


@published("0.8.1")
def update_methods(draft: Draft) -> None:
    """Stream sets say how they are updated; schemas need not be JSON Schemas any more."""
    del draft.at("schemas[]")["allOf"]
    del draft.at("schemas[].properties{}")["allOf"]

    values = "schemas[].properties{}.valueTypes{}"
    value_type = one_of(
        "string", "number", "integer", "boolean", "date", "date-time", "object", "array", "null"
    )
    draft.put(f"{values}.valueType", value_type)
    draft.put(f"{values}.numberMaxPrecision", NUMBER)
    draft.put(f"{values}.numberMaxScale", NUMBER)

    streams = "sources[].streamSets[]"
    methods = array(one_of("CONTINUOUS", "BATCH_FULL_SET", "APPEND_ONLY_LOG"))
    draft.put(f"{streams}.updateMethods", methods, required=True)
    draft.drop(f"{streams}.configuration")


@published("0.9.0")
def typed_properties(draft: Draft) -> None:
    """A property has types, each with its statistics, and may have properties of its own."""
    values = draft.define("values", draft.at("schemas[].properties{}.valueTypes{}"))
    entry = draft.define("property", draft.at("schemas[].properties{}"))
    draft.put("schemas[].properties", mapping(entry))

    draft.drop("schemas[].properties{}.type", "schemas[].properties{}.valueTypes")
    types: JsonSchema = {"type": "object", "patternProperties": {TYPE_NAME: values}}
    draft.put("schemas[].properties{}.types", types, required=True)
    draft.put("schemas[].properties{}.title", text(), required=True)
    draft.put("schemas[].properties{}.properties", mapping(entry))

    statistics = "schemas[].properties{}.types{}"
    draft.drop(f"{statistics}.valueType")
    draft.require(f"{statistics}.recordCount")
    draft.put(f"{statistics}.arrayTypes", types)
    draft.put(f"{statistics}.arrayMinLength", NUMBER)
    draft.put(f"{statistics}.arrayMaxLength", NUMBER)


@published("0.31.5")
def moved_properties(draft: Draft) -> None:
    """Only a meaning changed: inner properties stand in `types.object.objectProperties`."""


@published("0.32.1")
def readme_and_license(draft: Draft) -> None:
    """Readme and licence are demanded, as text or as file; credentials are named, not held."""
    readme = either("readmeMarkdown", "readmeFile")
    draft.at("")["allOf"] = [readme, either("licenseMarkdown", "licenseFile")]
    draft.put("displayName", text(128, DISPLAY_NAME_SINCE_0_32))

    draft.at("schemas[].derivedFrom[]").update(either("schemaIdentifier", "url"))
    draft.drop("schemas[].derivedFrom[].schemaIdentifier.version")
    draft.put("schemas[].derivedFrom[].schemaIdentifier.majorVersion", NUMBER, required=True)

    draft.put("sources[].credentialsIdentifier", text())
    draft.put("sources[].updateConfiguration", ANY_OBJECT)
    draft.put("sources[].updateCredentialsIdentifier", text())

    draft.put("schemas[].properties{}.firstSeen", text(128, format="date-time"))
    draft.put("schemas[].properties{}.lastSeen", text(128, format="date-time"))

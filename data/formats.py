"""Write a package file in the older published formats, one step back at a time.

Pure. A file starts out in the newest format; each step below takes away what one version brought,
so the way to an old format is the list of steps down to it. Only what the demo's files contain is
handled: this is no general converter.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

NEWEST = "0.32.1"
SCHEMA_URL = "https://datapm.io/docs/package-file-schema-v{}.json"
TOP_ORDER = (
    "$schema",
    "packageSlug",
    "displayName",
    "version",
    "description",
    "updatedDate",
    "generatedBy",
    "website",
    "canonical",
    "readmeMarkdown",
    "licenseMarkdown",
    "sources",
    "schemas",
)
# JSON Schema has no dates: a date is a string with a format.
JSON_SCHEMA_TYPES = {"date": "string", "date-time": "string"}

File = dict[str, Any]


def as_format(file: File, wanted: str) -> File:
    """Return *file*, which is in the newest format, in the format *wanted*.

    Formats are named by version; the first one, which files do not state, is `unversioned`.
    """
    file = copy.deepcopy(file)
    reached = NEWEST
    for older, step_back in STEPS:
        if reached == wanted:
            break
        step_back(file)
        reached = older
    if reached != wanted:
        raise ValueError(f"no such package file format: {wanted}")
    if wanted != "unversioned":
        file["$schema"] = SCHEMA_URL.format(wanted)
    return {key: file[key] for key in TOP_ORDER if key in file}


def _same(file: File) -> None:
    """Step back over a version that brought nothing these files use."""


def _refuse_nested(file: File) -> None:
    """Before v0.31.5 nested properties were kept elsewhere; no file of the demo needs that."""
    for _, entry in _properties(file):
        if "object" in entry["types"]:
            raise ValueError("nested properties: use v0.31.5 or newer")


def _types_to_value_types(file: File) -> None:
    """v0.9.0 replaced `type`, a JSON Schema type, and `valueTypes` by `types`."""
    for _, entry in _properties(file):
        types = entry.pop("types")
        names = sorted({JSON_SCHEMA_TYPES.get(name, name) for name in types})
        entry["type"] = names[0] if len(names) == 1 else names
        for name in sorted(types.keys() & JSON_SCHEMA_TYPES.keys()):
            entry["format"] = name
        entry["valueTypes"] = {
            name: {"valueType": name} | statistics for name, statistics in types.items()
        }


def _drop_update_methods(file: File) -> None:
    """v0.8.1 brought update methods, precision and scale."""
    for stream in _streams(file):
        del stream["updateMethods"]
    for _, entry in _properties(file):
        for statistics in entry["valueTypes"].values():
            statistics.pop("numberMaxPrecision", None)
            statistics.pop("numberMaxScale", None)


def _drop_canonical(file: File) -> None:
    """v0.8.0 brought `canonical`."""
    del file["canonical"]


def _drop_connection(file: File) -> None:
    """v0.6.0 brought `connectionConfiguration`."""
    for source in file["sources"]:
        del source["connectionConfiguration"]


def _uris_beside_configuration(file: File) -> None:
    """v0.5.0 moved `uris` into the configuration."""
    for source in file["sources"]:
        source["uris"] = source["configuration"].pop("uris")


def _sources_into_schemas(file: File) -> None:
    """v0.3.0 took sources out of the schemas they belong to."""
    for source, schema in zip(file.pop("sources"), file["schemas"], strict=True):
        (stream,) = source["streamSets"]
        schema["byteCount"] = stream["streamStats"]["byteCount"]
        schema["byteCountPrecision"] = stream["streamStats"]["byteCountPrecision"]
        schema["source"] = {
            "type": source["type"],
            "uri": source["uris"][0],
            "configuration": source["configuration"],
            "lastUpdateHash": stream["lastUpdateHash"],
        }


def _precision_to_flags(file: File) -> None:
    """v0.2.0 replaced the flags for approximate counts by words."""
    for schema in file["schemas"]:
        for count in ("recordCount", "byteCount"):
            schema[f"{count}Approximate"] = schema.pop(f"{count}Precision") != "EXACT"


def _type_to_protocol(file: File) -> None:
    """The first format named a protocol and a parser, and held no licence text."""
    file.pop("licenseMarkdown", None)
    for schema in file["schemas"]:
        source = schema["source"]
        schema["source"] = {"protocol": "HTTP", "configuration": {"url": source["uri"]}}
        schema["parser"] = {"mimeType": source["configuration"]["mimeType"], "configuration": {}}


STEPS: tuple[tuple[str, Callable[[File], None]], ...] = (
    ("0.31.5", _same),
    ("0.9.0", _refuse_nested),
    ("0.8.1", _types_to_value_types),
    ("0.8.0", _drop_update_methods),
    ("0.7.0", _drop_canonical),
    ("0.6.0", _same),
    ("0.5.0", _drop_connection),
    ("0.4.0", _uris_beside_configuration),
    ("0.3.0", _same),
    ("0.2.0", _sources_into_schemas),
    ("0.1.0", _precision_to_flags),
    ("unversioned", _type_to_protocol),
)


def _properties(file: File) -> list[tuple[str, dict[str, Any]]]:
    return [entry for schema in file["schemas"] for entry in schema["properties"].items()]


def _streams(file: File) -> list[dict[str, Any]]:
    return [stream for source in file["sources"] for stream in source["streamSets"]]

"""Describe a table in a package file: computed facts from the data, words from people.

Pure. Written in the newest format. When the table was described before, the words of that file stay
(names, descriptions, units, readme, licence), and everything that is computed is computed anew.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from litereg.registry.names import check_package_slug
from litereg.registry.package_file import FORMATS

SCHEMA_URL = f"https://datapm.io/docs/package-file-schema-v{FORMATS[-1]}.json"
FIRST_VERSION = "1.0.0"
# What people write about a package as a whole, about a schema, and about one property.
WORDS = (
    *("displayName", "version", "description", "website", "contactEmail"),
    *("readmeMarkdown", "readmeFile", "licenseMarkdown", "licenseFile"),
)
SCHEMA_WORDS = ("description", "unit", "hidden")
PROPERTY_WORDS = ("title", "description", "unit", "hidden")
EMPTY: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Described:
    """A file with a table in it, and what was found out about it.

    Attributes:
        stem: its name without folder and ending.
        name: its name without folder.
        media_type: its MIME type.
        size: its length in bytes.
        sha256: its SHA-256, in hexadecimal.
        updated: when it was last changed, ISO 8601 in UTC.
        profile: `recordCount`, `properties` and `samples`, as `litereg.registry.profiling` gives.
    """

    stem: str
    name: str
    media_type: str
    size: int
    sha256: str
    updated: str
    profile: Mapping[str, Any]


def package_document(
    data: Described, generator: str, words: Mapping[str, Any], earlier: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the package file of *data*.

    Args:
        data: the table.
        generator: the program that describes it.
        words: what people say now, by the names of the format; `packageSlug` among them, perhaps.
        earlier: the package file that described the table before; empty when there was none.
    """
    slug = words.get("packageSlug") or earlier.get("packageSlug") or slug_of(data.stem)
    check_package_slug(slug)
    kept = {name: earlier[name] for name in WORDS if name in earlier}
    said = {**_first_words(data, slug), **kept, **words, "packageSlug": slug}
    # A format has one place for each; what is said now takes the place of what was said elsewhere.
    for markdown, file in (("readmeMarkdown", "readmeFile"), ("licenseMarkdown", "licenseFile")):
        if file in said and markdown not in words:
            said.pop(markdown, None)
        else:
            said.pop(file, None)
    return {
        "$schema": SCHEMA_URL,
        **said,
        "updatedDate": data.updated,
        "generatedBy": generator,
        "canonical": True,
        "sources": [_source(data)],
        "schemas": [_schema(data, earlier)],
    }


def slug_of(stem: str) -> str:
    """Return a slug for a file's name: "Rain in 2020" → "rain-in-2020"."""
    words = re.findall(r"[a-z0-9]+", stem.lower())
    return "-".join(words)[:100].rstrip("-") or "data"


def _first_words(data: Described, slug: str) -> dict[str, Any]:
    name = slug.replace("-", " ").replace("_", " ").replace(".", " ")
    # The format wants a letter first.
    name = name[0].upper() + name[1:] if name[0].isalpha() else f"Data {name}"
    return {
        "displayName": name if len(name) > 1 else f"Data {name}",
        "version": FIRST_VERSION,
        "description": f"The table in {data.name}.",
        "readmeMarkdown": f"# {name}\n\nWhat is in it, where it comes from, what to know of it.\n",
        "licenseMarkdown": "No licence is stated.\n",
    }


def _source(data: Described) -> dict[str, Any]:
    exact = {
        "inspectedCount": data.profile["recordCount"],
        "recordCount": data.profile["recordCount"],
        "recordCountPrecision": "EXACT",
        "byteCount": data.size,
        "byteCountPrecision": "EXACT",
    }
    return {
        "type": "file",
        "slug": slug_of(data.stem),
        "connectionConfiguration": {},
        "configuration": {"uris": [data.name], "mimeType": data.media_type},
        "streamSets": [
            {
                "slug": slug_of(data.stem),
                "configuration": {},
                "schemaTitles": [data.stem],
                "updateMethods": ["BATCH_FULL_SET"],
                "lastUpdateHash": data.sha256,
                "streamStats": exact,
            }
        ],
    }


def _schema(data: Described, earlier: Mapping[str, Any]) -> dict[str, Any]:
    schemas = earlier.get("schemas", ())
    before = next((schema for schema in schemas if schema.get("title") == data.stem), EMPTY)
    described = before.get("properties", EMPTY)
    return {
        "title": data.stem,
        "type": "object",
        **{word: before[word] for word in SCHEMA_WORDS if word in before},
        "recordCount": data.profile["recordCount"],
        "recordCountPrecision": "EXACT",
        "properties": {
            name: _property(found, described.get(name))
            for name, found in data.profile["properties"].items()
        },
        "samples": data.profile["samples"],
    }


def _property(found: Mapping[str, Any], before: object) -> dict[str, Any]:
    # In the first formats a property may be no object but `true`.
    words = before if isinstance(before, Mapping) else EMPTY
    return {**found, **{word: words[word] for word in PROPERTY_WORDS if word in words}}

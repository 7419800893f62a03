"""Package files to test with: the least of each format, and one that fits all of them."""

from __future__ import annotations

import copy
import json

from litereg.registry.package_file import FORMATS, PackageFile, parse, schema_id

ABSENT = object()

_UNVERSIONED = FORMATS[: FORMATS.index("0.1.0")]


def is_since(name, since):
    """Tell whether the format *name* is *since* or a later one."""
    return FORMATS.index(name) >= FORMATS.index(since)


def minimal(name):
    """Return the smallest file that the format *name* takes, as a dict."""
    document = {} if name in _UNVERSIONED else {"$schema": schema_id(name)}
    document |= {
        "updatedDate": "2020-10-01T13:54:29.442Z",
        "displayName": "River levels",
        "packageSlug": "river-levels",
        "version": "1.0.0",
        "description": "Water levels of some rivers",
        "schemas": [],
    }
    if is_since(name, "0.7.0"):
        document["sources"] = []
    if is_since(name, "0.8.0"):
        document["canonical"] = True
    if is_since(name, "0.32.1"):
        document |= {"readmeMarkdown": "# River levels", "licenseMarkdown": "CC0"}
    return document


def complete(name=None):
    """Return a file that holds everything any format knows, in a way that every format takes.

    With *name*, it states that format; without, none.
    """
    document = copy.deepcopy(_COMPLETE)
    if name is not None:
        document = {"$schema": schema_id(name), **document}
    return document


def edited(document, path, value):
    """Return a copy of *document* with *value* at *path* (`schemas.0.title`), or with nothing."""
    document = copy.deepcopy(document)
    *outer, last = (int(step) if step.isdigit() else step for step in path.split("."))
    holder = document
    for step in outer:
        holder = holder[step]
    if value is ABSENT:
        del holder[last]
    else:
        holder[last] = value
    return document


def package_file(document) -> PackageFile:
    """Return *document* as a parsed package file."""
    return parse(json.dumps(document))


def _statistics():
    return {
        "valueType": "number",
        "recordCount": 12,
        "stringMinLength": 1,
        "stringMaxLength": 4,
        "numberMinValue": 0.5,
        "numberMaxValue": 9.25,
        "numberMaxPrecision": 3,
        "numberMaxScale": 2,
        "dateMinValue": "2020-01-01",
        "dateMaxValue": "2020-12-31",
        "stringOptions": {"high": 3, "low": 9},
        "contentLabels": [
            {
                "label": "geo",
                "hidden": False,
                "appliedByContentDetector": "shape",
                "confidence": 0.5,
                "occurrence": 1,
            }
        ],
    }


def _property(title, **more):
    arrays = {"arrayTypes": {"number": _statistics()}, "arrayMinLength": 0, "arrayMaxLength": 7}
    return {
        "title": title,
        "type": "number",
        "description": f"The {title}",
        "unit": "m",
        "hidden": False,
        "valueTypes": {"number": _statistics()},
        "types": {"number": _statistics() | arrays},
        "firstSeen": "2020-10-01T13:54:29.442Z",
        "lastSeen": "2020-10-02T13:54:29.442Z",
        **more,
    }


_COMPLETE = {
    "updatedDate": "2020-10-01T13:54:29.442Z",
    "displayName": "River levels",
    "packageSlug": "river-levels",
    "version": "1.0.0",
    "description": "Water levels of some rivers",
    "generatedBy": "a gauge",
    "canonical": True,
    "modifiedProperties": ["sources"],
    "readmeMarkdown": "# River levels",
    "licenseMarkdown": "CC0",
    "website": "https://rivers.example",
    "contactEmail": "gauge@rivers.example",
    "registries": [
        {
            "catalogSlug": "rivers",
            "type": "datapm",
            "hostname": "registry.example",
            "port": 443,
            "registryURL": "https://registry.example",
            "url": "https://registry.example",
            "publishMethod": "SCHEMA_ONLY",
        }
    ],
    "schemas": [
        {
            "title": "levels",
            "type": "object",
            "description": "One row a day",
            "unit": "day",
            "hidden": False,
            "recordCount": 12,
            "recordCountApproximate": False,
            "recordCountPrecision": "EXACT",
            "byteCount": 480,
            "byteCountApproximate": False,
            "byteCountPrecision": "EXACT",
            "properties": {
                "level": _property("level", properties={"inner": _property("inner")}),
                "gauge": _property("gauge"),
            },
            "samples": [{"level": 1.5}],
            "parser": {"mimeType": "text/csv", "configuration": {"delimiter": ","}},
            "source": {
                "protocol": "HTTP",
                "type": "http",
                "uri": "https://rivers.example/levels.csv",
                "lastUpdateHash": "cafe",
                "configuration": {"url": "https://rivers.example/levels.csv"},
            },
            "derivedFrom": [{"displayName": "Gauges", "url": "https://gauges.example"}],
            "derivedFromDescription": "Averaged over a day",
        }
    ],
    "sources": [
        {
            "type": "http",
            "slug": "levels-csv",
            "uris": ["https://rivers.example/levels.csv"],
            "configuration": {"uris": ["https://rivers.example/levels.csv"]},
            "connectionConfiguration": {"timeout": 5},
            "credentialsIdentifier": "gauge",
            "updateConfiguration": {"every": "day"},
            "updateCredentialsIdentifier": "gauge",
            "streamSets": [
                {
                    "slug": "levels",
                    "configuration": {"header": True},
                    "schemaTitles": ["levels"],
                    "lastUpdateHash": "cafe",
                    "updateMethods": ["BATCH_FULL_SET"],
                    "streamStats": {
                        "inspectedCount": 12,
                        "recordCount": 12,
                        "recordCountPrecision": "EXACT",
                        "byteCount": 480,
                        "byteCountPrecision": "EXACT",
                    },
                }
            ],
        }
    ],
}

"""What the pages of the registry are shown with: catalogs, packages and their files."""

import json

from tests.client import make_catalog, make_package, publish

HOSTILE = """"><script>alert(1)</script><img src=x onerror='alert(1)'>"""

STRING = {"recordCount": 300, "stringMinLength": 4, "stringMaxLength": 9}
FILE = {
    "$schema": "https://datapm.io/docs/package-file-schema-v0.32.1.json",
    "packageSlug": "rain",
    "displayName": "Rain",
    "version": "1.0.0",
    "description": "Rain by city.",
    "updatedDate": "2020-10-01T13:54:29.442Z",
    "generatedBy": "a test",
    "canonical": True,
    "website": "https://rain.example",
    "readmeMarkdown": "# How it rains\n\nIn *drops*.",
    "licenseMarkdown": "Free for **all**.",
    "sources": [
        {
            "type": "http",
            "slug": "stations",
            "connectionConfiguration": {},
            "configuration": {"uris": ["https://rain.example/a.csv"], "mimeType": "text/csv"},
            "streamSets": [
                {
                    "slug": "a",
                    "configuration": {},
                    "schemaTitles": ["rain"],
                    "updateMethods": ["APPEND_ONLY_LOG"],
                    "lastUpdateHash": "x",
                    "streamStats": {"inspectedCount": 1},
                }
            ],
        }
    ],
    "schemas": [
        {
            "title": "rain",
            "type": "object",
            "recordCount": 12345,
            "recordCountPrecision": "APPROXIMATE",
            "unit": "day",
            "properties": {
                "city": {
                    "title": "Town",
                    "description": "Where it rained.",
                    "types": {
                        "string": {**STRING, "stringOptions": {"Oslo": 200, "Bergen": 100}},
                        "null": {"recordCount": 45},
                    },
                },
                "mm": {
                    "title": "mm",
                    "unit": "millimetre",
                    "hidden": True,
                    "types": {
                        "number": {
                            "recordCount": 345,
                            "numberMinValue": 0.5,
                            "numberMaxValue": 98765.25,
                        }
                    },
                },
                "gauge": {
                    "title": "gauge",
                    "types": {
                        "object": {
                            "recordCount": 345,
                            "objectProperties": {
                                "height": {
                                    "title": "height",
                                    "types": {"integer": {"recordCount": 345}},
                                }
                            },
                        }
                    },
                },
            },
        }
    ],
}


def full_file(**changes):
    """Return a package file of the newest format, as text."""
    return json.dumps(FILE | changes)


async def shelve(caller, catalog="weather", slug="rain", is_public=True, text=None):
    """Make a catalog with one package with one version; return the package's identifier."""
    await make_catalog(caller, catalog, is_public=is_public)
    ref = await make_package(caller, catalog, slug, is_public=is_public)
    published = await publish(caller, ref, text or full_file())
    assert not published.errors, published.errors
    return ref

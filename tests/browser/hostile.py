"""A registry in which every text that the API takes is an attempt to run a script.

The payloads are dealt out to users, a few to each. A user has a catalog, a package with two
versions, a collection, a label and keys, and each of their fields holds the user's payloads, as
many as fit, every field with another one first.
"""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image, PngImagePlugin

from litereg.app import Registry
from litereg.operations import document
from tests.browser.payloads import ADDRESSES, PAYLOADS
from tests.client import ALL_SCOPES, PASSWORD, Caller, publish

EACH = 8
# Each group has something of every kind.
GROUPS = [PAYLOADS[first :: len(PAYLOADS) // EACH] for first in range(len(PAYLOADS) // EACH)]
SHORTEST = "<b onclick=alert(1)>x</b>"
VISIBLE = ("name", "location", "twitterHandle", "gitHubHandle", "website")
VERSIONS = ("1.0.0", "2.0.0")


@dataclass(frozen=True)
class Shelf:
    """What one user has; all of it is called by the user's name.

    Attributes:
        name: the user, the personal catalog, the package and the collection.
        payloads: what stands in its fields.
        caller: the user.
        label: the label on the package.
        public_package: a package of somebody else's with the same label.
    """

    name: str
    payloads: tuple[str, ...]
    caller: Caller
    label: str
    public_package: dict[str, str]

    @property
    def package(self) -> dict[str, str]:
        """The package's identifier."""
        return {"catalogSlug": self.name, "packageSlug": self.name}


class Texts:
    """Deals out payloads to fields, another one first each time."""

    def __init__(self, payloads: tuple[str, ...]) -> None:
        self._payloads = payloads
        self._dealt = 0

    def of(self, limit: int = 10_000, between: str = " ") -> str:
        """Return the payloads that fit into *limit* characters, and something short if none do."""
        self._dealt += 1
        first = self._dealt % len(self._payloads)
        text = ""
        for payload in self._payloads[first:] + self._payloads[:first]:
            if len(text) + len(payload) + len(between) <= limit:
                text += payload + between
        return text.rstrip() or SHORTEST


async def fill(registry: Registry) -> list[Shelf]:
    """Fill *registry*, which is empty; the first shelf is the administrator's."""
    shelves = [await _fill_shelf(registry, f"user{n}", group) for n, group in enumerate(GROUPS)]
    for shelf in shelves:
        await _put_label(shelves[0].caller, shelf)
    return shelves


async def _put_label(manager: Caller, shelf: Shelf) -> None:
    """Let *manager* make the label of a shelf, and put it on both packages."""
    ours = {"type": "datapm", "name": f"{shelf.name}/{shelf.name}"}
    label = {"name": shelf.label, "description": shelf.label}
    answers = [await manager.send(document("create_label"), label=label)]
    for package in (ours, shelf.public_package):
        labels = {"publicPackage": package, "labelNames": [shelf.label]}
        answers.append(await manager.send(document("label_package"), labels=labels))
    assert [answer.errors for answer in answers] == [[], [], []]


async def _fill_shelf(registry: Registry, name: str, payloads: tuple[str, ...]) -> Shelf:
    texts = Texts(payloads)
    account = {"username": name, "emailAddress": f"{name}@example.org", "password": PASSWORD}
    account |= {"firstName": texts.of(30), "lastName": texts.of(150)}
    token = (await Caller(registry).mutate("createMe", value=account)).value
    foreign = {"type": texts.of(100), "name": texts.of(200)}
    shelf = Shelf(name, payloads, Caller(registry, name, token), texts.of(900), foreign)
    for field, arguments in _changes(shelf, texts):
        result = await shelf.caller.mutate(field, _SELECTIONS.get(field, ""), **arguments)
        assert not result.errors, (field, arguments, result.errors)
        if field == "createPackage":
            for version in VERSIONS:
                published = await publish(shelf.caller, shelf.package, package_file(texts, version))
                assert not published.errors, published.errors
    return shelf


_SELECTIONS = {
    "updateMe": "username",
    "updateCatalog": "isPublic",
    "createCatalog": "isPublic",
    "createPackage": "isPublic",
    "updatePackage": "isPublic",
    "createCollection": "name",
    "updateCollection": "name",
    "addPackageToCollection": "collection { name }",
    "createAPIKey": "id",
}


def _changes(shelf: Shelf, texts: Texts) -> Iterator[tuple[str, dict]]:
    """Yield mutations with their arguments."""
    name, catalog = shelf.name, {"catalogSlug": shelf.name}
    profile = {field: texts.of(200) for field in ("location", "twitterHandle", "gitHubHandle")}
    profile |= {f"{field}IsPublic": True for field in VISIBLE}
    yield "updateMe", {"value": profile | {"website": texts.of(), "description": texts.of()}}
    yield "setMyAvatarImage", {"image": picture(texts)}
    value = {"displayName": texts.of(64), "description": texts.of(), "website": texts.of()}
    yield "updateCatalog", {"identifier": catalog, "value": value | {"isPublic": True}}
    for number, payload in enumerate(shelf.payloads):
        value = {"slug": f"{name}-{number}", "displayName": payload[:64], "isPublic": True}
        yield "createCatalog", {"value": value}
        yield "createAPIKey", {"value": {"label": payload, "scopes": ALL_SCOPES}}
    value = {"displayName": texts.of(256), "description": texts.of()}
    yield "createPackage", {"value": shelf.package | value}
    yield "updatePackage", {"identifier": shelf.package, "value": {"isPublic": True}}
    collection = {"collectionSlug": name}
    value = {"name": texts.of(255), "description": texts.of()}
    yield "createCollection", {"value": collection | value}
    yield "updateCollection", {"identifier": collection, "value": {"isPublic": True}}
    arguments = {"collectionIdentifier": collection, "packageIdentifier": shelf.package}
    yield "addPackageToCollection", arguments


def package_file(texts: Texts, version: str) -> str:
    """Return a package file with payloads wherever a text may stand."""
    properties = {
        texts.of(200): {
            "title": texts.of(),
            "description": texts.of(),
            "unit": texts.of(100),
            "format": texts.of(100),
            "types": {
                "string": {
                    "recordCount": 3,
                    "stringMaxLength": 9,
                    "stringOptions": {texts.of(200): 2, texts.of(200): 1},
                }
            },
        }
        # Each version calls its columns differently.
        for _ in range(int(version[0]))
    }
    schema = {
        "title": texts.of(200),
        "type": "object",
        "description": texts.of(),
        "unit": texts.of(100),
        "recordCount": 3,
        "recordCountPrecision": "EXACT",
        "properties": properties,
        "samples": [{name: texts.of() for name in properties}],
    }
    stream = {
        "slug": texts.of(100),
        "configuration": {texts.of(100): texts.of()},
        "schemaTitles": [schema["title"]],
        "updateMethods": ["BATCH_FULL_SET"],
        "lastUpdateHash": texts.of(100),
        "streamStats": {"inspectedCount": 3, "recordCount": 3, "recordCountPrecision": "EXACT"},
    }
    source = {
        "type": texts.of(100),
        "slug": texts.of(100),
        "connectionConfiguration": {texts.of(100): texts.of()},
        "configuration": {"uris": [texts.of(), *ADDRESSES], texts.of(100): texts.of()},
        "streamSets": [stream],
    }
    return json.dumps(
        {
            "$schema": "https://datapm.io/docs/package-file-schema-v0.32.1.json",
            "packageSlug": "hostile",
            # Of a name, the format takes nothing but letters and digits.
            "displayName": "Hostile",
            "canonical": True,
            "version": version,
            "description": f"{texts.of()} {version}",
            "updatedDate": "2020-10-01T13:54:29.442Z",
            "generatedBy": texts.of(256),
            "website": texts.of(),
            "contactEmail": texts.of(100),
            "readmeMarkdown": texts.of(between="\n\n"),
            "licenseMarkdown": texts.of(between="\n\n"),
            "sources": [source],
            "schemas": [schema],
        }
    )


def picture(texts: Texts) -> dict[str, str]:
    """Return a picture that is a page as well: markup in its texts, and behind its end."""
    said = PngImagePlugin.PngInfo()
    said.add_text("Comment", texts.of())
    file = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(file, "PNG", pnginfo=said)
    return {"base64": base64.b64encode(file.getvalue() + texts.of().encode()).decode()}

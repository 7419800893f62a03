"""Callers of the registry's API, for tests: they build documents from the schema."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from litereg.access import Credentials
from litereg.gql.engine import Request

PASSWORD = "correct horse 9"
ALL_SCOPES = ["MANAGE_API_KEYS", "READ_PRIVATE_ASSETS", "MANAGE_PRIVATE_ASSETS"]


@dataclass(frozen=True)
class Failure:
    """One error of an answer."""

    message: str
    code: str
    path: list | None
    extensions: dict[str, Any]


class Result:
    """An answer: `value` is what the one field gave, `error` the one error."""

    def __init__(self, answer, field=None):
        self.status = answer.status
        self.body = answer.body
        self.data = answer.body.get("data")
        self.errors = [
            Failure(
                e["message"], e["extensions"].get("code"), e.get("path"), e.get("extensions", {})
            )
            for e in answer.body.get("errors", [])
        ]
        self._field = field

    @property
    def value(self):
        assert not self.errors, self.errors
        return self.data[self._field]

    @property
    def error(self):
        assert len(self.errors) == 1, (self.errors, self.data)
        return self.errors[0]


class Caller:
    """Somebody who calls the API with one token, or with none."""

    def __init__(self, registry, name="", token=None, kind="bearer"):
        self.name = name
        self.token = token
        self._registry = registry
        self._credentials = Credentials(token, kind) if token else None

    async def send(self, document, **variables):
        """Send a document as it is."""
        request = Request(document, None, variables)
        return Result(await self._registry.engine.answer(request, self._credentials, "test"))

    async def query(self, field, selection="", **args):
        return await self._call(
            "query", self._registry.engine.schema.query_type, field, selection, args
        )

    async def mutate(self, field, selection="", **args):
        root = self._registry.engine.schema.mutation_type
        return await self._call("mutation", root, field, selection, args)

    async def _call(self, kind, root, field, selection, args):
        types = root.fields[field].args
        declared = ", ".join(f"${name}: {types[name].type}" for name in args)
        passed = ", ".join(f"{name}: ${name}" for name in args)
        document = f"{kind} {f'({declared})' if args else ''} {{ {field}"
        document += f"({passed})" if args else ""
        document += f" {{ {selection} }} }}" if selection else " }"
        request = Request(document, None, args)
        answer = await self._registry.engine.answer(request, self._credentials, "test")
        return Result(answer, field)


class People:
    """Users of a registry by name, signed up when they are first asked for."""

    def __init__(self, registry):
        self._registry = registry
        self._known = {}
        self.anonymous = Caller(registry)

    async def __call__(self, name):
        if name not in self._known:
            value = {"username": name, "emailAddress": f"{name}@example.org", "password": PASSWORD}
            token = (await self.anonymous.mutate("createMe", value=value)).value
            self._known[name] = Caller(self._registry, name, token)
        return self._known[name]

    def with_token(self, token, kind="bearer"):
        return Caller(self._registry, "", token, kind)


async def relieve(administrator, people, by="deputy"):
    """Make another administrator, so that the only one there was may leave."""
    await people(by)
    assert not (await administrator.mutate("setAsAdmin", username=by, isAdmin=True)).errors


def package_file(version="1.0.0", slug="rain", properties=("city", "mm"), **changes):
    """Return a small package file of the first published format, as text."""
    document = {
        "packageSlug": slug,
        "displayName": "Rain",
        "version": version,
        "description": "Rain by city.",
        "updatedDate": "2020-10-01T13:54:29.442Z",
        "generatedBy": "a test",
        "schemas": [
            {
                "title": "rain.csv",
                "type": "object",
                "properties": {name: {"title": name, "type": "string"} for name in properties},
                "source": {"protocol": "HTTP", "configuration": {"url": "https://example.org"}},
            }
        ],
    }
    return json.dumps(document | changes)


async def make_catalog(caller, slug, is_public=False):
    value = {"slug": slug, "displayName": slug.title(), "isPublic": is_public}
    return (await caller.mutate("createCatalog", "identifier { catalogSlug }", value=value)).value


async def make_package(caller, catalog, slug="rain", is_public=False, **changes):
    value = {"catalogSlug": catalog, "packageSlug": slug, "displayName": "Rain"} | changes
    made = await caller.mutate("createPackage", "identifier { packageSlug }", value=value)
    assert not made.errors, made.errors
    ref = {"catalogSlug": catalog, "packageSlug": slug}
    if is_public:
        changed = await caller.mutate(
            "updatePackage", "isPublic", identifier=ref, value={"isPublic": True}
        )
        assert changed.value == {"isPublic": True}
    return ref


async def publish(caller, ref, text):
    return await caller.mutate(
        "createVersion",
        "identifier { versionMajor versionMinor versionPatch } packageFile",
        identifier=ref,
        value={"packageFile": text},
    )

"""A client of the labels API that writes documents as its known clients do: inline literals."""

from __future__ import annotations

import json

from tests.client import Failure

LABELS = "customCatalogLabel"
PACKAGES = "publicPackage"
VERSIONS = "publicPackageVersion"
# What each change is about, by the name of its argument.
ARGUMENTS = {
    "createCustomCatalogLabel": "label",
    "createCustomCatalogLabels": "labels",
    "updateCustomCatalogLabel": "label",
    "deleteCustomCatalogLabel": "label",
    "deleteCustomCatalogLabels": "labels",
    "assignCustomCatalogLabelsToPublicPackage": "publicPackageLabels",
    "assignCustomCatalogLabelsToPublicPackageVersion": "publicPackageVersionLabels",
    "assignCustomCatalogLabelToPublicPackageVersions": "publicPackageVersionsLabel",
    "removeCustomCatalogLabelsFromPublicPackage": "publicPackageLabels",
    "removeCustomCatalogLabelsFromPublicPackageVersion": "publicPackageVersionLabels",
    "removeCustomCatalogLabelFromPublicPackageVersions": "publicPackageVersionsLabel",
}
ENUM_MEMBERS = ("direction", "field")


def literal(value, member=""):
    """Return *value* as a GraphQL literal."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k}: {literal(v, k)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(literal, value)) + "]"
    return value if member in ENUM_MEMBERS else json.dumps(value)


def call(field, selection="", **arguments):
    """Return a field with its arguments as a document has it."""
    given = ", ".join(f"{name}: {literal(value)}" for name, value in arguments.items())
    return f"{field}{f'({given})' if given else ''}{f' {{ {selection} }}' if selection else ''}"


def package(name, type_="npm"):
    return {"name": name, "type": type_}


def version(name, number, type_="npm"):
    return {"publicPackage": package(name, type_), "version": number}


class Outcome:
    """What one field of a namespace answered."""

    def __init__(self, result, *path):
        self.body = result.body
        self.status = result.status
        self.errors: list[Failure] = result.errors
        self._path = path

    @property
    def value(self):
        assert "errors" not in self.body, self.errors
        value = self.body["data"]
        for step in self._path:
            value = value[step]
        return value

    @property
    def error(self):
        assert len(self.errors) == 1, self.body
        assert self.status == 200
        return self.errors[0]

    @property
    def message(self):
        return self.error.message


class LabelsClient:
    """Somebody who reads and changes labels."""

    def __init__(self, caller):
        self.caller = caller

    async def send(self, document, *path, **variables):
        return Outcome(await self.caller.send(document, **variables), *path)

    async def read(self, namespace, field, selection, **arguments):
        document = f"{{ {namespace} {{ {call(field, selection, **arguments)} }} }}"
        return await self.send(document, namespace, field)

    async def change(self, field, value):
        selection = "name description" if field.startswith(("create", "update")) else ""
        inner = call(field, selection, **{ARGUMENTS[field]: value})
        return await self.send(f"mutation {{ {LABELS} {{ {inner} }} }}", LABELS, field)

    async def create(self, *names, description=""):
        labels = [{"name": name, "description": description} for name in names]
        return await self.change("createCustomCatalogLabels", labels)

    async def rename(self, name, **changes):
        return await self.change("updateCustomCatalogLabel", {"name": name, **changes})

    async def delete(self, *names):
        if len(names) == 1:
            return await self.change("deleteCustomCatalogLabel", {"name": names[0]})
        return await self.change("deleteCustomCatalogLabels", [{"name": name} for name in names])

    async def label_package(self, target, *names):
        value = {"publicPackage": target, "labelNames": list(names)}
        return await self.change("assignCustomCatalogLabelsToPublicPackage", value)

    async def label_version(self, target, *names):
        value = {"publicPackageVersion": target, "labelNames": list(names)}
        return await self.change("assignCustomCatalogLabelsToPublicPackageVersion", value)

    async def label_versions(self, name, targets):
        value = {"publicPackageVersions": list(targets), "labelName": name}
        return await self.change("assignCustomCatalogLabelToPublicPackageVersions", value)

    async def unlabel_package(self, target, *names):
        value = {"publicPackage": target, "labelNames": list(names)}
        return await self.change("removeCustomCatalogLabelsFromPublicPackage", value)

    async def unlabel_version(self, target, *names):
        value = {"publicPackageVersion": target, "labelNames": list(names)}
        return await self.change("removeCustomCatalogLabelsFromPublicPackageVersion", value)

    async def unlabel_versions(self, name, targets):
        value = {"publicPackageVersions": list(targets), "labelName": name}
        return await self.change("removeCustomCatalogLabelFromPublicPackageVersions", value)

    async def find(self, name, selection="name description"):
        return await self.read(LABELS, "getLabel", selection, name=name)

    async def search(self, selection="edges { node { name } }", **arguments):
        return await self.read(LABELS, "searchLabels", selection, **arguments)

    async def names(self, **arguments):
        """Return the names of the labels that a search finds, in its order."""
        found = (await self.search(**arguments)).value
        return [edge["node"]["name"] for edge in found["edges"]]

    async def find_package(self, target, selection="name type"):
        return await self.read(PACKAGES, "getPackage", selection, **target)

    async def find_version(self, target, selection="version publicPackage { name type }"):
        arguments = {**target["publicPackage"], "version": target["version"]}
        return await self.read(VERSIONS, "getVersion", selection, **arguments)

    async def labels_on_package(self, target):
        """Return the names of the labels on a package, or None when there is no such package."""
        return _names_on(await self.find_package(target, LABELS_ON))

    async def labels_on_version(self, target):
        """Return the names of the labels on a version, or None when there is no such version."""
        return _names_on(await self.find_version(target, LABELS_ON))


LABELS_ON = "customCatalogLabelsConnection { edges { node { name } } }"


def _names_on(outcome):
    if outcome.value is None:
        return None
    edges = outcome.value["customCatalogLabelsConnection"]["edges"]
    return [edge["node"]["name"] for edge in edges]

"""Fill an empty registry with the demo's data, through the API as its users would."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple

from litereg.cli.callers import Caller
from litereg.cli.keys import ALL_SCOPES
from litereg.cli.local import LocalRegistry
from litereg.cli.names import PackageName
from litereg.cli.publish import read_package_file, send_package_file
from litereg.demo_data import demo_data_folder

PROFILE = ("firstName", "lastName")


class Way(NamedTuple):
    """The way into a demo registry: a user with password and key, and who else is there."""

    username: str
    password: str
    key: str
    others: list[str]


class Demo:
    """What a demo registry is made of: users, catalogs, packages, collections and labels.

    Attributes:
        steps: how many steps it takes to fill a registry.
    """

    def __init__(self, password: str) -> None:
        """Read the catalogue; each user will have *password*."""
        self._folder = demo_data_folder()
        self._password = password
        catalogue = json.loads((self._folder / "catalogs.json").read_text("utf-8"))
        self._users: list[dict[str, Any]] = catalogue["users"]
        self._catalogs: list[dict[str, Any]] = catalogue["catalogs"]
        self._collections: list[dict[str, Any]] = catalogue["collections"]
        self._labels: list[dict[str, Any]] = catalogue["labels"]
        versions = [
            version
            for catalog in self._catalogs
            for package in catalog["packages"]
            for version in package["versions"]
        ]
        parts = (self._users, versions, self._collections, self._labels)
        self.steps = sum(map(len, parts))

    def fill(self, registry: LocalRegistry, advance: Callable[[], None]) -> Way:
        """Fill *registry*, which is empty, calling *advance* after each step."""
        for user in self._users:
            self._add_user(registry, user)
            advance()
        for catalog in self._catalogs:
            self._add_catalog(registry.caller(catalog["owner"]), catalog, advance)
        for collection in self._collections:
            self._add_collection(registry.caller(collection["owner"]), collection)
            advance()
        # The first account of a registry is its administrator.
        first, *others = (user["username"] for user in self._users)
        self._add_labels(registry.caller(first), advance)
        value = {"label": "demo", "scopes": ALL_SCOPES}
        key = registry.caller(first).call("create_api_key", value=value)["createAPIKey"]
        return Way(first, self._password, key["token"], others)

    def _add_user(self, registry: LocalRegistry, user: dict[str, Any]) -> None:
        names = ("username", "emailAddress", *PROFILE)
        value = {name: user[name] for name in names} | {"password": self._password}
        registry.caller(None).call("create_me", value=value)
        profile = {"description": user["description"], "nameIsPublic": True}
        registry.caller(user["username"]).call("update_me", value=profile)

    def _add_catalog(
        self, owner: Caller, catalog: dict[str, Any], advance: Callable[[], None]
    ) -> None:
        names = ("slug", "displayName", "description", "isPublic")
        owner.call("create_catalog", value={name: catalog[name] for name in names})
        members = [
            {"usernameOrEmailAddress": name, "permission": granted, "packagePermissions": []}
            for name, granted in catalog.get("members", {}).items()
        ]
        identifier = {"catalogSlug": catalog["slug"]}
        owner.call("set_user_catalog_permission", identifier=identifier, value=members)
        for package in catalog["packages"]:
            name = PackageName(catalog["slug"], package["slug"])
            for version in package["versions"]:
                file = self._folder / "packages" / f"{name}-{version}.datapm.json"
                public = package["isPublic"]
                send_package_file(owner, name, read_package_file(file), public=public)
                advance()

    def _add_collection(self, owner: Caller, collection: dict[str, Any]) -> None:
        slug = {"collectionSlug": collection["slug"]}
        names = {name: collection[name] for name in ("name", "description")}
        owner.call("create_collection", value=slug | names)
        value = {"isPublic": collection["isPublic"]}
        owner.call("update_collection", identifier=slug, value=value)
        for package in collection["packages"]:
            catalog, _, name = package.partition("/")
            identifier = {"catalogSlug": catalog, "packageSlug": name}
            owner.call(
                "add_package_to_collection",
                collectionIdentifier=slug,
                packageIdentifier=identifier,
            )

    def _add_labels(self, manager: Caller, advance: Callable[[], None]) -> None:
        """Make the labels and put them on versions, then on packages.

        In this order, because a version of a package that has a label cannot get one any more.
        """
        for label in self._labels:
            value = {name: label[name] for name in ("name", "description")}
            manager.call("create_label", label=value)
            versions = [
                {
                    "publicPackage": {"name": version["name"], "type": version["type"]},
                    "version": version["version"],
                }
                for version in label["versions"]
            ]
            value = {"publicPackageVersions": versions, "labelName": label["name"]}
            manager.call("label_versions", label=value)
        for label in self._labels:
            for package in label["packages"]:
                labels = {"publicPackage": package, "labelNames": [label["name"]]}
                manager.call("label_package", labels=labels)
            advance()

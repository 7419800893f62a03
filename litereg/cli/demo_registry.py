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
    """What a demo registry is made of: users, catalogs, packages and their versions.

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
        versions = [
            version
            for catalog in self._catalogs
            for package in catalog["packages"]
            for version in package["versions"]
        ]
        self.steps = len(self._users) + len(versions)

    def fill(self, registry: LocalRegistry, advance: Callable[[], None]) -> Way:
        """Fill *registry*, which is empty, calling *advance* after each step."""
        for user in self._users:
            self._add_user(registry, user)
            advance()
        for catalog in self._catalogs:
            self._add_catalog(registry.caller(catalog["owner"]), catalog, advance)
        # The first account of a registry is its administrator.
        first, *others = (user["username"] for user in self._users)
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
        for package in catalog["packages"]:
            name = PackageName(catalog["slug"], package["slug"])
            for version in package["versions"]:
                file = self._folder / "packages" / f"{name}-{version}.datapm.json"
                public = package["isPublic"]
                send_package_file(owner, name, read_package_file(file), public=public)
                advance()

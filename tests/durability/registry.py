"""litereg's own server as the subject of the kill -9 rig: packages and their versions.

A write is called `k3-5-2` when it creates the package of that name, and `k3-5-2@1.1.0` when it
publishes a version of it.
"""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import sqlite3
import sys
from collections.abc import Collection, Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from random import Random
from typing import Any

from tests.durability.writes import Contents

USER = {
    "username": "killed",
    "emailAddress": "killed@example.org",
    "password": "kill me 25 times",
}
VERSIONS = ("1.0.0", "1.1.0")

CREATE_ME = "mutation ($value: CreateUserInput!) { createMe(value: $value) }"
CREATE_KEY = """
mutation ($value: CreateAPIKeyInput!) {
  createAPIKey(value: $value) { id secret }
}
"""
CREATE_PACKAGE = """
mutation ($value: CreatePackageInput!) {
  createPackage(value: $value) { identifier { packageSlug } }
}
"""
CREATE_VERSION = """
mutation ($package: PackageIdentifierInput!, $value: CreateVersionInput!) {
  createVersion(identifier: $package, value: $value) { identifier { versionMajor } }
}
"""
PACKAGE = """
query ($package: PackageIdentifierInput!) {
  package(identifier: $package) { displayName versions { packageFile } }
}
"""


def split(name: str) -> tuple[str, str]:
    """Return the package and the version that a write is about; no version means the package."""
    package, _, version = name.partition("@")
    return package, version


def identifier(package: str) -> dict[str, str]:
    return {"catalogSlug": USER["username"], "packageSlug": package}


def display_name(package: str) -> str:
    return f"Package {package}"


def word_of(version: str) -> str:
    """Return the word by which search finds a package while *version* is its latest."""
    return f"edition{version.replace('.', 'x')}"


def package_file(package: str, version: str) -> str:
    """Return the text that is published as *version*, with a readme of up to some pages."""
    random = Random(package)
    file = {
        "packageSlug": package,
        "displayName": display_name(package),
        "version": version,
        "description": f"{package} as of {version}",
        "updatedDate": "2026-01-01T00:00:00.000Z",
        "readmeMarkdown": f"{package} {word_of(version)}\n" * random.randint(1, 500),
        "schemas": [
            {
                "title": "rows",
                "type": "object",
                "properties": {"a": {"title": "a", "type": "string"}},
            }
        ],
    }
    return json.dumps(file)


class Registry:
    """A `Subject` of `kill9`."""

    def __init__(self) -> None:
        self._headers = {"Content-Type": "application/json"}

    def command(self, database: Path) -> list[str]:
        return [sys.executable, "-m", "litereg", "serve", "--db", str(database), "--port", "0"]

    def greet(self, connection: HTTPConnection) -> None:
        with closing(connection):
            self._ask(connection, "{ __typename }", {})

    def introduce(self, connection: HTTPConnection) -> None:
        scopes = ["MANAGE_API_KEYS", "READ_PRIVATE_ASSETS", "MANAGE_PRIVATE_ASSETS"]
        with closing(connection):
            session = self._ask(connection, CREATE_ME, {"value": USER})["createMe"]
            self._headers["Authorization"] = f"Bearer {session}"
            value = {"label": "writers", "scopes": scopes}
            key = self._ask(connection, CREATE_KEY, {"value": value})["createAPIKey"]
        token = base64.b64encode(f"{key['id']}.{key['secret']}".encode()).decode()
        del self._headers["Authorization"]
        self._headers["X-API-Key"] = token

    def writes(self, label: str) -> Iterator[str]:
        for number in itertools.count():
            package = f"{label}-{number}"
            yield package
            for version in VERSIONS:
                yield f"{package}@{version}"

    def send(self, connection: HTTPConnection, name: str) -> None:
        query, variables = self._write(name)
        self._ask(connection, query, variables)

    def request(self, name: str) -> tuple[str, dict[str, str]]:
        """Return the body and the headers of the request that makes the write called *name*."""
        query, variables = self._write(name)
        return json.dumps({"query": query, "variables": variables}), dict(self._headers)

    def _write(self, name: str) -> tuple[str, dict[str, Any]]:
        package, version = split(name)
        if version:
            value = {"packageFile": package_file(package, version)}
            return CREATE_VERSION, {"package": identifier(package), "value": value}
        value = identifier(package) | {"displayName": display_name(package)}
        return CREATE_PACKAGE, {"value": value}

    def found(self, connection: HTTPConnection, names: Collection[str]) -> set[str]:
        packages = {split(name)[0] for name in names}
        with closing(connection):
            return set().union(*(self._found_of(connection, package) for package in packages))

    def read_back(self, database: Path) -> Contents:
        contents = Contents()
        with closing(sqlite3.connect(database)) as connection:
            try:
                contents.damage = damage_in(connection)
                for name, is_whole in (*packages_in(connection), *versions_in(connection)):
                    (contents.whole if is_whole else contents.torn).add(name)
                contents.torn |= altered_contents_in(connection)
            except sqlite3.DatabaseError as error:
                contents.damage = str(error)
        return contents

    def _found_of(self, connection: HTTPConnection, package: str) -> set[str]:
        """Return the writes about *package* that the server knows, itself and its versions."""
        answer = self._post(connection, PACKAGE, {"package": identifier(package)})
        if (answer.get("data") or {}).get("package") is None:
            assert "PACKAGE_NOT_FOUND" in json.dumps(answer["errors"]), answer
            return set()
        told = answer["data"]["package"]
        files = {version["packageFile"] for version in told["versions"]}
        found = {f"{package}@{v}" for v in VERSIONS if package_file(package, v) in files}
        return found | ({package} if told["displayName"] == display_name(package) else set())

    def _ask(self, connection: HTTPConnection, query: str, variables: dict[str, Any]) -> Any:
        """Return the data of an answer that must be without errors."""
        answer = self._post(connection, query, variables)
        assert "errors" not in answer, answer
        return answer["data"]

    def _post(self, connection: HTTPConnection, query: str, variables: dict[str, Any]) -> Any:
        body = json.dumps({"query": query, "variables": variables})
        connection.request("POST", "/graphql", body, self._headers)
        response = connection.getresponse()
        text = response.read()
        assert response.status == 200, text
        return json.loads(text)


def damage_in(connection: sqlite3.Connection) -> str | None:
    """Return what is wrong with the file as such, its references and its search indexes."""
    verdict = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if verdict != "ok":
        return verdict
    if dangling := connection.execute("PRAGMA foreign_key_check").fetchall():
        return f"{len(dangling)} dangling references"
    for index in ("package_search", "catalog_search"):
        # Raises a DatabaseError when the index and the words in it disagree.
        connection.execute(f"INSERT INTO {index}({index}) VALUES ('integrity-check')")
    return None


def packages_in(connection: sqlite3.Connection) -> Iterator[tuple[str, bool]]:
    """Return each package, and whether all that belongs to its creation is there."""
    for slug, name, grants, is_found in connection.execute(
        """
        SELECT
            p.slug,
            p.display_name,
            (SELECT count(*) FROM package_grant WHERE package_id = p.id AND user_id = p.creator_id),
            EXISTS (SELECT 1 FROM package_search WHERE rowid = p.id)
        FROM package AS p
        """
    ):
        yield slug, name == display_name(slug) and grants == 1 and bool(is_found)


def versions_in(connection: sqlite3.Connection) -> Iterator[tuple[str, bool]]:
    """Return each version, and whether its file is there and its package knows of it."""
    for slug, version, body, is_latest, is_older, words in connection.execute(
        """
        SELECT
            p.slug,
            v.major || '.' || v.minor || '.' || v.patch,
            c.body,
            v.id = p.latest_version_id,
            v.id < p.latest_version_id,
            s.text
        FROM version AS v
        JOIN package AS p ON p.id = v.package_id
        LEFT JOIN content AS c ON c.id = v.content_id
        LEFT JOIN package_search AS s ON s.rowid = p.id
        """
    ):
        is_stored = body is not None and body.decode() == package_file(slug, version)
        is_known = is_older or (is_latest and word_of(version) in (words or "").split())
        yield f"{slug}@{version}", is_stored and bool(is_known)


def altered_contents_in(connection: sqlite3.Connection) -> set[str]:
    """Return the keys of stored contents that no longer hash to them."""
    rows = connection.execute("SELECT sha256, body FROM content")
    return {key.hex() for key, body in rows if hashlib.sha256(body).digest() != key}

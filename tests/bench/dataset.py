"""Make the registry that the benchmark is run against: a database file, the same at every run.

Rows go in by large writes and with ids of our own choosing, past the rooms' services, so that a
million packages take minutes. The search index is written as litereg writes it. What the texts say
is in `tests.bench.texts`.
"""

from __future__ import annotations

import asyncio
import hashlib
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from litereg.access import EVERYTHING
from litereg.registry import passwords
from litereg.registry.api_keys import service as api_keys
from litereg.registry.catalogs import queries as catalogs
from litereg.registry.search import index
from litereg.registry.search import service as search
from litereg.registry.search.words import fold, index_text
from litereg.registry.users import queries as users
from litereg.registry.users.inputs import UpdateUser
from litereg.store import Command, Database, Transaction
from litereg.store.migrate import known_migrations
from tests.bench import texts
from tests.bench.texts import VERSIONS

PER_CATALOG = 40
USERS = 200
PASSWORD = "correct horse battery staple"
# The account that publishes; the first of the registry, so also its administrator.
PUBLISHER = "publisher"
NOW = 1_700_000_000_000
# Packages past these share the files of their older versions with them: nobody reads those, and a
# million packages fit on a disk.
WITH_OWN_FILES = 2_000
CATALOGS_A_WRITE = 25
# Ids of catalogs and packages begin here, behind whatever the users have.
FIRST_ID = 1_001

INSERT_CATALOG = Command(
    """
    INSERT INTO catalog(
        id, slug, slug_key, display_name, display_name_key, description, website, is_public,
        creator_id, created_at, updated_at
    )
    VALUES (
        :id, :slug, :slug, :display_name, :display_name_key, :description, :website, 1, :creator_id,
        :now, :now
    )
    """
)
INSERT_PACKAGE = Command(
    """
    INSERT INTO package(
        id, catalog_id, slug, slug_key, display_name, display_name_key, description, is_public,
        creator_id, created_at, updated_at
    )
    VALUES (
        :id, :catalog_id, :slug, :slug, :display_name, :display_name_key, :description, 1,
        :creator_id, :now, :now
    )
    """
)
INSERT_CONTENT = Command("INSERT INTO content(id, sha256, body) VALUES (:id, :sha256, :body)")
INSERT_VERSION = Command(
    f"""
    INSERT INTO version(
        id, package_id, major, minor, patch, description, format, content_id, author_id,
        created_at, updated_at
    )
    VALUES (
        :id, :package_id, :major, :minor, :patch, :description, '{texts.FORMAT}', :content_id,
        :author_id, :now, :now
    )
    """
)
SET_LATEST = Command(
    """
    UPDATE package
    SET latest_version_id = (SELECT max(id) FROM version WHERE package_id = package.id)
    WHERE id BETWEEN :first AND :last
    """
)
INSERT_PACKAGE_GRANT = Command(
    """
    INSERT INTO package_grant(user_id, package_id, permissions)
    VALUES (:user_id, :package_id, :permissions)
    """
)
INSERT_CATALOG_GRANT = Command(
    """
    INSERT INTO catalog_grant(user_id, catalog_id, permissions)
    VALUES (:user_id, :catalog_id, :permissions)
    """
)

Rows = list[dict[str, Any]]
Batch = list[tuple[Command, Rows]]


@dataclass(frozen=True, slots=True)
class Dataset:
    """A made registry.

    Attributes:
        path: its database file; measuring what changes it is done on a copy.
        packages: how many it has.
        key: the API key of PUBLISHER, who may edit all of them.
    """

    path: Path
    packages: int
    key: str

    @property
    def catalogs(self) -> int:
        """How many catalogs hold the packages."""
        return -(-self.packages // PER_CATALOG)

    def copy(self, folder: Path) -> Dataset:
        """Return a copy of it in *folder*."""
        path = folder / "copy.db"
        shutil.copyfile(self.path, path)
        return Dataset(path, self.packages, self.key)


def catalog_slug(catalog: int) -> str:
    """Return the name of a catalog in addresses."""
    return f"{texts.word(catalog)}-data"


def package_ref(package: int) -> dict[str, str]:
    """Return how a package is named in a request."""
    return {
        "catalogSlug": catalog_slug(package // PER_CATALOG),
        "packageSlug": texts.slug(package),
    }


def username(user: int) -> str:
    """Return the name of one of the USERS; number 0 is PUBLISHER."""
    return f"{texts.word(user)}-{user}" if user else PUBLISHER


def present(folder: Path, packages: int, password_cost: int = 12) -> Dataset:
    """Return the registry of so many packages that *folder* keeps, made now if it is not there.

    One that was made before the newest migrations were written is brought up to date: to make a
    million packages takes minutes.
    """
    path = folder / f"{packages}-{password_cost}-{_edition()}.db"
    key, layout = path.with_suffix(".key"), path.with_suffix(".layout")
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".unfinished")
        for leftover in folder.glob(f"{unfinished.name}*"):
            leftover.unlink()
        key.write_text(asyncio.run(make(unfinished, packages, password_cost)))
        layout.write_text(_layout())
        unfinished.rename(path)
    elif layout.read_text() != _layout():
        asyncio.run(_upgrade(path))
        layout.write_text(_layout())
    return Dataset(path, packages, key.read_text())


async def _upgrade(path: Path) -> None:
    await (await Database.open(path)).close()
    for copy in path.parent.glob(f"{path.name}.before-upgrade*"):
        copy.unlink()


async def make(path: Path, packages: int, password_cost: int) -> str:
    """Make the registry of *packages* packages at *path*; return PUBLISHER's key."""
    database = await Database.open(path, synchronous="OFF")
    await search.ensure_current(database)
    password_hash = passwords.hash_password(PASSWORD, passwords.Bcrypt(password_cost))
    token = await database.write(_insert_users, password_hash, heavy=True)
    write = None
    for batch in batches(packages):
        # The next rows are made up while the last ones are on their way.
        if write is not None:
            await write
        write = asyncio.create_task(database.write(_insert, batch, heavy=True))
        await asyncio.sleep(0)
    if write is not None:
        await write
    await database.close()
    return token


def _insert_users(tx: Transaction, password_hash: str) -> str:
    for user in range(USERS):
        name = username(user)
        address = f"{name}@example.org"
        is_admin = user == 0
        id_ = users.insert_user(tx, name, address, password_hash, None, None, is_admin, NOW)
        catalogs.insert_personal_catalog(tx, id_, name, NOW)
        change = UpdateUser(
            description=f"Publishes about {texts.word(user)}.",
            website=f"https://example.org/{name}",
            website_is_public=user % 2 == 0,
        )
        users.update_user(tx, id_, change, NOW)
    return api_keys.add_key(tx, _user_id(0), "benchmark", bytes(32), NOW).token


def _insert(tx: Transaction, batch: Batch) -> None:
    for command, rows in batch:
        tx.run_many(command, rows)


def batches(packages: int) -> Iterator[Batch]:
    """Yield everything but the users, in writes of a few catalogs with their packages."""
    a_write = CATALOGS_A_WRITE * PER_CATALOG
    for first in range(0, packages, a_write):
        yield _batch(range(first, min(first + a_write, packages)), packages)


def _batch(numbers: range, packages: int) -> Batch:
    shelves = range(numbers.start // PER_CATALOG, -(-numbers.stop // PER_CATALOG))
    latest = {"first": FIRST_ID + numbers.start, "last": FIRST_ID + numbers.stop - 1}
    return [
        (INSERT_CATALOG, [_catalog(n) for n in shelves]),
        (INSERT_CATALOG_GRANT, [_catalog_grant(n) for n in shelves]),
        (index.INSERT_CATALOG, [_catalog_words(n) for n in shelves]),
        (INSERT_PACKAGE, [_package(n, packages) for n in numbers]),
        (INSERT_PACKAGE_GRANT, [_package_grant(n) for n in numbers]),
        (index.INSERT_PACKAGE, [_package_words(n, packages) for n in numbers]),
        (INSERT_CONTENT, [_content(n, v, packages) for n in numbers for v in _own_files(n)]),
        (INSERT_VERSION, [_version(n, v) for n in numbers for v in range(len(VERSIONS))]),
        (SET_LATEST, [latest]),
    ]


def _catalog(number: int) -> dict[str, Any]:
    name = f"{texts.word(number).title()} data"
    return {
        "id": FIRST_ID + number,
        "slug": catalog_slug(number),
        "display_name": name,
        "display_name_key": fold(name),
        "description": f"All that is known of {texts.word(number)}.",
        "website": f"https://example.org/{catalog_slug(number)}",
        "creator_id": _user_id(0),
        "now": NOW + number,
    }


def _catalog_grant(number: int) -> dict[str, Any]:
    return {"user_id": _user_id(0), "catalog_id": FIRST_ID + number, "permissions": EVERYTHING}


def _catalog_words(number: int) -> dict[str, Any]:
    row = _catalog(number)
    name = index_text([row["display_name"], row["slug"], row["description"]])
    return {"id": row["id"], "name": name}


def _package(number: int, packages: int) -> dict[str, Any]:
    name = texts.display_name(number)
    return {
        "id": FIRST_ID + number,
        "catalog_id": FIRST_ID + number // PER_CATALOG,
        "slug": texts.slug(number),
        "display_name": name,
        "display_name_key": fold(name),
        "description": texts.description(number, packages),
        "creator_id": _creator_id(number),
        "now": NOW + number,
    }


def _package_grant(number: int) -> dict[str, Any]:
    user_id = _creator_id(number)
    return {"user_id": user_id, "package_id": FIRST_ID + number, "permissions": EVERYTHING}


def _package_words(number: int, packages: int) -> dict[str, Any]:
    names = [texts.display_name(number), texts.slug(number), texts.description(number, packages)]
    text = index_text(texts.search_parts(number))
    return {"id": FIRST_ID + number, "name": index_text(names), "text": text}


def _own_files(number: int) -> range:
    """Return which versions of a package have a file of their own."""
    last = len(VERSIONS) - 1
    return range(0 if number < WITH_OWN_FILES else last, last + 1)


def _content(number: int, version: int, packages: int) -> dict[str, Any]:
    body = texts.package_file(number, packages, VERSIONS[version]).encode()
    sha256 = hashlib.sha256(body).digest()
    return {"id": _version_id(number, version), "sha256": sha256, "body": body}


def _version(number: int, version: int) -> dict[str, Any]:
    major, minor, patch = VERSIONS[version]
    holder = number if version in _own_files(number) else number % WITH_OWN_FILES
    return {
        "id": _version_id(number, version),
        "package_id": FIRST_ID + number,
        "major": major,
        "minor": minor,
        "patch": patch,
        "description": f"As of {major}.{minor}.{patch}.",
        "content_id": _version_id(holder, version),
        "author_id": _creator_id(number),
        "now": NOW + number,
    }


def _version_id(number: int, version: int) -> int:
    return number * len(VERSIONS) + version + 1


def _creator_id(number: int) -> int:
    return _user_id(number % USERS)


def _user_id(user: int) -> int:
    return user + 1


def _edition() -> str:
    """Return a name for the present way of making registries."""
    return _digest(Path(source).read_text() for source in (__file__, texts.__file__))


def _layout() -> str:
    """Return a name for the tables that registries have at present."""
    return _digest(known_migrations().values())


def _digest(told: Iterable[str]) -> str:
    return hashlib.sha256("".join(told).encode()).hexdigest()[:8]

"""What must never be, the database itself refuses, whatever code talks to it."""

import sqlite3
from contextlib import closing

import pytest

from litereg.store.connection import connect
from litereg.store.migrate import migrate

# Two users with their catalogs, two packages in one of them, and one or two of everything else.
ROWS = """
INSERT INTO viewer(id) VALUES (1), (2);
INSERT INTO user(id, username, username_key, email_address, email_key, created_at, updated_at)
VALUES
    (1, 'Ann', 'ann', 'Ann@x.org', 'ann@x.org', 0, 0),
    (2, 'Bob', 'bob', 'Bob@x.org', 'bob@x.org', 0, 0);
INSERT INTO catalog(
    id, slug, slug_key, display_name, display_name_key, creator_id, personal_of,
    created_at, updated_at
)
VALUES (1, 'Ann', 'ann', 'Ann', 'ann', 1, 1, 0, 0), (2, 'Bob', 'bob', 'Bob', 'bob', 2, 2, 0, 0);
INSERT INTO package(
    id, catalog_id, slug, slug_key, display_name, display_name_key, creator_id,
    created_at, updated_at
)
VALUES
    (1, 1, 'rain', 'rain', 'Rain', 'rain', 1, 0, 0),
    (2, 1, 'snow', 'snow', 'Snow', 'snow', 1, 0, 0);
INSERT INTO content(id, sha256, body) VALUES (1, zeroblob(32), x'7b7d');
INSERT INTO version(
    id, package_id, major, minor, patch, description, format, content_id, author_id,
    created_at, updated_at
)
VALUES (1, 1, 1, 0, 0, 'Rain', '0.3.20', 1, 1, 0, 0);
INSERT INTO collection(id, slug, slug_key, name, name_key, creator_id, created_at, updated_at)
VALUES (1, 'Water', 'water', 'Water', 'water', 1, 0, 0), (2, 'ice', 'ice', 'Ice', 'ice', 1, 0, 0);
INSERT INTO label(id, name, name_folded, description, description_folded, created_at, updated_at)
VALUES (1, 'fine', 'fine', '', '', 0, 0), (2, 'bad', 'bad', '', '', 0, 0);
INSERT INTO registered_package(type, type_folded, name, name_folded, created_at)
VALUES ('npm', 'npm', 'left', 'left', 0);
INSERT INTO package_label(label_id, is_data, package_id, assigned_at) VALUES (1, 1, 1, 0);
INSERT INTO version_label(label_id, is_data, version_id, assigned_at) VALUES (1, 1, 1, 0);
INSERT INTO api_key(id, user_id, label, secret_sha256, scopes, created_at)
VALUES ('one', 1, 'laptop', zeroblob(32), 7, 0), ('two', 1, 'desk', zeroblob(32), 7, 0);
INSERT INTO catalog_grant(user_id, catalog_id, permissions) VALUES (1, 1, 7);
"""

# Constraint → what must not be → a statement that would make it so.
NEVER = {
    "UNIQUE": {
        "two users of one name": "UPDATE user SET username_key = 'ann' WHERE id = 2",
        "two users of one address": "UPDATE user SET email_key = 'ann@x.org' WHERE id = 2",
        "two catalogs of one name": "UPDATE catalog SET slug_key = 'ann' WHERE id = 2",
        "two packages of one name": "UPDATE package SET slug_key = 'rain' WHERE id = 2",
        "two versions of one number": """
            INSERT INTO version
            SELECT 2, 1, 1, 0, 0, 'Other', format, content_id, author_id, 0, 0, 0, 0
            FROM version
            """,
        "two collections of one name": "UPDATE collection SET slug_key = 'water' WHERE id = 2",
        "two labels of one name": "UPDATE label SET name = 'fine' WHERE id = 2",
        "two keys of one name": "UPDATE api_key SET label = 'laptop' WHERE id = 'two'",
        "two labels on one package": "INSERT INTO package_label VALUES (2, 1, 1, 0, NULL)",
        "two labels on one version": "INSERT INTO version_label VALUES (2, 1, 1, 0, NULL)",
        "one public package twice": """
            INSERT INTO registered_package(type, type_folded, name, name_folded, created_at)
            VALUES ('npm', 'npm', 'left', 'left', 0)
            """,
        "two own catalogs of one user": "UPDATE catalog SET personal_of = 1 WHERE id = 2",
        "two sets of permissions of one user": "INSERT INTO catalog_grant VALUES (1, 1, 1, 0)",
    },
    "FOREIGN KEY": {
        "a user without an own catalog": """
            INSERT INTO viewer(id) VALUES (3);
            INSERT INTO user(
                id, username, username_key, email_address, email_key, created_at, updated_at
            )
            VALUES (3, 'Cat', 'cat', 'c@x.org', 'c@x.org', 0, 0)
            """,
        "an own catalog given away": "UPDATE catalog SET personal_of = NULL WHERE id = 1",
        "a package in no catalog": "UPDATE package SET catalog_id = 9 WHERE id = 1",
        "a version of no package": "UPDATE version SET package_id = 9",
        "a version without a file": "DELETE FROM content",
    },
    "CHECK": {
        "a data package that was registered": """
            INSERT INTO registered_package(type, type_folded, name, name_folded, created_at)
            VALUES ('datapm', 'datapm', 'ann/rain', 'ann/rain', 0)
            """,
        "permissions that there are not": "UPDATE catalog_grant SET permissions = 16",
        "a version number below zero": "UPDATE version SET patch = -1",
        "a flag that is neither yes nor no": "UPDATE catalog SET is_public = 2 WHERE id = 1",
        "an account neither open nor shut": "UPDATE user SET status = 'ASLEEP' WHERE id = 1",
    },
}


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    path = tmp_path_factory.mktemp("filled") / "litereg.db"
    with closing(connect(path)) as raw:
        migrate(raw, path)
        raw.executescript(f"BEGIN; {ROWS} COMMIT;")
    return path


@pytest.mark.parametrize(
    ("constraint", "what"),
    [(constraint, what) for constraint in NEVER for what in NEVER[constraint]],
)
def test_the_database_refuses(filled, constraint, what):
    with closing(connect(filled)) as raw:
        with pytest.raises(sqlite3.IntegrityError, match=f"^{constraint} constraint failed"):
            raw.executescript(f"BEGIN; {NEVER[constraint][what]}; COMMIT;")
        raw.execute("ROLLBACK")

        assert raw.execute("PRAGMA foreign_key_check").fetchall() == []

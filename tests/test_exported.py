import re

from litereg.exported import SELECTION
from litereg.store.archive.layout import tables_of
from litereg.store.migrate import known_migrations, schema_after

SECRET = re.compile(r"password|secret|token")


def test_everything_that_sounds_like_a_secret_is_kept_out_of_exports():
    tables = tables_of(schema_after(len(known_migrations())))
    secret = {
        (name, column)
        for name, table in tables.items()
        for column in table.columns
        if SECRET.search(column)
    }
    kept_out = {
        (name, column)
        for name, column in secret
        if name in SELECTION.secret_tables or column in SELECTION.secret_columns.get(name, ())
    }

    assert {("api_key", "secret_sha256"), ("user", "password_hash")} <= secret
    assert kept_out == secret


def test_what_is_kept_out_of_exports_exists():
    tables = tables_of(schema_after(len(known_migrations())))

    assert SELECTION.secret_tables | SELECTION.derived_tables <= tables.keys()
    for name, columns in SELECTION.secret_columns.items():
        assert columns <= tables[name].columns.keys()

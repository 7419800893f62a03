"""Every statement of litereg, prepared against the schema as it is."""

import importlib
import pkgutil
import re
import sqlite3

import pytest

import litereg
from litereg.access import Door
from litereg.store import Command, Query, rows
from litereg.store.connection import connect
from litereg.store.migrate import migrate

# Modules that hold no statements and need libraries or files of their own.
ELSEWHERE = ("litereg.web", "litereg.__main__", "litereg.cli")


class Zeros(dict):
    """A value for any parameter."""

    def __missing__(self, name):
        return 0


def statements_of(module):
    """Yield the statements that *module* holds, also those inside doors and tuples."""
    for name, member in vars(module).items():
        members = member if isinstance(member, tuple) else (member,)
        for place, inner in enumerate(members):
            statement = inner.query if isinstance(inner, Door) else inner
            if isinstance(statement, Command):
                yield f"{name}[{place}]" if len(members) > 1 else name, statement


def all_statements():
    found = {}
    for module in pkgutil.walk_packages(litereg.__path__, "litereg."):
        if module.name.startswith(ELSEWHERE):
            continue
        for name, statement in statements_of(importlib.import_module(module.name)):
            found.setdefault(id(statement), (f"{module.name}.{name}", statement))
    return [pytest.param(statement, id=name) for name, statement in found.values()]


STATEMENTS = all_statements()
QUERIES = [param for param in STATEMENTS if isinstance(param.values[0], Query)]


@pytest.fixture(scope="module")
def connection(tmp_path_factory):
    path = tmp_path_factory.mktemp("statements") / "litereg.db"
    connection = connect(path)
    migrate(connection, path)
    yield connection
    connection.close()


def scanned(connection, sql):
    """Return the tables that *sql* reads from end to end, as its plan says.

    What is no table of its own (a subquery, the items of a JSON text, a full-text search that has
    something to look for) does not count; nor does the order in which rows are sorted.
    """
    if re.match(r"\s*INSERT [^;]*\bVALUES\b", sql):
        # The scans in such a plan look for orphans, which only deferred constraints can leave.
        return []
    plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", Zeros())]
    named = set(re.findall(r"(\w+) AS (?:NOT )?(?:MATERIALIZED )?\(", sql))
    found = []
    for step in plan:
        scan = re.match(r"SCAN (\S+)(.*)", step)
        if scan is None or scan[1] in named or scan[1].startswith(("(", "json_each", "CONSTANT")):
            continue
        if re.search(r"VIRTUAL TABLE INDEX \d+:.", scan[2]):
            continue
        found.append(step)
    return found


@pytest.mark.parametrize("statement", STATEMENTS)
def test_no_statement_reads_a_whole_table_without_saying_why(connection, statement):
    scans = scanned(connection, statement.sql)

    assert scans == [] or statement.scans


def test_a_statement_that_reads_a_whole_table_is_noticed(connection):
    assert scanned(connection, "SELECT slug FROM package WHERE description = :text") != []
    assert scanned(connection, "DELETE FROM package_search") != []
    assert scanned(connection, "SELECT slug FROM package WHERE id = :id ORDER BY slug") == []


@pytest.mark.parametrize("query", QUERIES)
def test_the_columns_of_a_query_fill_its_shape(connection, query):
    if query.sql.lstrip().startswith(("INSERT", "UPDATE", "DELETE")):
        # What these return is not known before they have run; they return one id.
        assert query.shape is int
        assert re.search(r"RETURNING \w+\s*$", query.sql)
        return

    names = [column[0] for column in connection.execute(query.sql, Zeros()).description]

    query.check(names)
    assert len(names) == 1 or query.shape not in rows.SCALARS


def test_there_are_statements_to_test():
    names = {param.id.rpartition(".")[0] for param in STATEMENTS}

    assert {"litereg.store.content", "litereg.registry.packages.queries"} <= names
    assert len(STATEMENTS) > 50


def test_a_shape_with_a_column_too_few_or_out_of_place_is_noticed():
    query = next(param.values[0] for param in QUERIES if param.id.endswith("sessions.queries.FIND"))
    names = rows.column_names(query.shape)

    query.check(names)
    for wrong in (names[:-1], names[::-1], [*names, "more"]):
        with pytest.raises(TypeError, match=f"takes {len(names)} columns"):
            query.check(wrong)


def test_a_statement_that_names_no_such_column_is_noticed(connection):
    with pytest.raises(sqlite3.OperationalError, match="no such column"):
        scanned(connection, "SELECT weight FROM package")


ROWS = [param for param in QUERIES if param.values[0].shape not in rows.SCALARS]


@pytest.mark.parametrize("query", ROWS)
def test_a_query_can_be_narrowed_to_its_first_column_and_scans_no_more(connection, query):
    narrowed = query.narrowed(dict.fromkeys(row_types(query.shape), frozenset()))

    names = [column[0] for column in connection.execute(narrowed.sql, Zeros()).description]

    assert names == rows.column_names(query.shape)[:1]
    assert len(scanned(connection, narrowed.sql)) <= len(scanned(connection, query.sql))


def row_types(shape):
    """Yield *shape* and the row types in it."""
    yield shape
    for annotation in rows.fields(shape).values():
        nested, _ = rows.row_type(annotation)
        if nested is not None:
            yield from row_types(nested)

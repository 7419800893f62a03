"""No SQL is made of values: statements are text that was there before any request."""

import ast
from pathlib import Path

import pytest

import litereg

ROOT = Path(litereg.__file__).parent
FILES = sorted(ROOT.rglob("*.py"))
RUNS_SQL = {"execute", "executemany", "executescript"}
STATEMENTS = {"Query", "Command"}
# Where statements are put together in functions, and of what.
BUILDERS = {
    "labels/connections.py": "columns and conditions of its own, by order and by filter",
    "registry/search/queries.py": "names of its own tables, once when it is imported",
}


def calls(path):
    """Yield each call in a file, and whether it stands inside a function."""
    tree = ast.parse(path.read_text("utf-8"))
    inside = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
        for node in ast.walk(function)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node, id(node) in inside


def name_of(call):
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


@pytest.mark.parametrize(
    "path", [path for path in FILES if "store" not in path.parts], ids=lambda p: str(p.name)
)
def test_only_the_store_talks_to_the_database(path):
    assert [ast.unparse(call) for call, _ in calls(path) if name_of(call) in RUNS_SQL] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_statement_is_made_when_its_module_is_and_of_nothing_that_comes_later(path):
    if "from litereg.store import" not in path.read_text("utf-8"):
        return
    made = [call for call, inside in calls(path) if name_of(call) in STATEMENTS and inside]

    assert not made or str(path.relative_to(ROOT)) in BUILDERS

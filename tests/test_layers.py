"""Who may import whom, where import-linter has no words for it.

The layers themselves are stated in pyproject.toml and checked by `lint-imports`.
"""

import ast
from functools import cache
from pathlib import Path

import pytest

import litereg

ROOT = Path(litereg.__file__).parent
FILES = sorted(path.relative_to(ROOT) for path in ROOT.rglob("*.py"))

# Library → where it may be imported: files, whole folders, or files of that name anywhere.
HOMES = {
    "aiohttp": ("server/", "web/", "cli/", "app.py"),
    "sqlite3": ("store/",),
    "aiosqlite": ("store/",),
    "graphql": ("gql/", "app.py", "*/resolvers.py"),
}

# What a file of a room may import of the rooms, its own among them.
BELOW = {
    "queries.py": {"queries", "inputs"},
    "service.py": {"queries", "inputs", "service"},
    "resolvers.py": {"inputs", "service"},
}


@cache
def imported(path):
    """Return the names of all modules that the file at *path* imports, wherever it does so."""
    names = []
    for node in ast.walk(ast.parse((ROOT / path).read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports by a relative name"
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return names


def is_home(path, homes):
    text = path.as_posix()
    for home in homes:
        if home.endswith("/") and text.startswith(home):
            return True
        if path.match(home) if "*" in home else text == home:
            return True
    return False


@pytest.mark.parametrize("library", HOMES)
def test_a_library_is_imported_only_where_it_belongs(library):
    users = [path for path in FILES if library in {name.split(".")[0] for name in imported(path)}]

    assert users
    assert [path for path in users if not is_home(path, HOMES[library])] == []


def rooms():
    """Return the folders that hold a room."""
    return {path.parent for path in FILES if path.name == "resolvers.py"}


@pytest.mark.parametrize("path", [p for p in FILES if p.name in BELOW], ids=str)
def test_inside_a_room_the_stairs_lead_down(path):
    homes = {".".join(("litereg", *room.parts)): room for room in rooms()}
    wrong = []
    for name in imported(path):
        module, _, member = name.rpartition(".")
        if module not in homes or not (ROOT / homes[module] / f"{member}.py").exists():
            continue
        known = {"queries", "service", "resolvers"}
        is_foreign_door = member == "resolvers" and homes[module] != path.parent
        if is_foreign_door or (member in known and member not in BELOW[path.name]):
            wrong.append(name)

    assert wrong == []


def test_wings_meet_in_the_database_and_nowhere_else():
    for wing, other in (("registry", "labels"), ("labels", "registry")):
        files = [path for path in FILES if path.parts[0] == wing]
        names = {name for path in files for name in imported(path)}

        assert files
        assert [name for name in names if name.startswith(f"litereg.{other}")] == []


@pytest.mark.parametrize(
    ("path", "homes", "expected"),
    [
        ("server/health.py", ("server/",), True),
        ("server.py", ("server/",), False),
        ("app.py", ("app.py",), True),
        ("cli/app.py", ("app.py",), False),
        ("registry/users/resolvers.py", ("*/resolvers.py",), True),
        ("registry/users/service.py", ("*/resolvers.py",), False),
    ],
)
def test_what_counts_as_a_home(path, homes, expected):
    assert is_home(Path(path), homes) is expected

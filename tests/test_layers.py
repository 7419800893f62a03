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

# What a file of a room may import of its own room, and of any other. What several rooms do together
# has a module of its own beside them (`accounts`, `mail`, `tokens`), so that no service has two
# kinds of callers and every permission is asked for once, where the request comes in.
OWN = {
    "queries.py": {"queries", "inputs"},
    "service.py": {"queries", "inputs", "service"},
    "resolvers.py": {"inputs", "service"},
}
ANOTHERS = {
    "queries.py": {"queries", "inputs"},
    "service.py": {"queries", "inputs"},
    "resolvers.py": {"inputs"},
}
STAIRS = {"queries", "service", "resolvers"}


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


# Module → its folder, for each room.
ROOMS = {
    ".".join(("litereg", *path.parent.parts)): path.parent
    for path in FILES
    if path.name in ("resolvers.py", "service.py")
}


def on_the_stairs(path):
    """Return `room, file` for what the file at *path* imports of the four files of rooms."""
    for name in imported(path):
        module, _, member = name.rpartition(".")
        if (
            module in ROOMS
            and member in STAIRS
            and (ROOT / ROOMS[module] / f"{member}.py").exists()
        ):
            yield ROOMS[module], member


@pytest.mark.parametrize("path", [p for p in FILES if p.name in OWN], ids=str)
def test_inside_a_room_the_stairs_lead_down(path):
    own = [member for room, member in on_the_stairs(path) if room == path.parent]

    assert [member for member in own if member not in OWN[path.name]] == []


# Whatever else lies in a room or beside the rooms is held to what a service may do.
@pytest.mark.parametrize(
    "path",
    [p for p in FILES if p.parts[0] in ("registry", "labels") and p.name != "rooms.py"],
    ids=str,
)
def test_a_room_asks_the_queries_of_another_never_its_service(path):
    allowed = ANOTHERS.get(path.name, ANOTHERS["service.py"])
    others = [(room, member) for room, member in on_the_stairs(path) if room != path.parent]

    assert [(str(room), member) for room, member in others if member not in allowed] == []


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

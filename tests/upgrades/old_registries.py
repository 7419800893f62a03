"""Make a registry as an older litereg left it."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from litereg.store.connection import connect
from litereg.store.migrate import known_migrations, migrate_to

ROWS = Path(__file__).parent / "rows"
NAMES = tuple(known_migrations())

# What opens the registry as Ann; its SHA-256 stands in the rows.
SESSION = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
KEY = "ay0xLmx0cl9BUUlEQkFVR0J3Z0pDZ3NNRFE0UEVCRVNFeFFWRmhjWUdSb2JIQjBlSHlBbUQzdmZB"


def make_old_registry(path: Path, count: int) -> None:
    """Make a registry of the schema that the first *count* migrations make, with rows in it."""
    with closing(connect(path)) as raw:
        migrate_to(raw, NAMES[count - 1])
        for name in NAMES[:count]:
            raw.executescript(f"BEGIN;\n{rows_of(name)}\nCOMMIT;")
    path.chmod(0o600)


def rows_of(name: str) -> str:
    """Return the statements that fill what came with the migration of that name."""
    return (ROWS / f"{name}.sql").read_text("utf-8")

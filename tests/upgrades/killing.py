"""Upgrade a registry, and die at one statement of it after the other.

For each statement a process is forked that upgrades a copy and ends itself with SIGKILL when SQLite
begins that statement. What it leaves is opened again: it must be the registry after some whole
migrations, with every row that it had.
"""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from litereg.store import database as store
from litereg.store.connection import connect
from litereg.store.migrate import applied_migrations, schema_after
from tests.upgrades.old_registries import NAMES


@dataclass(slots=True)
class Figures:
    """What the kills showed.

    Attributes:
        kills: how many there were.
        steps: how many whole migrations were found to be done → how often.
        between: one line for each kill that left something that is no whole step.
    """

    kills: int = 0
    steps: Counter[int] = field(default_factory=Counter)
    between: list[str] = field(default_factory=list)


def kill_at_each_statement(old: Path, folder: Path, figures: Figures) -> None:
    """Upgrade copies of *old* in *folder*, killed at every statement, until one gets through."""
    with closing(sqlite3.connect(old)) as raw:
        rows, begun = _rows(raw), len(applied_migrations(raw))
    statement = 0
    while True:
        statement += 1
        place = folder / f"{begun}-{statement}"
        place.mkdir()
        path = shutil.copyfile(old, place / "litereg.db")
        if not _upgrade_and_die(path, statement):
            break
        figures.kills += 1
        problem = _problem(path, begun, rows, figures)
        if problem is None:
            # The next start carries on where this one ended.
            store.prepare(path)
            with closing(sqlite3.connect(path)) as raw:
                problem = None if len(applied_migrations(raw)) == len(NAMES) else "it is stuck"
        if problem is not None:
            figures.between.append(f"{begun} migrations, statement {statement}: {problem}")
        shutil.rmtree(place)


def _upgrade_and_die(path: Path, statement: int) -> bool:
    """Return whether a process that upgrades *path* was killed at the given statement."""
    child = os.fork()
    if child == 0:
        _upgrade(path, statement)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
        return True
    assert os.waitstatus_to_exitcode(status) == 0, f"the upgrade of {path} failed"
    return False


def _upgrade(path: Path, statement: int) -> None:
    """Upgrade *path* and end this process, one way or the other."""
    seen = 0

    def on_statement(sql: str) -> None:
        nonlocal seen
        # What FTS5 and triggers run inside of a statement is reported as a comment.
        seen += not sql.startswith("--")
        if seen == statement:
            os.kill(os.getpid(), signal.SIGKILL)

    def watched(path: Path) -> sqlite3.Connection:
        raw = connect(path)
        raw.set_trace_callback(on_statement)
        return raw

    code = 1
    try:
        store.connect = watched
        store.prepare(path)
        code = 0
    finally:
        os._exit(code)


def _problem(path: Path, begun: int, rows: dict[str, int], figures: Figures) -> str | None:
    """Return what is wrong with what a kill left, or None."""
    with closing(sqlite3.connect(path)) as raw:
        if (verdict := raw.execute("PRAGMA integrity_check(1)").fetchone()[0]) != "ok":
            return verdict
        applied = applied_migrations(raw)
        figures.steps[len(applied)] += 1
        if tuple(applied) != NAMES[: len(applied)] or len(applied) < begun:
            return f"it has {applied}"
        with closing(schema_after(len(applied))) as model:
            if _schema(raw) != _schema(model):
                return "its schema is between two"
        now = _rows(raw)
        if fewer := [name for name, count in rows.items() if now.get(name, 0) < count]:
            return f"rows are missing from {', '.join(fewer)}"
    copy = path.with_name(f"{path.name}.before-upgrade-from-{NAMES[begun - 1]}")
    if len(applied) > begun and not copy.exists():
        return "there is no copy of what it was"
    return None


def _applied(raw: sqlite3.Connection) -> list[str]:
    return applied_migrations(raw)


def _schema(raw: sqlite3.Connection) -> list[tuple[str, ...]]:
    return raw.execute("SELECT type, name, sql FROM sqlite_schema ORDER BY type, name").fetchall()


def _rows(raw: sqlite3.Connection) -> dict[str, int]:
    """Return how many rows each table has."""
    tables = raw.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
    return {name: raw.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for (name,) in tables}

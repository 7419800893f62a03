"""Where a second factor goes when a registry is copied, and where it does not."""

import asyncio
import sqlite3
import zipfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from litereg.cli.archive import complete_with
from litereg.exported import SELECTION
from litereg.registry.claims import CLAIMS
from litereg.settings import Settings
from litereg.store.archive.export import export
from litereg.store.archive.load import load
from litereg.store.backup import back_up, restore
from tests.client import PASSWORD
from tests.contract.second_factors import log_in, opened, refusal, set_up

TABLES = ("second_factor", "pending_second_factor", "recovery_code")


@pytest.fixture
async def left(settings, clock):
    """A registry that is closed, and the app of ann, who has also begun to set up another."""
    async with opened(settings) as people:
        ann = await people("ann")
        app = await set_up(ann, clock)
        await ann.mutate("beginSecondFactor", "secret", password=PASSWORD, oneTimeCode=app.code())
    return settings, app


def rows(path):
    with closing(sqlite3.connect(path)) as database:
        return {name: database.execute(f"SELECT * FROM {name}").fetchall() for name in TABLES}


async def test_an_export_holds_nothing_of_it(left, tmp_path):
    settings, app = left

    archive = export(Path(settings.db), tmp_path / "all.zip", SELECTION).path

    with zipfile.ZipFile(archive) as opened_archive:
        names = opened_archive.namelist()
        text = b"".join(opened_archive.read(name) for name in names)
    assert [name for name in names if "factor" in name or "recovery" in name] == []
    for _, secret, *_ in rows(settings.db)["second_factor"]:
        assert secret.hex().encode() not in text
    assert app.secret.encode() not in text
    assert b"ann@example.org" in text


async def test_an_export_with_secrets_keeps_it(left, tmp_path):
    settings, app = left

    archive = export(Path(settings.db), tmp_path / "all.zip", SELECTION, with_secrets=True).path
    # What completes it runs an event loop of its own.
    await asyncio.to_thread(load, archive, tmp_path / "new.db", complete_with(Settings()), CLAIMS)

    assert rows(tmp_path / "new.db") == rows(settings.db)
    async with opened(replace(settings, db=str(tmp_path / "new.db"))) as people:
        assert (await log_in(people.anonymous, app.code(1))).value


async def test_a_backup_keeps_it_and_what_was_used_up(left, tmp_path, clock):
    settings, app = left
    async with opened(settings) as people:
        await log_in(people.anonymous, app.codes[0])

    back_up(Path(settings.db), tmp_path / "backup.db")
    restore(tmp_path / "backup.db", tmp_path / "restored.db", "now")

    async with opened(replace(settings, db=str(tmp_path / "restored.db"))) as people:
        used = await log_in(people.anonymous, app.codes[0])
        assert refusal(used)[0] == "WRONG_ONE_TIME_CODE"
        assert (await log_in(people.anonymous, app.code(1))).value
        assert (await log_in(people.anonymous, app.codes[1])).value

"""`litereg export` and `litereg load`: a registry as a zip that other programs can read."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import click

from litereg.cli.options import db_option
from litereg.cli.output import note, print_facts, watching
from litereg.settings import Settings
from litereg.settings import load as load_settings

file_argument = click.argument("file", metavar="FILE.zip", type=click.Path(path_type=Path))
TABLES = ("user", "catalog", "package", "version", "collection", "label", "registered_package")


@click.command()
@file_argument
@click.option(
    "--with-secrets", is_flag=True, help="Take the hashes of passwords and keys along, too."
)
@db_option
def export(file: Path, with_secrets: bool, db: str | None) -> None:
    """Write the registry to a zip of NDJSON and files, also while it is served.

    README.txt in it says what stands where. The same registry gives the same bytes. Without
    --with-secrets there is nothing in it that lets anybody in: users of a registry that is loaded
    from it need a new password (`litereg user passwd`), and make new keys.
    """
    from litereg.exported import SELECTION
    from litereg.store.archive.export import export

    database = Path(load_settings({"db": db}).db)
    with watching("Exporting") as watch:
        made = export(database, file, SELECTION, with_secrets=with_secrets, watch=watch)
    print_facts([("Exported", made.path), *_counts(made.rows)])


@click.command()
@file_argument
@click.option("--dry-run", is_flag=True, help="Do all of it but keep the new registry.")
@db_option
def load(file: Path, dry_run: bool, db: str | None) -> None:
    """Make a new registry of what `litereg export` wrote.

    It goes into a file that is not there yet, whole and checked, or not at all.
    """
    settings = load_settings({"db": db})
    if not dry_run:
        _load(file, settings, ("Loaded", settings.db))
        return
    with tempfile.TemporaryDirectory() as folder:
        _load(file, replace(settings, db=str(Path(folder) / "litereg.db")), ("Tried", file))
    note("This was a dry run: nothing was made.")


def complete_with(settings: Settings) -> Callable[[Path], None]:
    """Return what makes, in a database that was filled, all that no export has."""
    from litereg.cli.local import LocalRegistry

    def complete(database: Path) -> None:
        # Opening it makes the search index.
        with LocalRegistry.open(replace(settings, db=str(database))):
            pass

    return complete


def _load(file: Path, settings: Settings, done: tuple[str, object]) -> None:
    from litereg.cli.claims import CLAIMS
    from litereg.store.archive.load import load

    with watching("Loading") as watch:
        manifest = load(file, Path(settings.db), complete_with(settings), CLAIMS, watch)
    print_facts([done, *_counts(manifest.tables)])
    if not manifest.with_secrets:
        note("Nobody has a password or a key: `litereg user passwd` gives one.")


def _counts(rows: dict[str, int]) -> list[tuple[str, object]]:
    """Return how many there are of what people know by name."""
    names = [name for name in TABLES if name in rows]
    return [(name.replace("_", " ").capitalize() + "s", rows[name]) for name in names]

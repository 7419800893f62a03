"""`litereg backup`, `restore` and `check`: the database file as a whole."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from litereg.cli.options import db_option, json_option
from litereg.cli.output import note, print_facts, print_json, watching
from litereg.settings import load

file_argument = click.argument("file", type=click.Path(path_type=Path))


@click.command()
@file_argument
@db_option
def backup(file: Path, db: str | None) -> None:
    """Copy the registry to FILE, also while it is served, and check the copy.

    FILE gets its name once it is whole, on the disk and read through again. Its SHA-256 is kept in
    FILE.sha256.
    """
    from litereg.store.backup import back_up

    with watching("Backing up") as watch:
        made = back_up(Path(load({"db": db}).db), file, watch)
    print_facts([("Backup", made.path), ("Bytes", made.size), ("SHA-256", made.sha256)])


@click.command()
@file_argument
@db_option
def restore(file: Path, db: str | None) -> None:
    """Put the backup FILE in the place of the registry, which is kept beside it.

    Nothing is changed when FILE is not sound, or while a server has the registry.
    """
    from litereg.cli.claims import CLAIMS
    from litereg.store.backup import restore

    database = Path(load({"db": db}).db)
    stamp = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    with watching("Checking") as watch:
        aside = restore(file, database, stamp, CLAIMS, watch)
    print_facts([("Restored", database), ("From", file), ("Kept as", aside)])


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@db_option
@json_option
def check(file: Path | None, db: str | None, as_json: bool) -> None:
    """Look for damage in the registry, or in FILE, also while it is served.

    Structure, references, search index and the SHA-256 of everything stored by it. Exit code 1
    means that something is wrong.
    """
    from litereg.cli.claims import CLAIMS
    from litereg.store.check import NO_REGISTRY, check

    path = file or Path(load({"db": db}).db)
    with watching("Checking") as watch:
        findings = list(check(path, CLAIMS, watch))
    if as_json:
        print_json([finding._asdict() for finding in findings])
    for finding in findings if not as_json else ():
        click.echo(str(finding))
    if findings:
        if findings[0].place == NO_REGISTRY:
            note(f"{path} is no registry of litereg's, or its beginning is lost.")
        elif file is None:
            note(f"{path} is damaged: `litereg restore` puts a backup in its place.")
        else:
            note(f"{path} is damaged: what it holds cannot be trusted.")
        raise click.exceptions.Exit(1)
    note(f"{path} is sound.")

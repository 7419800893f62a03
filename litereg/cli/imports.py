"""`litereg import`: public packages from lockfiles, bills of materials and lists.

Reading comes first, all of it, and onto the disk; then one transaction does the rest. A file that
cannot be read therefore leaves the registry as it was, and so does a rehearsal. A registry at an
address is sent the files as they are, and does the same.
"""

from __future__ import annotations

import base64
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from litereg.cli.failures import Failure, Refused, WrongUse
from litereg.cli.options import Target, json_option, target_options
from litereg.cli.output import progress
from litereg.errors import LiteregError
from litereg.settings import load

if TYPE_CHECKING:
    from litereg.cli.local import LocalRegistry
    from litereg.labels.imports.entries import Entry
    from litereg.labels.imports.outcome import Outcome
    from litereg.labels.imports.spool import Spool
    from litereg.labels.imports.type_table import TypeTable

STDIN = "-"
STDIN_NAME = "(stdin)"
ADVANCE_EVERY = 1_000
# So many remarks of each kind are asked for: no answer holds all that there could be.
MAX_REMARKS = 20_000
TABLE_IS_LOCAL = (
    "--type-table is for a file: a registry at an address has its own table, the setting "
    "labels_type_table there."
)


@click.command("import")
@click.argument(
    "files",
    nargs=-1,
    required=True,
    metavar="FILE...",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path),
)
@click.option("--dry-run", is_flag=True, help="Change nothing, and report what would be.")
@click.option("--label", metavar="NAME", help="Put this label on all of them; it must be there.")
@click.option(
    "--type-table",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="How package URLs become types and names, in TOML (else the setting labels_type_table).",
)
@json_option
@target_options
def import_files(
    files: tuple[Path, ...],
    dry_run: bool,
    label: str | None,
    type_table: Path | None,
    as_json: bool,
    target: Target,
) -> None:
    """Bring public packages into the catalog from files of other tools.

    \b
    Read are, told by their content:
      CSV: name, version, type         package-lock.json, npm-shrinkwrap.json
      requirements.txt, pip freeze     pylock.toml
      CycloneDX as JSON or XML         SPDX 2.2 and 2.3 as JSON
      jf curation-audit as JSON        package URLs, one a line
    A - stands for stdin.

    All files are imported, or none: one that cannot be read stops the import before anything is
    changed. Single entries that name no version, or come from elsewhere than a registry of
    packages, are skipped and reported with line and reason.

    With --label, versions get the label, and packages where a list names them without a version. An
    entry that has a label already, or whose package has one, is imported, keeps what it has, and is
    reported; the import goes on. Whoever may change labels may import.

    A registry at an address takes 100 files and 100,000 entries at once, unless it is set
    otherwise, and no more than fits into one request.
    """
    from litereg.cli.import_report import Told
    from litereg.cli.local import LocalRegistry
    from litereg.labels.imports.report import Report
    from litereg.labels.imports.spool import Spool

    if target.url:
        if type_table is not None:
            raise WrongUse(TABLE_IS_LOCAL)
        told = Told.of_answer(_send(target, files, label, dry_run))
        told.print_json() if as_json else told.print_text()
        return
    settings = load({"db": target.db})
    table = type_table_of(type_table or settings.labels_type_table)
    with LocalRegistry.open(settings) as registry, Spool() as spool:
        _read(files, spool, table)
        outcome = _import(registry, target.username, spool, label, dry_run)
        told = Told.of(Report(dry_run, label, spool, outcome))
        told.print_json() if as_json else told.print_text()


def _send(
    target: Target, files: tuple[Path, ...], label: str | None, dry_run: bool
) -> dict[str, Any]:
    """Have the registry at an address import *files*, and return its report."""
    sent = []
    for file in files:
        with _opened(file) as (name, opened):
            sent.append({"name": name, "base64": base64.b64encode(opened.read()).decode()})
    with target.caller() as caller:
        answer = caller.call(
            "import_public_packages",
            files=sent,
            label=label,
            dryRun=dry_run,
            remarks=MAX_REMARKS,
        )
    report: dict[str, Any] = answer["importPublicPackages"]
    return report


def type_table_of(file: Path | str) -> TypeTable:
    """Return the type table with the changes in *file*, if one is named."""
    from litereg.labels.imports.type_table import load_type_table

    with _told_of(str(file)):
        return load_type_table(file)


def _read(files: tuple[Path, ...], spool: Spool, table: TypeTable) -> None:
    """Read all of *files* into *spool*."""
    total = sum(file.stat().st_size for file in files if str(file) != STDIN)
    with progress(total, "Reading") as advance:
        for file in files:
            with _opened(file) as (name, opened):
                spool.add(name, opened, table, advance)


@contextmanager
def _opened(file: Path) -> Iterator[tuple[str, BinaryIO]]:
    """Yield what a file is called, and the file or a copy of standard input, opened and seekable.

    Raises:
        Failure: it cannot be read; with its name.
    """
    if str(file) != STDIN:
        with _told_of(str(file)), file.open("rb") as opened:
            yield str(file), opened
        return
    with _told_of(STDIN_NAME), tempfile.TemporaryFile() as copy:
        shutil.copyfileobj(sys.stdin.buffer, copy)
        copy.seek(0)
        yield STDIN_NAME, copy


@contextmanager
def _told_of(name: str) -> Iterator[None]:
    """Say of a failure inside the block which file it is about.

    Raises:
        Failure: the file cannot be read.
    """
    from litereg.labels.imports.entries import UnreadableFile

    try:
        yield
    except UnreadableFile as error:
        raise Failure(f"{name}: {error.detail}") from error
    except OSError as error:
        raise Failure(f"{name}: {error.strerror}") from error


def _import(
    registry: LocalRegistry, username: str | None, spool: Spool, label: str | None, dry_run: bool
) -> Outcome:
    """Import what is in *spool*, or find out what that would do.

    Raises:
        Refused: nothing was imported.
    """
    from litereg.gql.errors import plain_error
    from litereg.labels.imports import service

    viewer = registry.viewer(username)
    run = service.rehearse if dry_run else service.run
    with progress(2 * len(spool), "Trying" if dry_run else "Importing") as advance:
        work = partial(
            run,
            viewer=viewer,
            settings=registry.settings,
            entries=_Watched(spool, advance),
            label=label,
            now=time.time_ns() // 1_000_000,
        )
        try:
            return registry.write(work, heavy=True)
        except LiteregError as error:
            raise Refused([plain_error(error)]) from error


class _Watched:
    """The entries of a spool; whoever goes through them moves a bar on."""

    def __init__(self, spool: Spool, advance: Callable[[int], None]) -> None:
        self._spool = spool
        self._advance = advance

    def __iter__(self) -> Iterator[Entry]:
        for number, entry in enumerate(self._spool, 1):
            if number % ADVANCE_EVERY == 0:
                self._advance(ADVANCE_EVERY)
            yield entry

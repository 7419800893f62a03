"""`litereg demo`: a registry full of real data packages, gone when it ends."""

from __future__ import annotations

import asyncio
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from litereg import __version__
from litereg.cli.failures import Failure
from litereg.cli.output import print_facts, progress
from litereg.cli.serve import curl
from litereg.settings import Settings, load

if TYPE_CHECKING:
    from litereg.app import Started
    from litereg.cli.demo_registry import Way

FIRST_QUERY = "{ me { username } latestPackages(offSet: 0, limit: 3) { packages { displayName } } }"


@click.command()
@click.option(
    "--keep",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Keep the registry in FILE, which must not be there yet.",
)
@click.option("--port", type=int, help="The port to listen on; 0 takes a free one.")
def demo(keep: Path | None, port: int | None) -> None:
    """Fill a registry with open data sets and serve it until Ctrl-C.

    It is a temporary one, and works without a network.
    """
    from litereg import app
    from litereg.server.logs import configure
    from litereg.server.runner import bind

    settings = load({"port": port})
    configure(settings.log_format)
    # Whether the port can be had is known before the filling, which takes a while.
    bind(settings).close()
    with _database(keep) as database:
        # Its users have addresses that nobody reads.
        settings = replace(settings, db=str(database), smtp_server="")
        way = _filled(settings)

        def on_ready(started: Started) -> None:
            _tell(started, way, database, keep is not None)

        asyncio.run(app.serve(settings, on_ready))


@contextmanager
def _database(keep: Path | None) -> Iterator[Path]:
    """Yield where the registry is to be: a new file, or one that goes when the block ends."""
    if keep is None:
        with tempfile.TemporaryDirectory(prefix="litereg-demo-") as folder:
            yield Path(folder) / "demo.db"
    elif keep.exists():
        raise Failure(f"{keep} is there already; serve it with `litereg serve --db {keep}`")
    else:
        yield keep.absolute()


def _filled(settings: Settings) -> Way:
    """Fill the registry that the settings name and return a way in; half of one is removed."""
    from litereg.cli.demo_registry import Demo
    from litereg.cli.local import LocalRegistry

    filling = Demo(secrets.token_urlsafe(12))
    try:
        # Whoever closes sign-up still wants the demo's users.
        with (
            LocalRegistry.open(replace(settings, sign_up=True), make=True) as registry,
            progress(filling.steps, "Filling the registry") as advance,
        ):
            return filling.fill(registry, lambda: advance(1))
    except BaseException:
        Path(settings.db).unlink(missing_ok=True)
        raise


def _tell(started: Started, way: Way, database: Path, is_kept: bool) -> None:
    url = started.settings.url
    click.echo(f"litereg {__version__}: the demo is ready. Ctrl-C ends it.")
    print_facts(
        [
            ("Database", f"{database} ({'kept' if is_kept else 'removed when the demo ends'})"),
            ("Address", url),
            ("Playground", f"{url}/playground"),
            ("User", f"{way.username} (administrator), and {' and '.join(way.others)}"),
            ("Password", f"{way.password} (the same for all)"),
        ]
    )
    click.echo(f"\nTry it:\n\n  {curl(url, FIRST_QUERY, f'X-API-Key: {way.key}')}\n")

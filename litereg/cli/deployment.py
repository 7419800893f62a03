"""Print configurations for the programs that stand around litereg where it is more than tried out.

The texts are in `snippets/`; what is filled in comes from the settings.
"""

from __future__ import annotations

import shutil
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import click

from litereg.cli.options import settings_options
from litereg.settings import load

STATE = "/var/lib/litereg"
HOMES = ("/home/", "/root/", "/run/user/")
EXAMPLE = "data.example.org"
# Beyond the time that requests have: to copy the log back, and to close the file.
STOP_MARGIN_S = 15
# Beyond connections: the database, its log, and what runs beside requests.
OTHER_FILES = 256


@click.command()
@click.option(
    "--litestream", metavar="FILE", help="Serve beside Litestream, which reads FILE; see there."
)
@settings_options
def systemd(flags: dict[str, Any], litestream: str | None) -> None:
    """Print a unit for systemd that keeps the registry running, and everybody else away from it."""
    settings = load(flags)
    program = _program()
    database = settings.db if Path(settings.db).is_absolute() else f"{STATE}/{settings.db}"
    serve = f"{program} serve --db {database} --host {settings.host} --port {settings.port}"
    if litestream is not None:
        # It starts the server, hands signals on to it, and ends when the server does.
        around = shutil.which("litestream") or "/usr/bin/litestream"
        serve = f'{around} replicate -config {litestream} -exec "{serve}"'
    _print(
        "litereg.service",
        serve=serve,
        shutdown_s=f"{settings.shutdown_timeout_s:g}",
        stop_s=f"{settings.shutdown_timeout_s + STOP_MARGIN_S:g}",
        files=settings.max_connections + OTHER_FILES,
        # Where nobody may look into homes, a program in one cannot be started.
        protect_home="read-only" if program.startswith(HOMES) else "yes",
    )


@click.command()
@click.option("--certificate", help="The file of the certificate and those it rests on.")
@click.option("--key", help="The file of the certificate's key.")
@settings_options
def nginx(flags: dict[str, Any], certificate: str | None, key: str | None) -> None:
    """Print a configuration for nginx before the registry, which brings HTTPS."""
    settings = load(flags)
    name = settings.hostname if settings.base_url else EXAMPLE
    folder = f"/etc/letsencrypt/live/{name}"
    _print(
        "nginx.conf",
        url=f"https://{name}{settings.prefix}",
        name=name,
        address=f"{settings.host}:{settings.port}",
        scheme=settings.scheme,
        prefix=settings.prefix,
        certificate=certificate or f"{folder}/fullchain.pem",
        key=key or f"{folder}/privkey.pem",
        body_mib=-(-settings.max_body_bytes // 2**20) + 1,
        read_s=f"{2 * settings.execution_timeout_s + 40:g}",
    )


@click.command()
@click.argument("replica", metavar="URL")
@settings_options
def litestream(flags: dict[str, Any], replica: str) -> None:
    """Print a configuration for Litestream, which copies all changes to URL as they come.

    URL is where the copy is kept: s3://BUCKET/PATH, sftp://HOST/PATH, file:///PATH and others.
    """
    _print("litestream.yml", db=Path(load(flags).db).absolute(), replica=replica)


def _print(snippet: str, /, **values: object) -> None:
    from jinja2 import Environment, StrictUndefined

    text = (files("litereg.cli") / "snippets" / snippet).read_text("utf-8")
    # Plain text for other programs: there is nothing to escape in it.
    environment = Environment(undefined=StrictUndefined, autoescape=False)  # noqa: S701
    click.echo(environment.from_string(text).render(values))


def _program() -> str:
    """Return how this very litereg is started from anywhere."""
    beside = Path(sys.executable).with_name("litereg")
    return str(beside) if beside.exists() else f"{sys.executable} -m litereg"

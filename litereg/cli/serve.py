"""`litereg serve`: the registry as a server."""

from __future__ import annotations

import asyncio
import getpass
import ipaddress
import json
import secrets
import shlex
import threading
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from litereg import __version__
from litereg.cli.options import settings_options
from litereg.cli.output import print_facts
from litereg.errors import InvalidInput
from litereg.settings import load

if TYPE_CHECKING:
    from litereg.app import Started

CREATE_ME = "mutation($value: CreateUserInput!) { createMe(value: $value) }"


@click.command()
@click.option("--open", "open_browser", is_flag=True, help="Open the registry in the browser.")
@settings_options
def serve(flags: dict[str, Any], open_browser: bool) -> None:
    """Serve a registry until Ctrl-C or SIGTERM.

    Without any option it is in litereg.db in this folder, which is made when it is not there, and
    answers at http://127.0.0.1:4000.
    """
    from litereg import app
    from litereg.server.logs import configure

    settings = load(flags)
    database = Path(settings.db).absolute()
    word = "opened" if database.exists() else "made"
    configure(settings.log_format)

    def on_ready(started: Started) -> None:
        url = started.settings.url
        click.echo(f"litereg {__version__} is ready. Ctrl-C ends it.")
        print_facts(
            [
                ("Database", f"{database} ({word})"),
                ("Address", url),
                ("Playground", f"{url}/playground"),
            ]
        )
        for line in beyond_this_machine(started):
            click.echo(line)
        if started.is_empty:
            click.echo(first_account(started, url))
        if open_browser:
            # A text browser stays in the foreground, and would keep the server from answering.
            threading.Thread(target=webbrowser.open, args=[url], daemon=True).start()

    asyncio.run(app.serve(settings, on_ready))


def beyond_this_machine(started: Started) -> list[str]:
    """Return what to know where other machines are let in; nothing where they are not."""
    settings = started.settings
    listened = ipaddress.ip_address(urlsplit(started.address).hostname or "")
    if listened.is_loopback:
        return []
    lines = []
    if listened.is_unspecified and not settings.base_url:
        lines.append(
            f"Other machines reach it at port {settings.port} of this machine's name or address; "
            "say by --base-url which one links shall lead to."
        )
    if not settings.tls_cert and not settings.trusted_proxies:
        lines.append(
            "Passwords travel unencrypted: serve https by --tls-cert and --tls-key, or name the "
            "proxy that does by --trusted-proxies."
        )
    return lines


def curl(url: str, document: str, header: str = "", **variables: object) -> str:
    """Return a command line that sends *document* to the registry at *url*; ready for a shell."""
    sent: dict[str, object] = {"query": document}
    if variables:
        sent["variables"] = variables
    words = ["curl", f"{url}/graphql"]
    for line in filter(None, (header, "Content-Type: application/json")):
        words += ["-H", line]
    return shlex.join([*words, "-d", json.dumps(sent)])


def first_account(started: Started, url: str) -> str:
    """Return what to do in a registry in which nobody has an account."""
    lines = ["", "Nobody has an account yet; the first one will be the administrator."]
    if started.settings.sign_up and not started.settings.sends_mail:
        username = _own_name()
        value = {
            "username": username,
            "emailAddress": f"{username}@example.org",
            "password": secrets.token_urlsafe(12),
        }
        lines += [f"Sign up at {url}/sign-up, or send this, which has a password already:"]
        lines += ["", "  " + curl(url, CREATE_ME, value=value)]
    else:
        # A letter to the made-up address of that line would reach nobody.
        lines += ["Make it here:", "", "  litereg user add --help"]
    return "\n".join([*lines, ""])


def _own_name() -> str:
    """Return the name of whoever runs this, if it can be a username; else "owner"."""
    from litereg.registry.names import check_username, require_unreserved

    try:
        name = getpass.getuser()
        check_username(name)
        require_unreserved(name)
    except (InvalidInput, OSError, KeyError):
        return "owner"
    return name

"""`litereg user …`: accounts, looked after from the shell by whoever owns the file."""

from __future__ import annotations

import secrets
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from litereg.cli.failures import Failure
from litereg.cli.groups import Group
from litereg.cli.options import db_option, json_option
from litereg.cli.output import note, print_json, print_table
from litereg.errors import InvalidInput
from litereg.settings import COMPATIBLE, STRICT, load

if TYPE_CHECKING:
    from litereg.cli.local import LocalRegistry
    from litereg.registry.models import User
    from litereg.settings import Settings

RULES = {
    COMPATIBLE: "8 to 99 characters; below 16 a digit or one of @ # $ % ! must be among them",
    STRICT: "8 to 1,024 characters, whichever; no common password, and none with a name in it",
}

# What the list says of an account besides, where it is so.
REMARKS = {"isAdmin": "administrator", "secondFactor": "second factor"}

password_option = click.option(
    "--password-stdin", is_flag=True, help="Read the password from the first line of stdin."
)


@click.group(cls=Group)
def user() -> None:
    """Make accounts and look after them, in the database file."""


@user.command()
@click.argument("username")
@click.option("--email", required=True, metavar="ADDRESS", help="Their e-mail address.")
@click.option("--first-name", metavar="NAME")
@click.option("--last-name", metavar="NAME")
@click.option("--admin", is_flag=True, help="Make them an administrator; the first account is one.")
@password_option
@db_option
def add(
    username: str,
    email: str,
    first_name: str | None,
    last_name: str | None,
    admin: bool,
    password_stdin: bool,
    db: str | None,
) -> None:
    """Make an account, whether sign-up is open or not.

    The database file is made when there is none.
    """
    from litereg.registry.administration import service
    from litereg.registry.users.inputs import CreateUser

    settings = load({"db": db})
    value = CreateUser(
        username=username.strip(),
        email_address=email.strip(),
        password=_password(password_stdin, settings),
        first_name=first_name,
        last_name=last_name,
    )
    service.check(value, settings)
    with _registry(db, make=True) as registry:
        password_hash = _hashed(registry, value.password)
        made = registry.write(service.add, value, password_hash, admin, _now_ms())
    role = ", an administrator" if made.is_admin else ""
    click.echo(f"{made.username} has an account now{role}.")


@user.command("list")
@json_option
@db_option
def list_users(as_json: bool, db: str | None) -> None:
    """List all accounts."""
    from litereg.registry.second_factor import queries as second_factors
    from litereg.registry.users import queries

    with _registry(db) as registry:
        with_two = registry.read(second_factors.users_with_one)
        accounts = registry.read(queries.all_users)
    found = [_shown(account, account.id in with_two) for account in accounts]
    if as_json:
        print_json(found)
        return
    rows = [
        (
            account["username"],
            account["emailAddress"],
            account["status"].lower(),
            ", ".join(word for name, word in REMARKS.items() if account[name]),
        )
        for account in found
    ]
    empty = "There is no account yet: `litereg user add` makes the first."
    print_table(("USER", "E-MAIL", "STATUS", ""), rows, empty)


@user.command()
@click.argument("username")
@password_option
@db_option
def passwd(username: str, password_stdin: bool, db: str | None) -> None:
    """Give a user a new password; it ends their sessions and leaves their keys."""
    from litereg.registry.administration import service
    from litereg.registry.password_rules import require_good

    with _registry(db) as registry:
        account = registry.read(service.get_user, username)
        password = _password(password_stdin, registry.settings)
        require_good(password, registry.settings, account.username, account.email_address)
        password_hash = _hashed(registry, password)
        changed = registry.write(service.set_password, username, password_hash, _now_ms())
    click.echo(f"{changed.username} has a new password.")


@user.command("second-factor-off")
@click.argument("username")
@db_option
def second_factor_off(username: str, db: str | None) -> None:
    """Turn a user's second factor off, when app and codes are lost; it ends their sessions."""
    from litereg.registry.administration import service

    with _registry(db) as registry:
        settings = registry.settings
        changed = registry.write(service.end_second_factor, settings, username, _now_ms())
    click.echo(f"{changed.username} has no second factor any more.")
    if settings.requires_second_factor:
        note("The next log-in sets up a new one.")


@user.command()
@click.argument("username")
@click.option("--revoke", is_flag=True, help="Make them an ordinary user again.")
@db_option
def admin(username: str, revoke: bool, db: str | None) -> None:
    """Make a user an administrator."""
    from litereg.registry.administration import service

    with _registry(db) as registry:
        changed = registry.write(service.set_admin, username, not revoke, _now_ms())
    word = "is no administrator any more" if revoke else "is an administrator now"
    click.echo(f"{changed.username} {word}.")


@user.command()
@click.argument("username")
@db_option
def suspend(username: str, db: str | None) -> None:
    """Keep a user out: sessions end, keys are refused."""
    from litereg.registry.administration import service

    with _registry(db) as registry:
        changed = registry.write(service.suspend, username, _now_ms())
    click.echo(f"{changed.username} is suspended.")


@user.command()
@click.argument("username")
@db_option
def activate(username: str, db: str | None) -> None:
    """Let a suspended user in again."""
    from litereg.registry.administration import service

    with _registry(db) as registry:
        changed = registry.write(service.activate, username, _now_ms())
    click.echo(f"{changed.username} is active.")


@user.command("login-link")
@click.argument("username")
@db_option
def login_link(username: str, db: str | None) -> None:
    """Print an address that logs a user in once, within an hour."""
    from litereg.registry.administration import service

    with _registry(db) as registry:
        random = secrets.token_bytes(32)
        token = registry.write(service.make_link, username, random, _now_ms())
        click.echo(f"{registry.settings.url}/log-in?token={token}")
    note("It works once, within an hour. Whoever has it can log in: send it to nobody else.")


@contextmanager
def _registry(db: str | None, make: bool = False) -> Iterator[LocalRegistry]:
    from litereg.cli.local import LocalRegistry

    with LocalRegistry.open(load({"db": db}), make) as registry:
        yield registry


def _password(from_stdin: bool, settings: Settings) -> str:
    """Return a password of the right form: typed twice, or the first line of standard input.

    Raises:
        Failure: it breaks the rule of passwords.
    """
    from litereg.registry.password_rules import form_check

    if from_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        if sys.stdin.isatty():
            note(f"The password: {RULES[settings.password_rules]}.")
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    try:
        form_check(settings.password_rules)(password)
    except InvalidInput as error:
        raise Failure(f"{error.reason}: {RULES[settings.password_rules]}") from error
    return password


def _hashed(registry: LocalRegistry, password: str) -> str:
    from litereg.registry.passwords import hash_password, wanted

    return hash_password(password, wanted(registry.settings))


def _shown(account: User, has_second_factor: bool) -> dict[str, Any]:
    return {
        "username": account.username,
        "emailAddress": account.email_address,
        "firstName": account.first_name,
        "lastName": account.last_name,
        "isAdmin": account.is_admin,
        "status": account.status,
        "secondFactor": has_second_factor,
    }


def _now_ms() -> int:
    return time.time_ns() // 1_000_000

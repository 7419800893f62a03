"""`litereg key …`: API keys of the user one acts as."""

from __future__ import annotations

import click

from litereg.cli.failures import Failure
from litereg.cli.groups import Group
from litereg.cli.options import Target, json_option, target_options
from litereg.cli.output import note, print_json, print_table

ALL_SCOPES = ("MANAGE_API_KEYS", "READ_PRIVATE_ASSETS", "MANAGE_PRIVATE_ASSETS")


@click.group(cls=Group)
def key() -> None:
    """Make, list and revoke API keys: with --as USER, or with a key you have."""


@key.command()
@click.argument("label")
@json_option
@target_options
def create(label: str, as_json: bool, target: Target) -> None:
    """Make a key and print it: the only time that it is shown."""
    with target.caller() as caller:
        made = caller.call("create_api_key", value={"label": label, "scopes": ALL_SCOPES})
    if as_json:
        print_json(made["createAPIKey"])
        return
    click.echo(made["createAPIKey"]["token"])
    note("Keep it: it is not shown again. Send it as X-API-Key, or in LITEREG_KEY.")


@key.command("list")
@json_option
@target_options
def list_keys(as_json: bool, target: Target) -> None:
    """List the keys, newest first, without their secrets."""
    with target.caller() as caller:
        found = caller.call("my_api_keys")["myAPIKeys"]
    if as_json:
        print_json(found)
        return
    rows = [(k["label"], k["id"], k["createdAt"], k["lastUsed"] or "never") for k in found]
    print_table(("LABEL", "ID", "MADE", "LAST USED"), rows, "There is no key.")


@key.command()
@click.argument("label_or_id")
@target_options
def revoke(label_or_id: str, target: Target) -> None:
    """Delete a key, named by its label or its id, for good."""
    with target.caller() as caller:
        found = caller.call("my_api_keys")["myAPIKeys"]
        ids = [k["id"] for k in found if label_or_id in (k["id"], k["label"])]
        if not ids:
            raise Failure(f"API_KEY_NOT_FOUND: no key of yours is called {label_or_id}")
        deleted = caller.call("delete_api_key", id=ids[0])["deleteAPIKey"]
    click.echo(f"The key {deleted['label']} is gone.")

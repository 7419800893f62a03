"""`litereg query` and `litereg schema`: the API by hand."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final

import click

from litereg.cli.failures import Refused
from litereg.cli.options import Target, target_options
from litereg.cli.output import print_json

# How a document begins: what is no file, but begins so, is taken for one.
DOCUMENT: Final = re.compile(r"\s*(\{|(#|query|mutation|fragment)[^{]*\{)")


def read_document(ctx: click.Context, param: click.Parameter, value: str) -> str:
    """Return the text of a document: of the file *value*, of stdin (-), or *value* as it stands."""
    if DOCUMENT.match(value) and not _is_file(value):
        return value
    try:
        with click.open_file(value, encoding="utf-8") as file:
            return str(file.read())
    except OSError as error:
        raise click.BadParameter(f"{value}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise click.BadParameter(f"{value}: this is no text in UTF-8") from error


@click.command()
@click.argument("document", callback=read_document, metavar="DOCUMENT|OP.graphql|-")
@click.option(
    "--var",
    "variables",
    multiple=True,
    metavar="NAME=VALUE",
    help="A variable; VALUE is JSON, or text when it is no JSON. May be repeated.",
)
@target_options
def query(document: str, variables: tuple[str, ...], target: Target) -> None:
    """Run a GraphQL document and print the answer as JSON.

    It comes from a file, from stdin (-), or as it stands: litereg query '{ me { username } }'.
    """
    values = dict(_variable(text) for text in variables)
    with target.caller() as caller:
        answer = caller.send(document, values)
    print_json(answer)
    if answer.get("errors"):
        raise Refused(answer["errors"])


@click.command()
def schema() -> None:
    """Print the GraphQL schema, which is the reference manual of the API."""
    from litereg.app import sdl

    click.echo(sdl(), nl=False)


def _is_file(name: str) -> bool:
    try:
        return Path(name).exists()
    except (OSError, ValueError):
        # No file could have such a name: it is too long, or has a NUL in it.
        return False


def _variable(text: str) -> tuple[str, Any]:
    name, sign, value = text.partition("=")
    if not name or not sign:
        raise click.BadParameter(f"{text!r} is not of the form NAME=VALUE.", param_hint="--var")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value

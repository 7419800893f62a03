"""`litereg query` and `litereg schema`: the API by hand."""

from __future__ import annotations

import json
from typing import IO, Any

import click

from litereg.cli.failures import Refused
from litereg.cli.options import Target, target_options
from litereg.cli.output import print_json


@click.command()
@click.argument("document", type=click.File(encoding="utf-8"), metavar="OP.graphql|-")
@click.option(
    "--var",
    "variables",
    multiple=True,
    metavar="NAME=VALUE",
    help="A variable; VALUE is JSON, or text when it is no JSON. May be repeated.",
)
@target_options
def query(document: IO[str], variables: tuple[str, ...], target: Target) -> None:
    """Run a GraphQL document from a file, or from stdin (-), and print the answer as JSON."""
    values = dict(_variable(text) for text in variables)
    with target.caller() as caller:
        answer = caller.send(document.read(), values)
    print_json(answer)
    if answer.get("errors"):
        raise Refused(answer["errors"])


@click.command()
def schema() -> None:
    """Print the GraphQL schema, which is the reference manual of the API."""
    from litereg.app import sdl

    click.echo(sdl(), nl=False)


def _variable(text: str) -> tuple[str, Any]:
    name, sign, value = text.partition("=")
    if not name or not sign:
        raise click.BadParameter(f"{text!r} is not of the form NAME=VALUE.", param_hint="--var")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value

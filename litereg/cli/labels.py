"""`litereg label …`: make labels, put them on public packages, and see who did."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from litereg.cli.callers import Caller
from litereg.cli.failures import Failure
from litereg.cli.groups import Group
from litereg.cli.label_targets import HELP, Targets, parse_targets
from litereg.cli.options import Target, json_option, target_options
from litereg.cli.output import note, print_json, print_table

PAGE = 500
# What the changes of a label are called in a log.
WORDS = {
    "CREATED": "made",
    "RENAMED": "renamed",
    "DESCRIBED": "described",
    "DELETED": "deleted",
    "ASSIGNED": "put on",
    "REMOVED": "taken off",
}

what_argument = click.argument("what", nargs=-1, required=True, metavar="WHAT...")


@click.group(cls=Group)
def label() -> None:
    """Label public packages and versions, and see who labelled what.

    Labels are for who may change them: administrators and label managers. `litereg import --label`
    labels all that a lockfile or a bill of materials names.
    """


@label.command()
@click.argument("name")
@click.option("--description", metavar="TEXT", help="What it means.")
@target_options
def create(name: str, description: str | None, target: Target) -> None:
    """Make a label."""
    with target.caller() as caller:
        caller.call("create_label", label={"name": name, "description": description})
    click.echo(f"The label {name} is made.")


@label.command("list")
@click.argument("text", required=False)
@json_option
@target_options
def list_labels(text: str | None, as_json: bool, target: Target) -> None:
    """List labels, and how much carries each.

    With TEXT, only those whose name has it somewhere, in capital letters or not.
    """
    with target.caller() as caller:
        found = [edge["node"] for edge in _edges(caller, "search_labels", text=text)]
    rows = [{**node, **_counts(node)} for node in found]
    if as_json:
        print_json(rows)
        return
    names = ("name", "packages", "versions", "createdAt", "createdBy", "description")
    print_table(
        ("NAME", "PACKAGES", "VERSIONS", "MADE", "BY", "DESCRIPTION"),
        [["" if row[name] is None else row[name] for name in names] for row in rows],
    )


@label.command()
@click.argument("name")
@json_option
@target_options
def show(name: str, as_json: bool, target: Target) -> None:
    """List what carries a label.

    Packages as a whole come first, then single versions.
    """
    with target.caller() as caller:
        edges = list(_edges(caller, "packages_of_label", name=name))
        edges += _edges(caller, "versions_of_label", name=name)
    rows = [_carrier(edge) for edge in edges]
    if as_json:
        print_json(rows)
        return
    shown = [{**row, "version": row["version"] or "(all versions)"} for row in rows]
    print_table(
        ("TYPE", "NAME", "VERSION", "SINCE", "BY"),
        [["" if value is None else value for value in row.values()] for row in shown],
        f"Nothing carries {name}.",
    )


@label.command()
@click.argument("name")
@click.argument("new_name")
@target_options
def rename(name: str, new_name: str, target: Target) -> None:
    """Give a label another name.

    What carries it goes on carrying it.
    """
    with target.caller() as caller:
        caller.call("update_label", label={"name": name, "updatedName": new_name})
    click.echo(f"The label {name} is now {new_name}.")


@label.command()
@click.argument("name")
@click.argument("text")
@target_options
def describe(name: str, text: str, target: Target) -> None:
    """Say what a label means."""
    with target.caller() as caller:
        caller.call("update_label", label={"name": name, "updatedDescription": text})
    click.echo(f"The label {name} is described.")


@label.command()
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@target_options
def delete(names: tuple[str, ...], target: Target) -> None:
    """Delete labels, wherever they are.

    What carried them stays in the catalog, without a label.
    """
    with target.caller() as caller:
        answer = caller.call("delete_labels", labels=[{"name": name} for name in names])
    if not answer["customCatalogLabel"]["deleteCustomCatalogLabels"]:
        raise Failure(
            f"Label {names[0]} does not exist"
            if len(names) == 1
            else "Some of these labels did not exist; the others are deleted."
        )
    click.echo("Deleted: " + ", ".join(names))


@label.command(epilog=HELP)
@click.argument("name")
@what_argument
@target_options
def assign(name: str, what: tuple[str, ...], target: Target) -> None:
    """Put a label on a package or on versions.

    What is not in the catalog yet gets in. A package and each of its versions may carry one label.
    """
    targets = _targets(what)
    with target.caller() as caller:
        if targets.package is not None:
            labels = {"publicPackage": targets.package, "labelNames": [name]}
            caller.call("label_package", labels=labels)
        else:
            value = {"publicPackageVersions": targets.versions, "labelName": name}
            caller.call("label_versions", label=value)
    click.echo(f"{name} is on {targets}.")


@label.command(epilog=HELP)
@click.argument("name")
@what_argument
@target_options
def remove(name: str, what: tuple[str, ...], target: Target) -> None:
    """Take a label off a package or off versions.

    Where it is not, nothing happens.
    """
    targets = _targets(what)
    with target.caller() as caller:
        if targets.package is not None:
            labels = {"publicPackage": targets.package, "labelNames": [name]}
            caller.call("unlabel_package", labels=labels)
        else:
            value = {"publicPackageVersions": targets.versions, "labelName": name}
            caller.call("unlabel_versions", label=value)
    click.echo(f"{name} is not on {targets}.")


@label.command(epilog=HELP)
@click.argument("what", nargs=-1, metavar="[WHAT]")
@click.option("--label", "name", metavar="NAME", help="What was done to this label.")
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=50,
    show_default=True,
    metavar="N",
    help="How many events, the newest first.",
)
@json_option
@target_options
def log(what: tuple[str, ...], name: str | None, limit: int, as_json: bool, target: Target) -> None:
    """List who did what to labels, and when.

    The newest comes first; what was done to labels that are gone is there too. With WHAT, only what
    happened on that package, its versions included, or on that version.
    """
    if what and name is not None:
        raise click.UsageError("Name a label or WHAT, not both.")
    about = _about(what) if what else {}
    with target.caller() as caller:
        edges = _edges(caller, "label_log", limit, label=name, **about)
        events = [edge["node"] for edge in edges]
    if as_json:
        print_json(events)
        return
    print_table(("WHEN", "BY", "LABEL", "WHAT"), [_event_row(event) for event in events])
    if len(events) == limit:
        note("There may be more: --limit shows them.")


def _edges(
    caller: Caller, operation: str, limit: int | None = None, **variables: Any
) -> Iterator[dict[str, Any]]:
    """Yield the edges of the one connection of *operation*, page by page; at most *limit*.

    Raises:
        Failure: the label that it is about does not exist.
    """
    after, left = None, limit
    while left is None or left > 0:
        size = PAGE if left is None else min(PAGE, left)
        answer = caller.call(operation, first=size, after=after, **variables)
        page = _connection(answer["customCatalogLabel"], variables)
        yield from page["edges"]
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = page["pageInfo"]["endCursor"]
        left = None if left is None else left - len(page["edges"])


def _connection(found: dict[str, Any], variables: dict[str, Any]) -> dict[str, Any]:
    """Return the connection that lies inside *found*, each time the only member."""
    while "edges" not in found:
        (found,) = found.values()
        if found is None:
            raise Failure(f"Label {variables['name']} does not exist")
    return found


def _counts(node: dict[str, Any]) -> dict[str, int]:
    return {
        "packages": node.pop("publicPackagesConnection")["totalCount"],
        "versions": node.pop("publicPackageVersionsConnection")["totalCount"],
    }


def _carrier(edge: dict[str, Any]) -> dict[str, Any]:
    node = edge["node"]
    package = node.get("publicPackage", node)
    return {
        "type": package["type"],
        "name": package["name"],
        "version": node.get("version"),
        "assignedAt": edge["assignedAt"],
        "assignedBy": edge["assignedBy"],
    }


def _event_row(event: dict[str, Any]) -> list[str]:
    words = [WORDS[event["action"]]]
    if event["formerName"] is not None:
        words.append(f"from {event['formerName']} to {event['name']}")
    if event["publicPackage"] is not None:
        words += [event["publicPackage"]["type"], event["publicPackage"]["name"]]
    if event["version"] is not None:
        words.append(event["version"])
    return [event["happenedAt"], event["doneBy"] or "", event["labelName"], " ".join(words)]


def _targets(what: tuple[str, ...]) -> Targets:
    from litereg.cli.imports import type_table_of
    from litereg.settings import load

    return parse_targets(what, type_table_of(load().labels_type_table))


def _about(what: tuple[str, ...]) -> dict[str, Any]:
    """Return the variables that ask for the log of one package or version."""
    targets = _targets(what)
    if targets.package is not None:
        return {"package": targets.package}
    if len(targets.versions) > 1:
        raise click.UsageError("The log is of one package or one version.")
    (version,) = targets.versions
    return {"package": version["publicPackage"], "version": version["version"]}

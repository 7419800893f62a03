"""`litereg search`, `info` and `fetch`: find packages and read them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from litereg.cli.failures import Failure
from litereg.cli.names import PackageName, number, parse_number, parse_package
from litereg.cli.options import Target, json_option, target_options
from litereg.cli.output import note, print_facts, print_json, print_table

# More rows than a screen has are asked for with --offset.
PAGE = 20
MAX_DESCRIPTION = 60


@click.command()
@click.argument("words", nargs=-1)
@click.option("--limit", default=PAGE, show_default=True, help="How many to show, at most 100.")
@click.option("--offset", default=0, help="How many to skip.")
@json_option
@target_options
def search(words: tuple[str, ...], limit: int, offset: int, as_json: bool, target: Target) -> None:
    """Search packages by words; without any word, list the newest.

    "a phrase", -word and word* are understood; put -- before a word that begins with a hyphen.
    """
    with target.caller() as caller:
        query = " ".join(words)
        data = caller.call("search_packages", query=query, offSet=offset, limit=limit)
    page = data["searchPackages"]
    if as_json:
        print_json(page)
        return
    found = page["packages"] or []
    print_table(("PACKAGE", "VERSION", "NAME", "DESCRIPTION"), [_row(package) for package in found])
    if page["hasMore"]:
        shown = offset + len(found)
        note(f"{shown} of {page['count']} shown; --offset {shown} goes on.")


@click.command()
@click.argument("package", metavar="CATALOG/PACKAGE", callback=parse_package)
@json_option
@target_options
def info(package: PackageName, as_json: bool, target: Target) -> None:
    """Show what a package is, and which versions it has."""
    with target.caller() as caller:
        found = caller.call("package", identifier=package.identifier)["package"]
    if as_json:
        print_json(found)
        return
    name = f"{found['identifier']['catalogSlug']}/{found['identifier']['packageSlug']}"
    is_open = found["isPublic"] and found["catalog"]["isPublic"]
    print_facts(
        [
            ("Package", name),
            ("Name", found["displayName"]),
            ("About", found["description"]),
            ("Versions", ", ".join(number(v["identifier"]) for v in found["versions"]) or "none"),
            ("Open to", "everybody" if is_open else "its members"),
            ("You may", ", ".join(found["myPermissions"] or [])),
            ("Made", f"{found['createdAt']} by {found['creator']['username']}"),
            ("Changed", found["updatedAt"]),
            ("Registry", found["identifier"]["registryURL"]),
        ]
    )


@click.command()
@click.argument("package", metavar="CATALOG/PACKAGE", callback=parse_package)
@click.option(
    "--version", metavar="X.Y.Z", callback=parse_number, help="Which version; else the latest."
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    default="-",
    help="Where to write it; else to standard output.",
)
@target_options
def fetch(
    package: PackageName, version: tuple[int, int, int] | None, output: Path, target: Target
) -> None:
    """Get a package file, byte for byte as it was published."""
    with target.caller() as caller:
        if version is None:
            found = caller.call("latest_package_file", identifier=package.identifier)
            latest = found["package"]["latestVersion"]
        else:
            names = ("versionMajor", "versionMinor", "versionPatch")
            identifier = package.identifier | dict(zip(names, version, strict=True))
            latest = caller.call("version_package_file", identifier=identifier)["version"]
    if latest is None:
        raise Failure(f"{package} has no version yet")
    content = latest["packageFile"].encode("utf-8", "surrogatepass")
    if str(output) == "-":
        sys.stdout.buffer.write(content)
        return
    try:
        output.write_bytes(content)
    except OSError as error:
        raise Failure(f"{output}: {error.strerror}") from error


def _row(package: dict[str, Any]) -> tuple[str, str, str, str]:
    identifier, latest = package["identifier"], package["latestVersion"]
    about = package["description"] or ""
    return (
        f"{identifier['catalogSlug']}/{identifier['packageSlug']}",
        number(latest["identifier"]) if latest else "",
        package["displayName"],
        about if len(about) <= MAX_DESCRIPTION else about[: MAX_DESCRIPTION - 1] + "…",
    )

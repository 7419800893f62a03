"""`litereg publish`: send a package file, the way DataPM's newest client does.

Is the package there? Then it gets the file's name and description, else it is made; then comes the
version. A version that is there already, with the same content, counts as published.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from litereg.cli.callers import Caller
from litereg.cli.failures import Failure, Refused
from litereg.cli.names import PackageName
from litereg.cli.options import Target, target_options
from litereg.cli.output import note

if TYPE_CHECKING:
    from litereg.registry.package_file import PackageFile


class Published(NamedTuple):
    """What came of publishing a package file.

    Attributes:
        version: the number it has in the registry.
        is_new: whether it was not there before.
        catalog_is_public: whether others can open the package, if it is public.
        registry_url: where the registry's pages are.
    """

    version: str
    is_new: bool
    catalog_is_public: bool
    registry_url: str


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--catalog", metavar="SLUG", help="Where to; else your own catalog.")
@click.option("--public", is_flag=True, help="Open the package to everybody.")
@click.option("--bump", is_flag=True, help="Raise the version number as far as it must be.")
@target_options
def publish(file: Path, catalog: str | None, public: bool, bump: bool, target: Target) -> None:
    """Publish a package file: FILE.datapm.json.

    The package is made when it is not there yet. With --bump the published text has the raised
    number; the file itself stays as it is.
    """
    found = read_package_file(file)
    with target.caller() as caller:
        catalog = catalog or caller.call("me")["me"]["username"]
        package = PackageName(catalog, found.package_slug)
        try:
            done = send_package_file(caller, package, found, public=public, bump=bump)
        except Refused as refused:
            raise _explained(refused, file) from refused
    word = "is published" if done.is_new else "is already there"
    click.echo(f"{package} {done.version} {word}.")
    if not done.is_new:
        note("Nothing in it is new: counts, ranges and samples alone make no other version.")
    if public and not done.catalog_is_public:
        note(
            f"The catalog {catalog} is private: only its members can open the package. "
            f"`Make public` on the page {done.registry_url}/{catalog} opens it."
        )


def read_package_file(file: Path) -> PackageFile:
    """Return the package file in *file*, checked before anything is sent.

    Raises:
        Failure: it cannot be read, or is no package file of a known format.
    """
    from litereg.registry import package_file

    try:
        return package_file.parse(file.read_text("utf-8"))
    except OSError as error:
        raise Failure(f"{file}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise Failure(f"{file}: this is no UTF-8 text") from error
    except package_file.InvalidPackageFile as error:
        problems = json.loads(error.detail or "[]")
        lines = [f"  {found['dataPath'] or '(file)'} {found['message']}" for found in problems]
        hint = "`litereg package` makes a package file from a table."
        raise Failure("\n".join([f"{file}: {error.reason}", *lines, hint])) from error


def send_package_file(
    caller: Caller, package: PackageName, file: PackageFile, *, public: bool, bump: bool = False
) -> Published:
    """Publish *file* as the next version of *package*.

    Raises:
        Refused: by the registry; the package may have been made or changed before.
    """
    identifier = package.identifier
    words = {"displayName": file.display_name, "description": file.description}
    if not _is_there(caller, package):
        caller.call("create_package", value=identifier | words)
    change = words | ({"isPublic": True} if public else {})
    changed = caller.call("update_package", identifier=identifier, value=change)["updatePackage"]
    where = (changed["catalog"]["isPublic"], changed["identifier"]["registryURL"])
    version, text = str(file.version), file.text
    try:
        _create_version(caller, package, text)
    except Refused as refused:
        if refused.extensions("VERSION_EXISTS"):
            return Published(version, False, *where)
        too_low = refused.extensions("HIGHER_VERSION_REQUIRED")
        if not bump or too_low is None:
            raise
        version = too_low["minNextVersion"]
        _create_version(caller, package, _renumbered(text, version))
    return Published(version, True, *where)


def _is_there(caller: Caller, package: PackageName) -> bool:
    try:
        caller.call("find_package", identifier=package.identifier)
    except Refused as refused:
        if refused.says("PACKAGE_NOT_FOUND"):
            return False
        raise
    return True


def _create_version(caller: Caller, package: PackageName, text: str) -> None:
    caller.call("create_version", identifier=package.identifier, value={"packageFile": text})


def _renumbered(text: str, version: str) -> str:
    document = json.loads(text) | {"version": version}
    return json.dumps(document, indent=2, ensure_ascii=False)


def _explained(refused: Refused, file: Path) -> Failure:
    """Return *refused* with what can be done about it, where that is known."""
    too_low = refused.extensions("HIGHER_VERSION_REQUIRED")
    if too_low is None:
        return refused
    return Failure(
        f"{refused.message}\nSet the version in {file} to {too_low['minNextVersion']} or higher, "
        "or let --bump do it."
    )

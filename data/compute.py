"""Compute the package files of the demo again from the data sets they describe.

    python data/compute.py --download DIR

fetches the packages that `sources.toml` names with pip and npm (into DIR, once), reads the data
files in them, refuses any whose SHA-256 is not the one written down, and writes one package file
for each version that `recipes/*.toml` describe. The same sources always give the same bytes: when
nothing changed, git sees nothing. Words come from the recipes, every number from the data.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import click
from formats import NEWEST, as_format
from readers import READERS, Table

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))  # works in a checkout that was never installed

from litereg.registry.profiling import profile_rows, profile_text_rows  # noqa: E402

PACKAGES = HERE / "packages"
GENERATED_BY = "litereg, data/compute.py"


@click.command()
@click.option(
    "--download",
    "folder",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the source packages are, or are put.",
)
def main(folder: Path) -> None:
    """Write data/packages again from the source packages in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    sources = Sources(folder)
    written = set()
    for recipe_path in sorted(HERE.glob("recipes/*.toml")):
        recipe = tomllib.loads(recipe_path.read_text(encoding="utf-8"))
        for version in recipe["versions"]:
            path = (
                PACKAGES / recipe["catalog"] / f"{recipe['slug']}-{version['number']}.datapm.json"
            )
            path.parent.mkdir(parents=True, exist_ok=True)
            text = json.dumps(package_file(recipe, version, sources), ensure_ascii=False, indent=2)
            path.write_text(f"{text}\n", encoding="utf-8", newline="\n")
            click.echo(f"{len(text):>7}  {path.relative_to(HERE)}")
            written.add(path)
    for path in set(PACKAGES.rglob("*.datapm.json")) - written:
        path.unlink()
        click.echo(f"removed  {path.relative_to(HERE)}")


class Sources:
    """The data files inside the packages that `sources.toml` names, fetched when first needed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        listed = tomllib.loads((HERE / "sources.toml").read_text(encoding="utf-8"))
        self._packages = {f"{one['name']} {one['version']}": one for one in listed["source"]}

    def content(self, reference: str) -> bytes:
        """Return a data file, named as `PACKAGE VERSION PATH`, once its SHA-256 proved right."""
        package, path = reference.rsplit(" ", 1)
        source = self._packages[package]
        content = _member(self._archive(source), path)
        found = hashlib.sha256(content).hexdigest()
        if found != source["files"][path]:
            raise click.ClickException(
                f"{reference}: SHA-256 is {found}, not what sources.toml has"
            )
        return content

    def _archive(self, source: dict[str, Any]) -> Path:
        """Return where the package lies, after fetching it if it is not there yet."""
        pattern = f"{source['name']}-{source['version']}[-.]*"
        if not (found := sorted(self._folder.glob(pattern))):
            click.echo(f"fetching {source['name']} {source['version']}")
            # The programs are named here, not by anybody's input, and found as the user has them.
            subprocess.run(_fetch_command(source, self._folder), check=True)  # noqa: S603
            found = sorted(self._folder.glob(pattern))
        return found[0]


def _fetch_command(source: dict[str, Any], folder: Path) -> list[str]:
    name, version = source["name"], source["version"]
    if source["from"] == "npm":
        return ["npm", "pack", "--silent", "--pack-destination", str(folder), f"{name}@{version}"]
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
    return [*pip, "--dest", str(folder), f"{name}=={version}"]


def _member(archive: Path, path: str) -> bytes:
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            return wheel.read(path)
    with tarfile.open(archive) as tarball:
        member = tarball.extractfile(f"package/{path}")
        if member is None:
            raise click.ClickException(f"{archive.name} has no file {path}")
        return member.read()


def package_file(
    recipe: dict[str, Any], version: dict[str, Any], sources: Sources
) -> dict[str, Any]:
    """Return one version of a package as a package file in the format its recipe asks for."""
    parts = [_schema_and_source(recipe, version, schema, sources) for schema in version["schemas"]]
    newest = {
        "packageSlug": recipe["slug"],
        "displayName": recipe["display_name"],
        "version": version["number"],
        "description": version["description"],
        "updatedDate": version["updated"],
        "generatedBy": GENERATED_BY,
        "website": recipe["website"],
        "canonical": True,
        "readmeMarkdown": version.get("readme", recipe["readme"]),
        "licenseMarkdown": recipe["license"],
        "sources": [source for _, source in parts],
        "schemas": [schema for schema, _ in parts],
    }
    return as_format(newest, version.get("format", NEWEST))


def _schema_and_source(
    recipe: dict[str, Any], version: dict[str, Any], wanted: dict[str, Any], sources: Sources
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return one schema and the source it is filled from, in the newest format."""
    content = sources.content(wanted["file"])
    table = READERS[wanted["reader"]](content)
    if "columns" in wanted:
        table = table.keep(wanted["columns"])
    profile = _profile(table)
    words = recipe.get("columns", {}) | version.get("columns", {})
    schema = {
        "title": wanted["title"],
        "type": "object",
        "description": wanted["description"],
        "unit": wanted["unit"],
        "recordCount": profile["recordCount"],
        "recordCountPrecision": "EXACT",
        "properties": {
            title: {"title": title} | words[title] | {"types": entry["types"]}
            for title, entry in profile["properties"].items()
        },
        "samples": profile["samples"],
    }
    stream = {
        "slug": wanted["title"],
        "configuration": {},
        "schemaTitles": [wanted["title"]],
        "updateMethods": ["BATCH_FULL_SET"],
        "lastUpdateHash": hashlib.sha256(content).hexdigest(),
        "streamStats": {
            "inspectedCount": profile["recordCount"],
            "recordCount": profile["recordCount"],
            "recordCountPrecision": "EXACT",
            "byteCount": len(content),
            "byteCountPrecision": "EXACT",
        },
    }
    return schema, {
        "type": "http",
        "slug": wanted["title"],
        "connectionConfiguration": {},
        "configuration": {"uris": [wanted["url"]], "mimeType": table.media_type},
        "streamSets": [stream],
    }


def _profile(table: Table) -> dict[str, Any]:
    if table.null_words is None:
        return profile_rows(table.columns, table.rows)
    return profile_text_rows(table.columns, table.rows, null_words=table.null_words)


if __name__ == "__main__":
    main()

"""`litereg package`: from a table to the package file that describes it."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from litereg import __version__
from litereg.cli.failures import Failure
from litereg.cli.output import note, print_facts, watching

if TYPE_CHECKING:
    from litereg.registry.description import Described

ENDING = ".datapm.json"
text_file = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=text_file)
@click.option("--slug", help="The package's name in addresses; else the file's name.")
@click.option("--name", help="The name that people read.")
@click.option("--description", help="What is in it, in a sentence.")
@click.option("--website", help="Where more is told about it.")
@click.option("--readme", type=text_file, help="A Markdown file that tells more.")
@click.option("--license", "licence", type=text_file, help="A Markdown file with its licence.")
@click.option("--null", "null_words", multiple=True, help="A word for no value, such as NA.")
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="Where to; - prints it."
)
def package(
    file: Path,
    slug: str | None,
    name: str | None,
    description: str | None,
    website: str | None,
    readme: Path | None,
    licence: Path | None,
    null_words: tuple[str, ...],
    output: Path | None,
) -> None:
    """Describe the table in FILE: its columns, types, counts and values.

    FILE is .csv, .tsv, .json (an array of objects), .jsonl or .parquet. What is written, beside you
    as SLUG.datapm.json, is ready for `litereg publish`. Run it again when the data has changed:
    words that people wrote into the package file stay, and the rest is computed anew.
    """
    from litereg.registry import package_file
    from litereg.registry.description import package_document, slug_of
    from litereg.store.atomic import replacing

    said = {"packageSlug": slug, "displayName": name, "description": description}
    said |= {"website": website, "readmeMarkdown": _text(readme), "licenseMarkdown": _text(licence)}
    words = {word: text for word, text in said.items() if text is not None}
    path = output or Path((slug or slug_of(file.stem)) + ENDING)
    earlier = {} if str(path) == "-" else _earlier(path)
    data = _describe(file, frozenset({"", *null_words}))
    document = package_document(data, f"litereg {__version__}", words, earlier)
    text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    try:
        package_file.parse(text)
    except package_file.InvalidPackageFile as error:
        raise Failure(f"{file}: this cannot be described so: {error.detail}") from error
    if str(path) == "-":
        click.echo(text, nl=False)
        return
    with replacing(path) as unfinished:
        unfinished.write_text(text, "utf-8")
    records, columns = data.profile["recordCount"], len(data.profile["properties"])
    print_facts([("Package file", path), ("Records", f"{records:,}"), ("Columns", f"{columns:,}")])
    if earlier:
        note("Its words are kept. `litereg publish --bump` gives it the number it needs.")
    else:
        note(f"Put words into it, then: litereg publish {path}")


def _describe(file: Path, null_words: frozenset[str]) -> Described:
    """Return what is in *file*, read once for its contents and once for its SHA-256."""
    from litereg.registry.description import Described
    from litereg.registry.profiling import profile_rows, profile_text_rows
    from litereg.registry.table_files import open_table

    with watching("Reading") as watch, open_table(file, watch) as table:
        if table.is_text:
            profile = profile_text_rows(table.columns, table.rows, null_words=null_words)
        else:
            profile = profile_rows(table.columns, table.rows)
        media_type = table.media_type
    with file.open("rb") as raw:
        sha256 = hashlib.file_digest(raw, "sha256").hexdigest()
    facts = file.stat()
    updated = datetime.fromtimestamp(facts.st_mtime, UTC).isoformat(timespec="milliseconds")
    return Described(
        stem=file.stem,
        name=file.name,
        media_type=media_type,
        size=facts.st_size,
        sha256=sha256,
        updated=updated.replace("+00:00", "Z"),
        profile=profile,
    )


def _earlier(path: Path) -> dict[str, Any]:
    """Return the package file that is there already; empty when none is."""
    from litereg.registry import package_file

    if not path.exists():
        return {}
    try:
        return package_file.parse(path.read_text("utf-8")).document
    except (OSError, UnicodeDecodeError, package_file.InvalidPackageFile) as error:
        raise Failure(f"{path}: something that is no package file is in the way") from error


def _text(file: Path | None) -> str | None:
    try:
        return None if file is None else file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Failure(f"{file}: this is no UTF-8 text") from error

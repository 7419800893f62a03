"""What `litereg import` says at its end: to people in short, to programs everything."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import click

from litereg.cli.output import clean, note, print_facts
from litereg.labels.imports.report import Remark, Report

MAX_SHOWN = 20


class Told(NamedTuple):
    """What is told of an import, wherever it ran.

    Attributes:
        facts: what it was and how many of what, by the names of the API.
        skipped: what was left out.
        not_labelled: what did not get the label.
        is_whole: whether these are all that there are.
    """

    facts: Mapping[str, Any]
    skipped: Iterable[Remark]
    not_labelled: Iterable[Remark]
    is_whole: bool = True

    @classmethod
    def of(cls, report: Report) -> Told:
        """Return what there is to tell of an import in this process."""
        facts = {
            "dryRun": report.dry_run,
            "files": [file._asdict() for file in report.files],
            "added": report.added,
            "addedPackages": report.added_packages,
            "known": report.known,
            "repeated": report.repeated,
            "label": report.label,
            "labelled": report.labelled,
            "skippedCount": report.skipped_count,
            "notLabelledCount": report.not_labelled_count,
        }
        return cls(facts, report.skipped(), report.not_labelled())

    @classmethod
    def of_answer(cls, answer: dict[str, Any]) -> Told:
        """Return what the API says of an import."""
        skipped, not_labelled = answer.pop("skipped"), answer.pop("notLabelled")
        total = answer["skippedCount"] + answer["notLabelledCount"]
        is_whole = len(skipped) + len(not_labelled) == total
        return cls(answer, list(map(_remark, skipped)), list(map(_remark, not_labelled)), is_whole)

    def print_text(self) -> None:
        """Print the counts, and of each reason the first entries."""
        facts = self.facts
        packages, label = facts["addedPackages"], facts["label"]
        added = f"{facts['added']} ({packages} packages are new)" if packages else facts["added"]
        files = ", ".join(f"{file['name']} ({file['format']})" for file in facts["files"])
        print_facts(
            [
                ("Read", files),
                ("Added", added),
                ("Known", facts["known"]),
                ("Repeated", facts["repeated"] or ""),
                ("Skipped", facts["skippedCount"]),
                ("Labelled", "" if label is None else f"{facts['labelled']} with {label}"),
                ("Not labelled", "" if label is None else facts["notLabelledCount"]),
            ]
        )
        _print_remarks("Skipped", self.skipped)
        _print_remarks("Not labelled", self.not_labelled)
        if not self.is_whole:
            note("There are more of them than an answer can tell.")
        if facts["dryRun"]:
            note("This was a dry run: nothing was changed.")

    def print_json(self) -> None:
        """Print the counts and every entry, one after the other, however many there are."""
        members = [f"  {json.dumps(key)}: {_json(value)}" for key, value in self.facts.items()]
        click.echo("{\n" + ",\n".join(members) + ",")
        _print_list("skipped", self.skipped, "],")
        _print_list("notLabelled", self.not_labelled, "]\n}")


def _remark(answer: Mapping[str, Any]) -> Remark:
    place = answer["path"] if answer["line"] is None else answer["line"]
    return Remark(answer["file"], place, answer["text"], answer["reason"])


def _print_remarks(title: str, remarks: Iterable[Remark]) -> None:
    """Print the first of *remarks* by reason, and how many more there are."""
    counts: dict[str, int] = {}
    shown: dict[str, list[Remark]] = {}
    for remark in remarks:
        counts[remark.reason] = counts.get(remark.reason, 0) + 1
        if counts[remark.reason] <= MAX_SHOWN:
            shown.setdefault(remark.reason, []).append(remark)
    for reason, count in counts.items():
        click.echo(f"\n{title}, {count}: {reason}")
        for remark in shown[reason]:
            click.echo(f"  {clean(_where(remark))}: {clean(remark.text)}")
        if count > MAX_SHOWN:
            click.echo(f"  and {count - MAX_SHOWN} more; --json lists all")


def _where(remark: Remark) -> str:
    return f"{remark.file}, {remark.path or f'line {remark.line}'}"


def _print_list(name: str, remarks: Iterable[Remark], end: str) -> None:
    """Print a member of a JSON object that is a list, an item at a time, and *end* behind it."""
    click.echo(f'  "{name}": [', nl=False)
    separator = "\n    "
    for remark in remarks:
        click.echo(separator + _json(dict(_members(remark))), nl=False)
        separator = ",\n    "
    click.echo(("\n  " if separator.startswith(",") else "") + end)


def _members(remark: Remark) -> Iterator[tuple[str, Any]]:
    yield "file", remark.file
    yield ("path", remark.path) if remark.line is None else ("line", remark.line)
    yield "text", remark.text
    yield "reason", remark.reason


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)

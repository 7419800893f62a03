"""What `litereg import` says at its end: to people in short, to programs everything."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import click

from litereg.cli.output import clean, note, print_facts
from litereg.labels.imports.entries import Place
from litereg.labels.imports.outcome import Outcome, Verdict
from litereg.labels.imports.spool import Spool

MAX_SHOWN = 20


class Remark(NamedTuple):
    """An entry with which something could not be done, and why."""

    file: str
    place: Place
    text: str
    reason: str

    @property
    def where(self) -> str:
        """Where it stands, as people say it."""
        place = f"line {self.place}" if isinstance(self.place, int) else self.place
        return f"{self.file}, {place}"

    def as_json(self) -> dict[str, Any]:
        """Return it for programs."""
        key = "line" if isinstance(self.place, int) else "path"
        return {"file": self.file, key: self.place, "text": self.text, "reason": self.reason}


class Report:
    """What came of an import."""

    def __init__(self, spool: Spool, outcome: Outcome, label: str | None, is_dry: bool) -> None:
        self._spool = spool
        self._outcome = outcome
        self._label = label
        self._is_dry = is_dry

    def print_text(self) -> None:
        """Print the counts, and of each reason the first entries."""
        outcome, spool = self._outcome, self._spool
        packages = outcome.added_packages
        added = f"{outcome.added} ({packages} packages are new)" if packages else outcome.added
        labelled = "" if self._label is None else f"{outcome.labelled} with {self._label}"
        print_facts(
            [
                ("Read", ", ".join(f"{file.name} ({file.format})" for file in spool.files)),
                ("Added", added),
                ("Known", outcome.known),
                ("Repeated", outcome.repeated or ""),
                ("Skipped", self._skipped_count()),
                ("Labelled", labelled),
                ("Not labelled", "" if self._label is None else outcome.not_labelled),
            ]
        )
        _print_remarks("Skipped", self._skipped())
        _print_remarks("Not labelled", self._not_labelled())
        if self._is_dry:
            note("This was a dry run: nothing was changed.")

    def print_json(self) -> None:
        """Print the counts and every entry, one after the other, however many there are."""
        outcome = self._outcome
        counts: dict[str, Any] = {
            "dryRun": self._is_dry,
            "files": [file._asdict() for file in self._spool.files],
            "added": outcome.added,
            "addedPackages": outcome.added_packages,
            "known": outcome.known,
            "repeated": outcome.repeated,
            "label": self._label,
            "labelled": outcome.labelled,
        }
        members = [f"  {json.dumps(key)}: {_json(value)}" for key, value in counts.items()]
        click.echo("{\n" + ",\n".join(members) + ",")
        _print_list("skipped", self._skipped(), "],")
        _print_list("notLabelled", self._not_labelled(), "]\n}")

    def _skipped_count(self) -> int:
        return self._spool.skipped_count + self._outcome.refused

    def _skipped(self) -> Iterator[Remark]:
        for file, skipped in self._spool.skipped():
            yield Remark(file.name, *skipped)
        yield from self._judged(refused=True)

    def _not_labelled(self) -> Iterator[Remark]:
        return self._judged(refused=False)

    def _judged(self, refused: bool) -> Iterator[Remark]:
        verdicts = self._outcome.verdicts
        for (file, entry), number in zip(self._spool.entries(), verdicts, strict=True):
            verdict = Verdict(number)
            if verdict and (verdict is Verdict.DATA_PACKAGE) is refused:
                text = f"{entry.type} {entry.name} {entry.version}".rstrip()
                yield Remark(file.name, entry.place, text, verdict.reason)


def _print_remarks(title: str, remarks: Iterator[Remark]) -> None:
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
            click.echo(f"  {clean(remark.where)}: {clean(remark.text)}")
        if count > MAX_SHOWN:
            click.echo(f"  and {count - MAX_SHOWN} more; --json lists all")


def _print_list(name: str, remarks: Iterator[Remark], end: str) -> None:
    """Print a member of a JSON object that is a list, an item at a time, and *end* behind it."""
    click.echo(f'  "{name}": [', nl=False)
    separator = "\n    "
    for remark in remarks:
        click.echo(separator + _json(remark.as_json()), nl=False)
        separator = ",\n    "
    click.echo(("\n  " if separator.startswith(",") else "") + end)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)

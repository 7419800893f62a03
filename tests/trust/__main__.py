"""Measure the rows of the table and print it; see `python -m tests.trust --help`."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.trust.rows import ROWS
from tests.trust.table import head, line, measure, places_of


def main() -> int:
    """Print the table; return 1 when a goal is missed that is not about time."""
    options = parse()
    rows = [row for row in ROWS if not options.rows or row.id in options.rows]
    if options.tests:
        say("\n".join(sorted({place for row in rows for place in places_of(row.measure)})))
        return 0
    missed = late = unmeasured = 0
    begin = time.monotonic()
    say(head())
    for row in rows:
        started = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            figure = measure(row, Path(folder))
        say(line(row, figure, time.monotonic() - started))
        missed += figure.is_met is False and not row.is_timed
        late += figure.is_met is False and row.is_timed
        unmeasured += figure.is_met is None
    met = len(rows) - missed - late - unmeasured
    seconds = time.monotonic() - begin
    say(
        f"\n{met} goals met, {missed} missed, {late} about time missed on this machine, "
        f"{unmeasured} not measured, in {seconds:.0f} s"
    )
    return 1 if missed else 0


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.trust", description=__doc__)
    parser.add_argument("rows", nargs="*", metavar="ROW", type=str.upper, help="such as D1, or all")
    parser.add_argument(
        "--tests", action="store_true", help="print where the tests are that the rows run, no more"
    )
    options = parser.parse_args()
    if unknown := set(options.rows) - {row.id for row in ROWS}:
        known = ", ".join(row.id for row in ROWS)
        parser.error(f"{', '.join(sorted(unknown))}: none of {known}")
    return options


def say(text: str) -> None:
    """Print at once: a row may take minutes."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())

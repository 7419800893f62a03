"""Run the command line: `python -m litereg`, or `litereg` once installed."""

from __future__ import annotations

from litereg.cli import litereg


def main() -> None:
    """Run the command that the arguments name, and leave with its exit code."""
    litereg(prog_name="litereg")


if __name__ == "__main__":
    main()

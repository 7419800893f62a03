"""Run a rig at any size and print its figures; see `python -m tests.durability --help`."""

from __future__ import annotations

import argparse
import secrets
import sys
import tempfile
from pathlib import Path

from tests.durability import kill9, power_cuts
from tests.durability.registry import Registry


def main() -> int:
    """Run what the command line asks for; return 1 when anything was lost."""
    options = parse()
    with tempfile.TemporaryDirectory() as folder:
        run = run_power_cuts if options.rig == "power-cuts" else run_kill9
        return run(Path(folder), options)


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.durability")
    rigs = parser.add_subparsers(dest="rig", required=True)
    cuts = rigs.add_parser("power-cuts", help="cut the power of a writing store")
    cuts.add_argument("--cuts", type=int, default=100)
    cuts.add_argument("--synchronous", choices=["FULL", "NORMAL", "OFF"], default="FULL")
    kills = rigs.add_parser("kill9", help="kill a server under writers")
    kills.add_argument("--cycles", type=int, default=25)
    kills.add_argument(
        "--writes", type=int, default=0, help="go on until this many are acknowledged"
    )
    for rig in (cuts, kills):
        rig.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000))
    return parser.parse_args()


def run_power_cuts(folder: Path, options: argparse.Namespace) -> int:
    """Cut the power, print the figures, and return the exit code."""
    if (reason := power_cuts.why_not()) is not None:
        sys.stderr.write(f"{reason}\n")
        return 2
    figures = power_cuts.cut_power(folder, options.cuts, options.seed, options.synchronous)
    sys.stdout.write("\n".join([str(figures), *figures.troubles]) + "\n")
    return 1 if figures.troubles else 0


def run_kill9(folder: Path, options: argparse.Namespace) -> int:
    """Kill the server, print the figures, and return the exit code."""
    figures = kill9.kill_repeatedly(
        folder, options.cycles, options.writes, options.seed, Registry()
    )
    troubles = [
        *(f"lost {name}" for name in sorted(figures.lost)),
        *(f"torn {name}" for name in sorted(figures.contents.torn)),
        *(f"unasked {name}" for name in sorted(figures.unasked)),
    ]
    sys.stdout.write("\n".join([str(figures), *troubles]) + "\n")
    return 1 if troubles or figures.contents.damage else 0


if __name__ == "__main__":
    sys.exit(main())

"""Run a rig at any size and print its figures; see `python -m tests.durability --help`."""

from __future__ import annotations

import argparse
import secrets
import sys
import tempfile
from pathlib import Path

from tests.durability import endurance, kill9, power_cuts
from tests.durability.registry import Registry


def main() -> int:
    """Run what the command line asks for; return 1 when anything was lost."""
    options = parse()
    with tempfile.TemporaryDirectory() as folder:
        return RUNS[options.rig](Path(folder), options)


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
    much = rigs.add_parser("overload", help="offer a server more than it can do")
    much.add_argument("--seconds", type=float, default=60.0)
    much.add_argument("--times", type=float, default=2.0, help="of what it can do")
    long = rigs.add_parser("soak", help="offer a server half of what it can do, for long")
    long.add_argument("--seconds", type=float, default=1_800.0)
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


def run_overload(folder: Path, options: argparse.Namespace) -> int:
    """Overload a server, print the figures, and return the exit code."""
    return report(endurance.overload(folder, options.seconds, options.times))


def run_soak(folder: Path, options: argparse.Namespace) -> int:
    """Load a server for long, print the figures, and return the exit code."""
    return report(endurance.soak(folder, options.seconds))


def report(figures: endurance.Overload | endurance.Soak) -> int:
    """Print *figures*, and return the exit code."""
    sys.stdout.write("\n".join([str(figures), *figures.troubles]) + "\n")
    return 1 if figures.troubles else 0


RUNS = {
    "power-cuts": run_power_cuts,
    "kill9": run_kill9,
    "overload": run_overload,
    "soak": run_soak,
}

if __name__ == "__main__":
    sys.exit(main())

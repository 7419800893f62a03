"""Figures as Markdown tables."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from tests.bench.measure import Figures, ratio

HEAD = (
    "server",
    "requests/s",
    "median ms",
    "p99 ms",
    "p99 ÷ median",
    "CPU µs a request",
    "memory MiB",
)
RATIOS = ("litereg is faster by", "and by CPU")


def machine() -> str:
    """Return what the figures were measured on, and when."""
    cpu = "unknown processor"
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            cpu = line.partition(":")[2].strip()
            break
    cores = len([line for line in Path("/proc/stat").read_text().splitlines() if _is_core(line)])
    today = datetime.now(UTC).date()
    return f"{today}, {cpu}, {cores} cores, Python {platform.python_version()}"


def scenario_table(name: str, figures: Sequence[Figures], ratios: Sequence[str] = RATIOS) -> str:
    """Return what was measured in one scenario; ratios are to the first server."""
    first = figures[0]
    rows = []
    for found in figures:
        for group in found.groups:
            row = _row(found, group)
            if len(figures) > 1:
                faster = ratio(first.rates(group), found.rates(group))
                row += (f"{faster:.2f}", f"{ratio(found.cpu_us, first.cpu_us):.2f}")
            rows.append(row)
    head = (*HEAD, *ratios) if len(figures) > 1 else HEAD
    failed = [f"{f.failed} requests to {f.server} failed." for f in figures if f.failed]
    return "\n".join([f"### {name}", "", table(head, rows), *failed, ""])


def _row(found: Figures, group: str) -> tuple[str, ...]:
    samples = found.groups[group]
    middle, slowest = (median(s.median for s in samples), median(s.p99 for s in samples))
    return (
        found.server if len(found.groups) == 1 else f"{found.server}: {group}",
        f"{median(found.rates(group)):,.0f}",
        f"{middle:.1f}",
        f"{slowest:.1f}",
        f"{slowest / middle:.1f}",
        f"{median(found.cpu_us):,.0f}",
        f"{found.memory_mib:.0f}",
    )


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table; all columns but the first are figures."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _is_core(line: str) -> bool:
    return line.startswith("cpu") and line[3:4].isdigit()

"""A registry in a process of its own that watches its event loop and its memory.

`python -m tests.fuzz.watched DATABASE` serves the file on a free port and prints the address. After
each line on standard input it prints, as JSON, for how long the loop was held since the line before
(milliseconds, at most) and the memory it holds and has held (MiB).
"""

from __future__ import annotations

import asyncio
import json
import logging
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from litereg.app import Registry, create_app
from litereg.server.runner import serving
from litereg.settings import Settings
from tests.client import People, make_catalog, make_package

ROOT = Path(__file__).parents[2]
BEAT_S = 0.002
SETTINGS = Settings(password_cost=4, port=0, max_tries=100_000, max_tries_in_all=100_000)


class Watch(NamedTuple):
    """What a server says of itself."""

    held_ms: float
    resident_mib: float
    peak_mib: float


class Heart:
    """Beats on the event loop, and remembers the longest time between two beats.

    Of that time counts only what this process worked: while others have the processor, nobody here
    holds the loop.
    """

    def __init__(self) -> None:
        self._last = time.perf_counter(), time.process_time()
        self._longest = 0.0

    async def beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT_S)
            now = time.perf_counter(), time.process_time()
            passed, worked = (end - begin for end, begin in zip(now, self._last, strict=True))
            self._longest = max(self._longest, min(passed - BEAT_S, worked))
            self._last = now

    def longest_ms(self) -> float:
        """Return the longest time between two beats since this was asked, and forget it."""
        longest, self._longest = self._longest, 0.0
        return round(longest * 1000, 1)


def memory() -> dict[str, float]:
    """Return what /proc says of this process, in MiB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    values = dict(line.split(":", 1) for line in lines)
    names = {"resident_mib": "VmRSS", "peak_mib": "VmHWM"}
    return {name: int(values[word].split()[0]) / 1024 for name, word in names.items()}


async def serve(path: str) -> None:
    logging.disable(logging.INFO)
    settings = replace(SETTINGS, db=path)
    registry = await Registry.open(settings)
    heart = Heart()
    beating = asyncio.create_task(heart.beat())
    ended = asyncio.Event()

    def tell() -> None:
        if not sys.stdin.readline():
            ended.set()
            return
        print(json.dumps({"held_ms": heart.longest_ms(), **memory()}), flush=True)

    asyncio.get_running_loop().add_reader(sys.stdin, tell)
    async with serving(create_app(settings, registry), settings) as url:
        print(url, flush=True)
        await ended.wait()
    beating.cancel()
    await registry.close()


class Watched:
    """Such a process, from outside.

    Attributes:
        host, port: where it listens.
        token: the session of somebody who is in it.
        pid: its process id.
    """

    def __init__(self, process: subprocess.Popen[str], token: str) -> None:
        self._process = process
        self.token = token
        self.pid = process.pid
        address = self._line().removeprefix("http://")
        self.host, port = address.split(":")
        self.port = int(port)

    def watch(self) -> Watch:
        """Return what it says of the time since this was asked before."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return Watch(**json.loads(self._line()))

    def _line(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the server ended: {self._process.wait()}")
        return line.strip()


@contextmanager
def watched(folder: Path) -> Iterator[Watched]:
    """Run a server on a small registry in *folder*."""
    path = folder / "litereg.db"
    token = asyncio.run(fill(path))
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.fuzz.watched", str(path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Watched(process, token)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        assert process.stdout is not None
        process.stdout.close()


async def fill(path: Path) -> str:
    """Make a registry with a public catalog of twelve packages; return its owner's session."""
    registry = await Registry.open(replace(SETTINGS, db=str(path)))
    ann = await People(registry)("ann")
    await make_catalog(ann, "open", is_public=True)
    for number in range(12):
        await make_package(ann, "open", f"rain{number}", is_public=True)
    await registry.close()
    return ann.token


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))

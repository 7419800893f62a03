"""The servers that are compared: how each is started, and what it costs while it runs.

Each is a process of its own that listens on this machine's own address and prints where. How
processor time and memory are read is Linux's way.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.dataset import Dataset

ROOT = Path(__file__).parents[2]
ADDRESS = re.compile(rb"http://127\.0\.0\.1:(\d+)")
START_TIMEOUT_S = 120.0
STOP_TIMEOUT_S = 30.0
CPU_CLOCK = 2


@dataclass(frozen=True, slots=True)
class Server:
    """A way to serve a registry.

    Attributes:
        name: what it is called in tables.
        command: the command line for a database file and for the registry's address in answers.
    """

    name: str
    command: Callable[[str, str], Sequence[str]]


def _module(name: str) -> Callable[[str, str], Sequence[str]]:
    return lambda database, url: [sys.executable, "-m", name, database, url]


def litereg_command(database: str, _url: str = "") -> list[str]:
    """Return how people start litereg, on a free port."""
    return [sys.executable, "-m", "litereg", "serve", "--db", database, "--port", "0"]


LITEREG = Server("litereg", litereg_command)
# The same, but each write has a COMMIT of its own.
COMMIT_EACH = Server("litereg, a COMMIT each", _module("tests.bench.commit_each"))
FLOOR = Server("floor", _module("tests.bench.floor"))
GRAPHQL_CORE = Server("graphql-core", _module("tests.bench.peers.graphql_core"))


class Running:
    """A server at work.

    Attributes:
        name: what it is called in tables.
        url: where it answers; known once `wait_ready` has returned.
        port: its port.
    """

    def __init__(self, server: Server, dataset: Dataset, url: str, log: Path) -> None:
        """Start *server*; *url* is the address that its answers are to name, *log* its errors."""
        self.name = server.name
        self.url = ""
        self.port = 0
        self._log = log
        # Settings of whoever runs the benchmark have no say in it.
        kept = {name: v for name, v in os.environ.items() if not name.startswith("LITEREG_")}
        with log.open("wb") as errors:
            self._process = subprocess.Popen(
                list(server.command(str(dataset.path), url)),
                cwd=ROOT,
                env=kept | {"PYTHONPATH": str(ROOT), "NODE_ENV": "production"},
                stdout=subprocess.PIPE,
                stderr=errors,
            )

    def wait_ready(self) -> None:
        """Wait until the server has said where it listens."""
        out = self._process.stdout
        assert out is not None
        timer = threading.Timer(START_TIMEOUT_S, self._process.kill)
        timer.start()
        try:
            for line in out:
                if found := ADDRESS.search(line):
                    self.url = found[0].decode()
                    self.port = int(found[1])
                    return
        finally:
            timer.cancel()
        raise RuntimeError(f"{self.name} did not start:\n{self._log.read_text()[-2000:]}")

    def cpu_s(self) -> float:
        """Return the processor time that it has used so far, of all its threads, in seconds."""
        # Linux numbers the clocks of other processes so: see clock_getcpuclockid(3).
        return time.clock_gettime((~self._process.pid << 3) | CPU_CLOCK)

    def resident_mib(self, peak: bool = False) -> float:
        """Return the memory that it holds in RAM, or has held at its peak, in MiB."""
        wanted = "VmHWM:" if peak else "VmRSS:"
        for line in Path(f"/proc/{self._process.pid}/status").read_text().splitlines():
            if line.startswith(wanted):
                return int(line.split()[1]) / 1024
        raise RuntimeError(f"{self.name} has ended:\n{self._log.read_text()[-2000:]}")

    def signal(self, number: int) -> None:
        """Send it a signal."""
        self._process.send_signal(number)

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        try:
            self._process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()


@contextmanager
def running(server: Server, dataset: Dataset, folder: Path, url: str = "") -> Iterator[Running]:
    """Run one server, with its log in *folder*."""
    process = Running(server, dataset, url, folder / f"{server.name.split(',')[0]}.log")
    try:
        process.wait_ready()
        yield process
    finally:
        process.stop()


@contextmanager
def all_running(
    others: Sequence[Server], dataset: Dataset, folder: Path
) -> Iterator[list[Running]]:
    """Run litereg and *others* on the same file; litereg, whose address all name, comes first."""
    with ExitStack() as stack:
        litereg = stack.enter_context(running(LITEREG, dataset, folder))
        processes = []
        for server in others:
            process = Running(server, dataset, litereg.url, folder / f"{server.name}.log")
            stack.callback(process.stop)
            processes.append(process)
        for process in processes:
            process.wait_ready()
        yield [litereg, *processes]

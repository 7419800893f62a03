"""A registry that is served by a process of its own, from its start to its end."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import threading
from collections.abc import Mapping
from http.client import HTTPConnection
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# For a server that hangs: far more than a start, an answer or an end takes.
PATIENCE_S = 30.0
ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)")


class Server:
    """A process that serves, and says where on a line of its output.

    Attributes:
        said: the lines that it has printed, on either stream.
    """

    def __init__(self, command: list[str], environment: Mapping[str, str] | None = None) -> None:
        # Settings of whoever runs this have no say in it.
        kept = {name: v for name, v in os.environ.items() if not name.startswith("LITEREG_")}
        self._process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**kept, **(environment or {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.said: list[str] = []
        self._port: int | None = None
        self._listens_or_ended = threading.Event()
        self._listener = threading.Thread(target=self._listen)
        self._listener.start()

    def _listen(self) -> None:
        # Read to the end, so that the server never waits for somebody to take its output.
        assert self._process.stdout is not None
        with self._process.stdout as output:
            for line in output:
                self.said.append(line)
                if found := ADDRESS.search(line):
                    self._port = int(found[1])
                    self._listens_or_ended.set()
        self._listens_or_ended.set()

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    @property
    def port(self) -> int:
        """The port that it listens on, once it does."""
        self._listens_or_ended.wait(PATIENCE_S)
        if self._port is None:
            raise self.complaint("the server did not come to listen")
        return self._port

    def connect(self) -> HTTPConnection:
        """Return a connection to the server, waiting until it listens."""
        return HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)

    def complaint(self, what: str) -> RuntimeError:
        """Return an error that says *what* and quotes the server's last words."""
        return RuntimeError(f"{what}; it said:\n{''.join(self.said[-20:])}")

    def signal(self, number: signal.Signals) -> None:
        """Send the process a signal."""
        self._process.send_signal(number)

    def wait(self) -> int:
        """Wait for the process to end by itself, and return its exit code."""
        code = self._process.wait(PATIENCE_S)
        self._listener.join()
        return code

    def stop(self) -> int:
        """End the server as its supervisor does, and return its exit code."""
        self.signal(signal.SIGTERM)
        return self.wait()

    def kill(self) -> None:
        """End the server as a crash does."""
        self._process.kill()
        self._process.wait()
        self._listener.join()

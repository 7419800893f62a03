"""litereg as a process of its own, as people start it."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
import tempfile
import urllib.request
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LITEREG = (sys.executable, "-m", "litereg")


def environment(**changes):
    """Return the environment of this process without settings of somebody's, and with *changes*."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LITEREG_")}
    return kept | {"PYTHONPATH": str(ROOT), "LITEREG_PASSWORD_COST": "4"} | changes


def litereg(*args, cwd, input=None, **changes):
    """Run a command to its end."""
    return subprocess.run(
        [*LITEREG, *map(str, args)],
        cwd=cwd,
        env=environment(**changes),
        input=input,
        capture_output=True,
        text=True,
        timeout=60,
    )


class Running:
    """A registry that serves in a process of its own.

    Attributes:
        said: the lines it printed until it was ready, and a little more.
        facts: those of them that have a name, such as `Address`.
    """

    def __init__(self, process, errors, more):
        self.process = process
        self._errors = errors
        self.said = []
        for line in process.stdout:
            self.said.append(line.rstrip("\n"))
            if line.startswith("Playground"):
                break
        self.said += [process.stdout.readline().rstrip("\n") for _ in range(more)]
        words = (line.split(None, 1) for line in self.said)
        self.facts = {pair[0]: pair[1] for pair in words if len(pair) == 2}

    @property
    def url(self):
        return self.facts["Address"]

    def stop(self, number=signal.SIGTERM):
        """End it, and return its exit code, the rest of its output and its errors."""
        self.process.send_signal(number)
        rest = self.process.stdout.read()
        return self.process.wait(timeout=30), rest, self.errors()

    def errors(self):
        """Return what it printed on standard error so far."""
        self._errors.seek(0)
        return self._errors.read()


@contextmanager
def serving(*args, cwd, more=0, stderr=None, **changes):
    """Start `litereg serve` or `litereg demo`, wait until it answers, end it after the block.

    *more* is how many lines to read behind the last fact; *stderr* a file descriptor.
    """
    with tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(
            [*LITEREG, *map(str, args)],
            cwd=cwd,
            env=environment(**changes),
            stdout=subprocess.PIPE,
            stderr=errors if stderr is None else stderr,
            text=True,
        )
        with process:
            try:
                running = Running(process, errors, more)
                assert "Address" in running.facts, running.errors()
                yield running
            finally:
                if process.poll() is None:
                    process.terminate()
                    process.stdout.read()
                    process.wait(timeout=30)


def curl(line):
    """Do what a printed curl line says, and return the answer."""
    program, url, *options = shlex.split(line)
    assert program == "curl"
    assert url.startswith("http://127.0.0.1:")
    values = list(zip(options[::2], options[1::2], strict=True))
    headers = dict(value.split(": ") for flag, value in values if flag == "-H")
    (sent,) = (value for flag, value in values if flag == "-d")
    request = urllib.request.Request(url, sent.encode(), headers)
    with urllib.request.urlopen(request, timeout=30) as response:
        return json.load(response)


def get(url):
    """Return status, headers and text of an address, whatever its status."""
    try:
        with urllib.request.urlopen(url, timeout=30) as response:
            return response.status, response.headers, response.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read().decode()


def printed_curl(lines):
    """Return the one line among *lines* that is ready for a shell."""
    (line,) = (line for line in lines if line.startswith("  curl "))
    return line.strip()

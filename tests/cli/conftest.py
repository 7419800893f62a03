"""The command line in this process, in an empty folder, on a real database."""

from __future__ import annotations

import logging
import os
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from litereg.cli import litereg
from litereg.server.logs import OTHERS, ROOT
from tests.cli import processes
from tests.client import PASSWORD


class Shell:
    """Runs commands one after the other, in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._runner = CliRunner()

    def __call__(self, *args, input=None, **environment):
        """Run a command and return what came of it; a traceback fails the test."""
        words = [str(arg) for arg in args]
        result = self._runner.invoke(litereg, words, input, environment, prog_name="litereg")
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    def done(self, *args, **kwargs):
        """Run a command that has to succeed, and return what it printed."""
        result = self(*args, **kwargs)
        assert result.exit_code == 0, result.output
        return result.stdout

    def add_user(self, username, *options):
        """Make an account with the password of all tests."""
        email = f"{username}@example.org"
        args = ("user", "add", username, "--email", email, "--password-stdin", *options)
        return self(*args, input=f"{PASSWORD}\n")


@pytest.fixture
def unchanged_logging():
    """Commands that serve send the log to their own standard error; here, it outlives them."""
    loggers = [logging.getLogger(name) for name in (ROOT, *OTHERS)]
    before = [(logger, logger.handlers[:], logger.propagate, logger.level) for logger in loggers]
    yield
    for logger, handlers, propagate, level in before:
        logger.handlers[:] = handlers
        logger.propagate = propagate
        logger.setLevel(level)


@pytest.fixture
def shell(tmp_path, monkeypatch, unchanged_logging):
    for name in list(os.environ):
        if name.startswith("LITEREG_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("LITEREG_PASSWORD_COST", "4")
    monkeypatch.chdir(tmp_path)
    return Shell(tmp_path)


@pytest.fixture
def ann(shell):
    """The first user of a registry in litereg.db, and so its administrator."""
    assert shell.add_user("ann").exit_code == 0
    return "ann"


@dataclass(frozen=True)
class Served:
    """A registry in a file, served by a process, with a user called ann.

    Attributes:
        file: its database file.
        url: its address.
        key: an API key of ann's.
    """

    file: Path
    url: str
    key: str


@pytest.fixture(scope="package")
def served(tmp_path_factory):
    folder = tmp_path_factory.mktemp("served")
    account = ("--email", "ann@example.org", "--password-stdin")
    made = processes.litereg("user", "add", "ann", *account, cwd=folder, input=f"{PASSWORD}\n")
    assert made.returncode == 0, made.stderr
    key = processes.litereg("key", "create", "tests", "--as", "ann", cwd=folder).stdout.strip()
    with processes.serving("serve", "--port", "0", cwd=folder) as running:
        yield Served(folder / "litereg.db", running.url, key)


@pytest.fixture(params=["file", "address"])
def target(request, served):
    """The options that make a command talk to the served registry as ann, one way or the other."""
    if request.param == "file":
        return ["--db", served.file, "--as", "ann"]
    return ["--url", served.url, "--key", served.key]


@pytest.fixture
def slug(request):
    """The name of a package that no other test uses."""
    return re.sub("[^a-z0-9]+", "-", request.node.name.lower()).strip("-")

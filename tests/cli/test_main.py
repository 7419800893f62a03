import os
import subprocess
import sys

import pytest

from litereg import __version__
from litereg.cli import COMMANDS
from tests.cli.processes import environment, litereg

HEAVY = {"aiohttp", "aiosqlite", "bcrypt", "graphql", "jsonschema_rs", "orjson", "sqlite3"}


def imported_by(*args):
    """Return the top-level modules that a command imports, and what it printed."""
    run = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "litereg", *args],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    lines = [line for line in run.stderr.splitlines() if line.startswith("import time:")]
    return {line.rpartition("|")[2].strip().partition(".")[0] for line in lines}, run.stdout


@pytest.mark.parametrize("args", [["--version"], ["serve", "--help"]], ids=" ".join)
def test_saying_what_there_is_imports_nothing_heavy(args):
    modules, _ = imported_by(*args)

    assert "click" in modules
    assert not HEAVY & modules


@pytest.mark.parametrize("group", [[], ["user"], ["key"], ["label"], ["config"]], ids=" ".join)
def test_the_list_of_commands_cuts_no_sentence_short(shell, group):
    listed = shell.done(*group, "--help").partition("Commands:")[2]

    assert listed
    assert "..." not in listed


def test_version_is_the_one_of_the_package():
    _, said = imported_by("--version")

    assert said == f"litereg, version {__version__}\n"


def test_every_command_is_there_and_says_what_it_does(shell):
    listed = shell.done("--help")

    for name in COMMANDS:
        assert f"\n  {name} " in listed
        assert "Usage: litereg" in shell.done(name, "--help")


def test_shell_completion_knows_the_commands(tmp_path):
    completed = litereg(
        cwd=tmp_path, _LITEREG_COMPLETE="bash_complete", COMP_WORDS="litereg us", COMP_CWORD="1"
    )

    assert completed.stdout.split(os.linesep)[0] == "plain,user"


def test_an_unknown_command_is_wrong_use(shell):
    result = shell("sevre")

    assert result.exit_code == 2
    assert "sevre" in result.stderr


def test_an_unreadable_settings_file_is_wrong_use_and_named(shell):
    (shell.folder / "litereg.toml").write_text("colour = 'blue'\n")

    result = shell("user", "list")

    assert result.exit_code == 2
    assert "litereg.toml: unknown setting colour" in result.stderr

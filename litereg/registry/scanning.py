"""Let a program of the operator's look at the files of strangers before they are stored.

It gets a file on its standard input and answers by its exit status, as clamdscan does: 0 lets the
file pass, 1 refuses it. Whatever else happens, the file does not pass. Slow: never on the event
loop, never in a transaction. Nothing that somebody sent is ever a part of the command.
"""

from __future__ import annotations

import logging
import os
import shlex
import shutil
import signal
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from select import PIPE_BUF
from selectors import EVENT_READ, EVENT_WRITE, DefaultSelector
from time import monotonic
from typing import Final, Self

from litereg.errors import CannotStart, InvalidInput, LiteregError, Unavailable
from litereg.gql.context import Context
from litereg.gql.slow import Line
from litereg.settings import Settings

PASSES, REFUSES = 0, 1
# What the program needs to find itself; settings, secrets among them, are in other variables.
HANDED_ON: Final = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TZ")
# Of what the program says, as much as the log takes.
MAX_SAID: Final = 200
# In which pieces that is read, the last of which is kept.
PIECE_BYTES: Final = 64 * 1024

_log = logging.getLogger(__name__)


class FileRefused(InvalidInput):
    """The scanner found something in the file."""

    def __init__(self) -> None:
        super().__init__("FILE_REFUSED", "the scanner of this registry found something in the file")


class ScanFailed(Unavailable):
    """Nobody knows what is in the file, so it is not taken."""

    def __init__(self) -> None:
        super().__init__("SCAN_FAILED", "the file could not be scanned; nothing was changed")


@dataclass(frozen=True, slots=True)
class Scanner:
    """The program that looks at files.

    Attributes:
        command: the program and its arguments, as a shell would split them.
        timeout_s: how long it may take for one file.
    """

    command: str
    timeout_s: float

    @classmethod
    def of(cls, settings: Settings) -> Self | None:
        """Return the scanner that is set; None when there is none."""
        is_set = bool(settings.scan_command)
        return cls(settings.scan_command, settings.scan_timeout_s) if is_set else None

    @property
    def words(self) -> list[str]:
        """The program and its arguments.

        Raises:
            ValueError: there are none, or a quotation has no end.
        """
        words = shlex.split(self.command)
        if not words:
            raise ValueError("it names no program")
        return words

    def require_harmless(self, file: bytes) -> None:
        """Raise unless the program lets *file* pass.

        Raises:
            FileRefused: FILE_REFUSED.
            ScanFailed: SCAN_FAILED; the log says why.
        """
        try:
            status, said = self._run(file)
        except (OSError, ValueError, subprocess.TimeoutExpired) as error:
            _log.error("a file could not be scanned: %s", error)
            raise ScanFailed from error
        if status == REFUSES:
            _log.warning("the scanner refused a file: %s", said)
            raise FileRefused
        if status != PASSES:
            _log.error("a file could not be scanned: exit status %s: %s", status, said)
            raise ScanFailed

    def _run(self, file: bytes) -> tuple[int, str]:
        """Return the exit status for *file*, and the last line that the program said."""
        with subprocess.Popen(  # noqa: S603 - the operator's own command, without a shell
            self.words,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={name: os.environ[name] for name in HANDED_ON if name in os.environ},
            # A group of its own, so that what it started ends with it.
            start_new_session=True,
            bufsize=0,
        ) as process:
            try:
                said = _talk(process, file, self.timeout_s)
            finally:
                with suppress(ProcessLookupError, PermissionError):
                    os.killpg(process.pid, signal.SIGKILL)
        return process.returncode, _last_line(said)


def refusal(scanner: Scanner, file: bytes) -> LiteregError | None:
    """Return why *scanner* does not let *file* pass; None when it does."""
    try:
        scanner.require_harmless(file)
    except LiteregError as error:
        return error
    return None


def require_harmless(ctx: Context, file: bytes) -> None:
    """Raise unless the scanner, where one is set, lets *file* pass.

    Raises:
        FileRefused: FILE_REFUSED.
        ScanFailed: SCAN_FAILED.
    """
    scanner = Scanner.of(ctx.settings)
    if scanner is None:
        return
    found = ctx.slow(refusal, scanner, file, line=Line.SCANS)
    if found is not None:
        raise found


def require_program(settings: Settings) -> None:
    """Refuse to begin with a scanner that could not be started.

    Raises:
        CannotStart: SETTINGS_INVALID.
    """
    scanner = Scanner.of(settings)
    if scanner is None:
        return
    where = f"scan_command: {scanner.command}"
    try:
        program = scanner.words[0]
    except ValueError as error:
        raise CannotStart("SETTINGS_INVALID", f"{where}: {error}") from error
    if shutil.which(program) is None:
        detail = f"{where}: there is no program {program} that can be run"
        raise CannotStart("SETTINGS_INVALID", detail)


def _talk(process: subprocess.Popen[bytes], file: bytes, timeout_s: float) -> bytes:
    """Hand *file* to *process*, wait for its end, and return the last of what it said.

    `communicate` would keep all of that, which may be more than there is memory.

    Raises:
        TimeoutExpired: it, or something that it started and that has its output, goes on.
    """
    ends_at = monotonic() + timeout_s
    said, left = b"", memoryview(file)
    with DefaultSelector() as pipes:
        pipes.register(process.stdin, EVENT_WRITE)  # type: ignore[arg-type] # both are pipes
        pipes.register(process.stdout, EVENT_READ)  # type: ignore[arg-type]
        while pipes.get_map():
            if monotonic() >= ends_at:
                raise subprocess.TimeoutExpired(process.args, timeout_s)
            for pipe, _ in pipes.select(ends_at - monotonic()):
                if pipe.fileobj is process.stdout:
                    piece = os.read(pipe.fd, PIECE_BYTES)
                    said = (said + piece)[-PIECE_BYTES:]
                    is_done = not piece
                else:
                    left = left[_written(pipe.fd, left) :]
                    is_done = not left
                if is_done:
                    pipes.unregister(pipe.fileobj)
                    pipe.fileobj.close()  # type: ignore[union-attr] # as above
    try:
        process.wait(max(ends_at - monotonic(), 0))
    except subprocess.TimeoutExpired as error:
        raise subprocess.TimeoutExpired(process.args, timeout_s) from error
    return said


def _written(pipe: int, left: memoryview) -> int:
    """Return how many bytes of *left* could be written; all, for whoever wants to read no more."""
    try:
        return os.write(pipe, left[:PIPE_BUF])
    except BrokenPipeError:
        return len(left)


def _last_line(said: bytes) -> str:
    lines = said.decode("utf-8", "replace").splitlines() or [""]
    return lines[-1][:MAX_SAID]

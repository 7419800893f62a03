"""What the log looks like: one line for each request, and everything else in the same form.

A line holds a request's name, method, path, status, duration and GraphQL operation; never what
came in its query string, its headers, its body or its variables, where secrets travel. No byte that
a client sends can begin a new line.
"""

from __future__ import annotations

import logging
import sys
import time
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final, TextIO

import orjson
from aiohttp import web
from aiohttp.abc import AbstractAccessLogger

ROOT: Final = "litereg"
REQUESTS: Final = "litereg.requests"
# Loggers of others whose warnings belong into our log.
OTHERS: Final = ("aiohttp", "asyncio")
# C0, DEL and C1, and the two separators that some readers take for the end of a line.
_CONTROL: Final = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029], "�")


def configure(log_format: str, stream: TextIO | None = None) -> None:
    """Send the log to *stream* (standard error) as "text" or "json" lines; may be called again."""
    # None of this is in our lines, and finding it out takes longer than writing them.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    handler = logging.StreamHandler(sys.stderr if stream is None else stream)
    handler.setFormatter(JSONLines() if log_format == "json" else TextLines())
    for name in (ROOT, *OTHERS):
        logger = logging.getLogger(name)
        logger.handlers[:] = [handler]
        logger.propagate = False
    logging.getLogger(ROOT).setLevel(logging.INFO)


class RequestLog(AbstractAccessLogger):
    """Writes the line of each request; aiohttp calls it once the answer is sent."""

    @property
    def enabled(self) -> bool:
        """Whether anybody reads the lines; if not, aiohttp does not even look at the clock."""
        return self.logger.isEnabledFor(logging.INFO)

    def log(self, request: web.BaseRequest, response: web.StreamResponse, time: float) -> None:
        """Write the line of one request, which took *time* seconds."""
        if not getattr(response, "logged", True):
            return
        self.write(
            response.headers.get("X-Request-Id", "-"),
            request.method,
            # As it came, percent signs and all.
            request.rel_url.raw_path,
            response.status,
            time,
            getattr(response, "operation", None),
        )

    def write(
        self, id: str, method: str, path: str, status: int, time: float, operation: str | None
    ) -> None:
        """Write a line; *time* is in seconds."""
        fields = {
            "id": id,
            "method": method,
            "path": path,
            "status": status,
            "ms": round(time * 1000, 1),
            "operation": operation,
        }
        self.logger.handle(RequestRecord(fields))


class RequestRecord(logging.LogRecord):
    """The record of one request: what a line needs, and of the rest that nothing is known.

    An ordinary one looks for its file, its thread and its process, which takes longer. This one has
    all of its attributes, so that the formatters of other programs find what they name.
    """

    def __init__(self, fields: dict[str, Any]) -> None:
        now = time.time()
        self.__dict__.update(_OF_ALL_REQUESTS)
        self.created = now
        self.msecs = now % 1 * 1000
        self.fields = fields


_OF_ALL_REQUESTS: Final = vars(
    logging.makeLogRecord(
        {
            "name": REQUESTS,
            "levelno": logging.INFO,
            "levelname": "INFO",
            "msg": "request",
            "relativeCreated": 0.0,
            # Numbers, because they may be asked for by %d.
            "thread": 0,
            "threadName": "",
            "process": 0,
            "processName": "",
        }
    )
)


class TextLines(logging.Formatter):
    """Lines for people: time, level, message, then key=value."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line; a traceback follows on lines of its own that begin with a bar."""
        line = f"{_time(record)} {record.levelname} {record.getMessage()}"
        for key, value in _fields(record).items():
            if value is not None:
                line += f" {key}={value}"
        line = _one_line(line)
        if record.exc_info:
            trace = self.formatException(record.exc_info)
            line += "".join(f"\n| {_one_line(part)}" for part in trace.splitlines())
        return line


class JSONLines(logging.Formatter):
    """Lines for programs: one JSON object each."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line."""
        content: dict[str, Any] = {
            "time": _time(record),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **_fields(record),
        }
        if record.exc_info:
            content["traceback"] = self.formatException(record.exc_info)
        try:
            return orjson.dumps(content).decode()
        except (TypeError, ValueError):
            # A text with half of a surrogate pair, which JSON has no way to hold.
            return orjson.dumps(
                {key: _one_line(str(value)) for key, value in content.items()}
            ).decode()


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    return getattr(record, "fields", {})


def _time(record: logging.LogRecord) -> str:
    second = int(record.created)
    milliseconds = int((record.created - second) * 1000)
    return f"{_second(second)}.{milliseconds:03d}Z"


@lru_cache(maxsize=2)
def _second(second: int) -> str:
    return f"{datetime.fromtimestamp(second, UTC):%Y-%m-%dT%H:%M:%S}"


def _one_line(text: str) -> str:
    """Return *text* without the characters that could end a line or command a terminal."""
    if text.isprintable():
        return text
    return text.translate(_CONTROL).encode("utf-8", "replace").decode()

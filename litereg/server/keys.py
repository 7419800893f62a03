"""What handlers, middleware and the runner share through the application and the request."""

from __future__ import annotations

import itertools
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from aiohttp import web

SANE_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/+=-]{0,63}")


@dataclass(slots=True)
class Lifecycle:
    """Where the server is in its life.

    Attributes:
        stopping: it finishes what is in flight and takes nothing new.
    """

    stopping: bool = False


LIFECYCLE: Final = web.AppKey("lifecycle", Lifecycle)
REQUEST_ID: Final = web.RequestKey("request_id", str)

# The first half tells processes apart, the second requests; neither is a secret.
_process = secrets.token_hex(4)
_numbers = itertools.count(1)


def new_request_id() -> str:
    """Return a name for a request, unique among all requests of all processes."""
    return f"{_process}-{next(_numbers):x}"


def request_id_of(headers: Mapping[str, str]) -> str:
    """Return the name that a client or a proxy gave its request, or a new one."""
    given = headers.get("X-Request-Id")
    return given if given and SANE_ID.fullmatch(given) else new_request_id()

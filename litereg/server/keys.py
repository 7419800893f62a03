"""What handlers, middleware and the runner share through the application and the request."""

from __future__ import annotations

import itertools
import secrets
from dataclasses import dataclass
from typing import Final

from aiohttp import web


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

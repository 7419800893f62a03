"""What a request is answered with: its result, or why there is none."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import Any

from graphql import ExecutionResult

from litereg.access import ANONYMOUS, Viewer
from litereg.errors import LiteregError, NotAuthenticated, Unavailable
from litereg.gql.documents import Operation, Rejected
from litereg.gql.errors import format_errors, plain_error
from litereg.settings import Settings

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Answer:
    """What to send back.

    Attributes:
        status: the HTTP status that fits.
        body: `data`, `errors`, as they go to the wire; of a batch, a list of such.
        operation: the operation's name, as the log has it.
        headers: HTTP headers that belong to the answer.
        heavy: it may be long, and is better not written on the event loop.
        viewer: who was answered; nobody known where it did not come to running the operation.
    """

    status: int
    body: Any
    operation: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    heavy: bool = False
    viewer: Viewer = ANONYMOUS


class BadCredentials(NotAuthenticated):
    """What came to say who asks is not valid."""

    def __init__(self, detail: str) -> None:
        super().__init__("API_KEY_NOT_FOUND", detail)


def refused(error: Exception, settings: Settings, request_id: str) -> Answer:
    """Return the answer to a request that *error* ended."""
    if isinstance(error, Rejected):
        return Answer(400, {"errors": format_errors(error.errors, settings, request_id)})
    if isinstance(error, BadCredentials):
        headers = {"WWW-Authenticate": "Bearer"}
        return Answer(401, {"errors": [plain_error(error)]}, None, headers)
    if isinstance(error, Unavailable):
        return Answer(503, {"errors": [plain_error(error)]}, None, {"Retry-After": "1"})
    if isinstance(error, LiteregError):
        return Answer(400, {"errors": [plain_error(error)]})
    _log.error("request %s met a defect", request_id, exc_info=error)
    message = f"Internal server error (request {request_id})"
    code = {"code": "INTERNAL_SERVER_ERROR"}
    return Answer(500, {"errors": [{"message": message, "extensions": code}]})


def not_over_get(operation: Operation) -> Answer:
    """Return the answer to a GET that asks for a change."""
    error = LiteregError("GET supports only query operation")
    return Answer(405, {"errors": [plain_error(error)]}, operation.logged_name, {"Allow": "POST"})


def without_results(operation: Operation, result: ExecutionResult) -> ExecutionResult:
    """Return the answer of a mutation that was rolled back: its errors, and nothing it had done."""
    data = dict.fromkeys(result.data) if result.data and operation.nullable else None
    return ExecutionResult(data, result.errors)

"""The one place that decides how a failure looks in an answer.

A refusal (`LiteregError`) is published with its message, code and data. Anything else is a defect:
the client gets a request id and nothing more, and the traceback goes to the log.
"""

from __future__ import annotations

import logging
import re
from typing import Any

from graphql import GraphQLError, GraphQLSyntaxError

from litereg.errors import InvalidInput, LiteregError
from litereg.settings import Settings

_log = logging.getLogger(__name__)

MAX_ERRORS = 20
# What is longer repeats what was sent, as long as a body perhaps.
MAX_MESSAGE = 4_000
# Where graphql-core's messages begin to repeat what was sent.
REPEATED_VALUE = re.compile(r"(, found|cannot represent [\w -]*value): .*\Z", re.DOTALL)
REPEATED_TOKEN = re.compile(r"\b(String|BlockString|Int|Float) (['\"])(?:.*\2|.*\Z)", re.DOTALL)
# Where they guess what was meant.
SUGGESTION = re.compile(r" ?Did you mean [^?]*\?")


def format_errors(
    errors: list[GraphQLError], settings: Settings, request_id: str
) -> list[dict[str, Any]]:
    """Return *errors* as they go to the wire."""
    return [_format(error, settings, request_id) for error in errors[:MAX_ERRORS]]


def plain_error(error: LiteregError) -> dict[str, Any]:
    """Return a refusal of the whole request as it goes to the wire."""
    return {"message": error.message, "extensions": {"code": error.code, **error.data}}


def original(error: BaseException) -> BaseException:
    """Return what was raised at the bottom of a GraphQL error."""
    while isinstance(error, GraphQLError) and error.original_error is not None:
        error = error.original_error
    return error


def _format(error: GraphQLError, settings: Settings, request_id: str) -> dict[str, Any]:
    cause = original(error)
    message = _shortened(error.message)
    formatted: dict[str, Any] = {"message": message}
    if error.locations:
        formatted["locations"] = [{"line": at.line, "column": at.column} for at in error.locations]
    if error.path is not None:
        formatted["path"] = error.path
    if isinstance(cause, LiteregError):
        # In the middle of a request that cannot run, the sentence around the reason stays.
        if error.path is not None:
            formatted["message"] = cause.message
        extensions: dict[str, Any] = {"code": cause.code, **cause.data}
        if settings.compat_stacktrace and isinstance(cause, InvalidInput):
            extensions["exception"] = {"stacktrace": [f"ValidationError: {cause.reason}"]}
    elif isinstance(cause, GraphQLSyntaxError):
        formatted["message"] = REPEATED_TOKEN.sub(r"\1", message)
        extensions = {"code": "GRAPHQL_PARSE_FAILED"}
    elif isinstance(cause, GraphQLError):
        # Among the values may be a password, and answers end up in logs.
        formatted["message"] = REPEATED_VALUE.sub(_without_value, message)
        extensions = {"code": "GRAPHQL_VALIDATION_FAILED"}
    else:
        _log.error("request %s met a defect", request_id, exc_info=cause)
        formatted["message"] = f"Internal server error (request {request_id})"
        extensions = {"code": "INTERNAL_SERVER_ERROR"}
    if settings.hardened:
        formatted["message"] = SUGGESTION.sub("", formatted["message"])
    formatted["extensions"] = extensions
    return formatted


def _shortened(message: str) -> str:
    return message if len(message) <= MAX_MESSAGE else message[:MAX_MESSAGE] + "…"


def _without_value(match: re.Match[str]) -> str:
    return "" if match[1] == ", found" else match[1]

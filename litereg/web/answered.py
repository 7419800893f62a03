"""What a page learns from the operation that feeds it, and how that opens in the playground."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import quote

import orjson

from litereg import operations
from litereg.access import Viewer
from litereg.web.wording import by_field, sentence, status_of


@dataclass(frozen=True, slots=True)
class Answered:
    """What an operation answered.

    Attributes:
        data: its data; empty when it could not run.
        errors: its errors, as they go to the wire.
        viewer: who asked.
        status: the HTTP status of the same answer over the API.
        playground: the fragment that opens the very operation in the playground.
    """

    data: Mapping[str, Any]
    errors: list[dict[str, Any]]
    viewer: Viewer
    status: int
    playground: str

    @property
    def problem(self) -> str | None:
        """What went wrong, in a sentence for people; None when nothing did."""
        return sentence(self.errors[0]) if self.errors else None

    @property
    def problems(self) -> dict[str, str]:
        """What went wrong, in sentences for people, by field; "" for what is about none."""
        return by_field(self.errors)

    @property
    def page_status(self) -> int:
        """The status of the page that says what went wrong; 200 when nothing did."""
        return status_of(self.errors[0]) if self.errors else 200

    @property
    def reason(self) -> str:
        """The first error's message, which clients know it by; empty when there is none."""
        return str(self.errors[0]["message"]) if self.errors else ""


@lru_cache(maxsize=256)
def document(operation: str) -> str:
    """Return the text of a named operation."""
    return operations.document(operation)


@lru_cache(maxsize=256)
def _quoted_document(operation: str) -> str:
    return quote(document(operation), safe="")


def playground_fragment(operation: str, variables: Mapping[str, Any]) -> str:
    """Return the fragment that opens a named operation with its *variables* in the playground."""
    values = quote(orjson.dumps(variables).decode(), safe="")
    return f"#query={_quoted_document(operation)}&variables={values}"

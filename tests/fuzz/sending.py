"""Send a case of the corpus over a plain socket, as no client library would."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import Any, NamedTuple

from tests.fuzz.corpus import Case

# Far longer than any answer takes.
PATIENCE_S = 30.0


class Answered(NamedTuple):
    """What came back.

    Attributes:
        status: the HTTP status.
        body: the JSON in it.
    """

    status: int
    body: Any

    @property
    def error(self) -> tuple[str | None, str]:
        """The code and the message of the first error: (None, "") when there is none."""
        body = self.body[0] if isinstance(self.body, list) else self.body
        errors = body.get("errors") or [{"message": "", "extensions": {"code": None}}]
        return errors[0]["extensions"]["code"], errors[0]["message"]


def request_of(case: Case, token: str, body: bytes) -> bytes:
    """Return the bytes of a request."""
    headers = {"Host": "registry", "Content-Type": "application/json"}
    headers["Content-Length"] = str(len(body))
    if case.known:
        headers["Authorization"] = f"Bearer {token}"
    lines = [f"{name}: {value}" for name, value in (headers | case.headers).items()]
    return "\r\n".join(["POST /graphql HTTP/1.1", *lines, "", ""]).encode() + body


async def send(host: str, port: int, request: bytes) -> Answered:
    """Send *request* and return its answer."""
    async with asyncio.timeout(PATIENCE_S):
        reader, writer = await asyncio.open_connection(host, port)
        try:
            writer.write(request)
            # A server that refuses a long body need not read it.
            with suppress(ConnectionError):
                await writer.drain()
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            headers = dict(line.lower().split(": ", 1) for line in head[1:-2])
            content = await reader.readexactly(int(headers["content-length"]))
            return Answered(int(head[0].split()[1]), json.loads(content))
        finally:
            writer.close()

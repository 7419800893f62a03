"""Send documents to a registry: one in a file of this machine, or one at an address.

Both take the same documents (`litereg.operations`) and give the same answers, so that a command
need not know which of them it talks to.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from http.client import HTTPException, HTTPMessage
from typing import IO, Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

from litereg import __version__
from litereg.cli.failures import Failure, Refused
from litereg.operations import document

TIMEOUT_S = 60
NOT_FOUND = 404
ACCEPT = "application/graphql-response+json, application/json;q=0.9"

Body = dict[str, Any]


class Caller(ABC):
    """Somebody who calls a registry's API."""

    @abstractmethod
    def send(self, query: str, variables: Mapping[str, Any]) -> Body:
        """Return the answer to a document: an object with `data`, `errors` or both.

        Raises:
            Failure: there is no answer.
        """

    def call(self, operation: str, **variables: Any) -> dict[str, Any]:
        """Return the data of one of litereg's own documents, by name.

        Raises:
            Refused: the answer has errors.
        """
        answer = self.send(document(operation), variables)
        if answer.get("errors"):
            raise Refused(answer["errors"])
        data: dict[str, Any] = answer["data"]
        return data


class Remote(Caller):
    """Calls the registry at *url* with an API key, or as nobody when there is none."""

    def __init__(self, url: str, key: str | None) -> None:
        """Set up.

        Raises:
            Failure: *url* is no http or https address.
        """
        if urlsplit(url).scheme not in ("http", "https"):
            raise Failure(f"{url}: an address begins with http:// or https://")
        self._url = url.rstrip("/").removesuffix("/graphql") + "/graphql"
        self._headers = {
            "Accept": ACCEPT,
            "Content-Type": "application/json",
            "User-Agent": f"litereg/{__version__}",
        }
        if key:
            self._headers["X-API-Key"] = key
        self._opener: OpenerDirector = build_opener(NoRedirects)

    def send(self, query: str, variables: Mapping[str, Any]) -> Body:
        """Return the answer to a document; see `Caller.send`."""
        sent = json.dumps({"query": query, "variables": variables}).encode()
        # The scheme was checked: no file is ever opened.
        request = Request(self._url, sent, self._headers)  # noqa: S310
        try:
            status, body = self._post(request)
        except URLError as error:
            raise Failure(f"{self._url}: {_said(error)}; is a registry served there?") from error
        except (HTTPException, OSError, ValueError) as error:
            raise Failure(f"{self._url}: {error or type(error).__name__}") from error
        return self._answer(status, body)

    def _post(self, request: Request) -> tuple[int, bytes]:
        try:
            response = self._opener.open(request, timeout=TIMEOUT_S)
        except HTTPError as error:
            # A refusal has a body like any other answer.
            response = error
        with response:
            return response.status, response.read()

    def _answer(self, status: int, body: bytes) -> Body:
        try:
            answer = json.loads(body)
        except ValueError:
            answer = None
        if status == NOT_FOUND:
            raise Failure(
                f"{self._url}: there is no registry at that address. --url takes that of its first "
                "page, such as http://127.0.0.1:4000."
            )
        if not isinstance(answer, dict) or not {"data", "errors"} & answer.keys():
            raise Failure(f"{self._url}: status {status}, and no GraphQL answer; no registry?")
        return answer


def _said(error: URLError) -> str:
    """Return why there was no answer, without the number that the system gives it."""
    reason = error.reason
    return str((isinstance(reason, OSError) and reason.strerror) or reason)


class NoRedirects(HTTPRedirectHandler):
    """Follows nobody elsewhere: the key would go along."""

    def redirect_request(
        self,
        req: Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> None:
        """Refuse, and name the address that the registry points to.

        Raises:
            Failure: always.
        """
        fp.close()
        raise Failure(f"{req.full_url}: moved to {newurl}; use that address with --url")

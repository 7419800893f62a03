"""GraphQL over HTTP: turn a request into what the engine runs, and its answer into a response.

What is no GraphQL request never reaches the engine and is answered 4xx here; from then on the
status is the engine's. Both media types get the same statuses: scripts take a 200 for success.

Source: the GraphQL over HTTP specification, and its appendix on batches.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final

from aiohttp import hdrs, web

from litereg.access import Credentials
from litereg.gql.answers import Answer
from litereg.gql.engine import Engine, Request
from litereg.server import json_body
from litereg.server.authenticate import Authenticator, in_headers
from litereg.server.bodies import Bodies
from litereg.server.interpreter import Surplus
from litereg.server.json_body import BadJSON
from litereg.server.keys import REQUEST_ID
from litereg.server.long_answers import Pieces, Unsent, write_in_pieces
from litereg.server.negotiation import answer_type, is_json, prefers_html
from litereg.server.proxies import Proxies
from litereg.server.replies import Refused, Reply, api_reply, long_api_reply, refusal
from litereg.server.slots import Slots, overloaded
from litereg.settings import Settings

PATHS: Final = ("/graphql", "/catalog/api/v1/custom/graphql")
# A longer body is read on a thread, and so are the variables in it.
HEAVY_BYTES: Final = 128 * 1024
# What a GET may say; each at most once, because readers differ in which of two they take.
PARAMETERS: Final = ("query", "variables", "operationName", "extensions")


class Endpoint:
    """Answers GraphQL requests; all paths that serve GraphQL share one."""

    def __init__(
        self,
        engine: Engine,
        settings: Settings,
        slots: Slots,
        playground: Callable[[str, web.Request], Awaitable[Reply]],
    ) -> None:
        self._engine = engine
        self._settings = settings
        self._playground = playground
        self._max_depth = settings.max_variables_depth
        self._max_batch = settings.max_operations
        self._bodies = Bodies(settings)
        self._slots = slots
        self._surplus = Surplus()
        self._unsent = Unsent()
        self._authenticator = Authenticator(settings)
        self._proxies = Proxies(settings)

    async def post(self, request: web.Request) -> Reply:
        """Answer what a JSON body asks: an object, or an array of them."""
        media_type = answer_type(request.headers.get(hdrs.ACCEPT))
        length = 0
        try:
            if not is_json(request.headers.get(hdrs.CONTENT_TYPE)):
                raise Refused(415, "send a JSON body, with Content-Type: application/json")
            credentials = self._authenticator.credentials(request)
            body = await self._bodies.read(request, await self._max_bytes(request, credentials))
            length = len(body)
            heavy = length > HEAVY_BYTES
            asked = await asyncio.to_thread(_decode, body) if heavy else _decode(body)
            request_id, address = request[REQUEST_ID], self._proxies.client(request)
            if isinstance(asked, list):
                requests = self._batch(asked, address)
                async with self._slots:
                    answers = await self._run_all(requests, credentials, request_id, heavy)
                return await self._reply(_batch_answer(answers), media_type)
            one = self._request(asked, address)
            async with self._slots:
                answer = await self._engine.answer(one, credentials, request_id, heavy)
            return await self._reply(answer, media_type)
        except Refused as refused:
            return refusal(refused, media_type)
        finally:
            self._bodies.release(length)

    async def _max_bytes(self, request: web.Request, credentials: Credentials | None) -> int:
        """Return how long the body of *request* may be: a long one, only who is known may send."""
        settings = self._settings
        length = request.content_length
        if credentials is None:
            return min(settings.max_body_bytes, settings.max_body_bytes_anonymous)
        if length is not None and length <= settings.max_body_bytes_anonymous:
            return settings.max_body_bytes
        if await self._engine.knows(credentials):
            return settings.max_body_bytes
        return min(settings.max_body_bytes, settings.max_body_bytes_anonymous)

    def answer_at_once(
        self, headers: Mapping[str, str], body: bytes, address: str | None, request_id: str
    ) -> tuple[Answer, str] | None:
        """Return the answer to the body of a POST, and its media type, when that takes no waiting.

        None stands for all else, and for whatever is wrong with the request: that is for `post`.
        """
        # What changes something is not read here only to be read again there.
        if b"mutation" in body:
            return None
        settings = self._settings
        if len(body) > min(settings.max_body_bytes, settings.max_body_bytes_anonymous):
            return None
        if not is_json(headers.get(hdrs.CONTENT_TYPE)):
            return None
        try:
            one = self._request(_decode(body), address)
        except Refused:
            return None
        answer = self._engine.answer_at_once(one, in_headers(headers), request_id)
        return None if answer is None else (answer, answer_type(headers.get(hdrs.ACCEPT)))

    def getter(self, path: str) -> Callable[[web.Request], Awaitable[Reply]]:
        """Return the handler of GET at *path*."""

        async def get(request: web.Request) -> Reply:
            accept = request.headers.get(hdrs.ACCEPT)
            if "query" not in request.query and accept is not None and prefers_html(accept):
                return await self._playground(path, request)
            return await self._get(request)

        return get

    async def _get(self, request: web.Request) -> Reply:
        """Answer what the address asks."""
        accept = request.headers.get(hdrs.ACCEPT)
        media_type = answer_type(accept)
        try:
            credentials = self._authenticator.credentials(request)
            one = self._request_of_query(request)
            async with self._slots:
                answer = await self._engine.answer(one, credentials, request[REQUEST_ID])
            return await self._reply(answer, media_type)
        except Refused as refused:
            return refusal(refused, media_type)

    async def _reply(self, answer: Answer, media_type: str) -> Reply:
        """Return *answer* as it goes to the wire; a long one is written on a thread."""
        if not answer.heavy:
            return _reply(answer, media_type)
        if self._unsent.is_full:
            raise overloaded()
        self._surplus.give_back_soon()
        pieces = await asyncio.to_thread(write_in_pieces, answer.body)
        body = Pieces(pieces, media_type, self._unsent)
        return _told(answer, long_api_reply(answer.status, body, media_type))

    async def _run_all(
        self,
        requests: Sequence[Request | Refused],
        credentials: Credentials | None,
        request_id: str,
        heavy: bool,
    ) -> list[Answer]:
        """Run the requests of a batch one after another, as if each had come alone."""
        answers = []
        for one in requests:
            if isinstance(one, Refused):
                answer = Answer(400, {"errors": [_error(one)]})
            else:
                answer = await self._engine.answer(one, credentials, request_id, heavy)
            answers.append(answer)
            if answer.status == 401:
                break
        return answers

    def _batch(self, asked: list[Any], address: str | None) -> list[Request | Refused]:
        """Return the requests of a batch, a refusal in place of each that is none.

        Raises:
            Refused: the batch as a whole is none.
        """
        if not 0 < len(asked) <= self._max_batch:
            raise Refused(400, f"a batch holds 1 to {self._max_batch} requests, not {len(asked)}")
        if not all(isinstance(one, dict) for one in asked):
            raise Refused(400, "a batch holds objects only")
        requests: list[Request | Refused] = []
        for one in asked:
            try:
                requests.append(self._request(one, address))
            except Refused as refused:
                requests.append(refused)
        return requests

    def _request(self, asked: Any, address: str | None, *, read_only: bool = False) -> Request:
        """Return the request that *asked* is.

        Raises:
            Refused: it is none.
        """
        if not isinstance(asked, dict):
            raise Refused(400, "the body has to be a JSON object, or an array of them")
        query = asked.get("query")
        if not isinstance(query, str):
            raise Refused(400, "query is missing, or is no string")
        name = asked.get("operationName")
        if name is not None and not isinstance(name, str):
            raise Refused(400, "operationName is no string")
        variables = self._map(asked, "variables")
        self._map(asked, "extensions")
        return Request(query, name or None, variables, read_only, address)

    def _map(self, asked: dict[str, Any], name: str) -> dict[str, Any] | None:
        value = asked.get(name)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise Refused(400, f"{name} is no object")
        if value:
            try:
                json_body.require_shallow(value, self._max_depth, name)
            except BadJSON as error:
                raise Refused(400, str(error)) from None
        return value

    def _request_of_query(self, request: web.Request) -> Request:
        asked: dict[str, Any] = {}
        for name in PARAMETERS:
            values = request.query.getall(name, [])
            if len(values) > 1:
                raise Refused(400, f"{name} is given twice")
            if values:
                asked[name] = values[0]
        for name in ("variables", "extensions"):
            # Left empty is left out, as the specification says of operationName.
            if asked.get(name):
                asked[name] = _decode(asked[name].encode(), name)
            else:
                asked.pop(name, None)
        if "\0" in asked.get("query", ""):
            raise Refused(400, "query holds the character NUL")
        return self._request(asked, self._proxies.client(request), read_only=True)


def _decode(body: bytes, name: str = "the body") -> Any:
    try:
        return json_body.decode(body)
    except BadJSON as error:
        raise Refused(400, f"{name} cannot be read as JSON: {error}") from None


def _reply(answer: Answer, media_type: str) -> Reply:
    return _told(answer, api_reply(answer.status, answer.body, media_type))


def _told(answer: Answer, reply: Reply) -> Reply:
    """Return *reply* with what else *answer* brings."""
    if answer.headers:
        reply.headers.update(answer.headers)
    reply.operation = answer.operation
    return reply


def _batch_answer(answers: list[Answer]) -> Answer:
    """Return the answer to a batch; bad credentials refuse it whole."""
    if answers[-1].status == 401:
        return answers[-1]
    return Answer(
        200,
        [answer.body for answer in answers],
        ",".join(answer.operation or "-" for answer in answers),
        heavy=any(answer.heavy for answer in answers),
    )


def _error(refused: Refused) -> dict[str, Any]:
    return {"message": refused.message, "extensions": {"code": "BAD_REQUEST"}}

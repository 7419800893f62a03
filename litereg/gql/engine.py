"""Lead a request from its document to its answer.

Queries run in one read snapshot, mutations in one write transaction that is rolled back whole when
any of their fields fails. Who asks is worked out inside the same transaction, so that a revoked key
is refused from the very next request on.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from graphql import ExecutionResult, GraphQLError, GraphQLSchema

from litereg.access import ANONYMOUS, Credentials, Viewer
from litereg.errors import LimitExceeded, NotAuthenticated
from litereg.gql.answers import Answer, BadCredentials, not_over_get, refused, without_results
from litereg.gql.context import Apart, Context, Memory, Suspended, TooLarge
from litereg.gql.document_cache import DocumentCache
from litereg.gql.documents import (
    Document,
    Operation,
    Rejected,
    require_text,
    too_many_tokens,
)
from litereg.gql.errors import format_errors
from litereg.gql.executor import AsWritten, Prepared, RunAgain
from litereg.gql.slow import Line, SlowWork, too_much
from litereg.gql.witness import Scene, tell, tell_whole
from litereg.settings import Settings
from litereg.store import Database, OverBudget, Transaction

Identify = Callable[[Transaction, Credentials, int], Viewer]
AfterAnswer = Callable[[Viewer, int], None]
ViewerOf = Callable[[Transaction, int], Viewer]

# An operation that holds the loop for this long, time and again, is run on a thread from then on.
MAX_HOLD_S = 0.02
MAX_SLOW_STEPS = 2
# What goes on from long work may take longer than others: few may ask for such, one at a time.
LONG_TIMEOUT_S = 60.0

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Request:
    """One GraphQL request, whatever brought it.

    Attributes:
        query: the document.
        operation_name: which of its operations to run, when there are several.
        variables: their values, as they came.
        read_only: nothing may be changed (a GET).
        address: the network address of who asks, as text; None for somebody in this process.
    """

    query: str
    operation_name: str | None = None
    variables: Mapping[str, Any] | None = None
    read_only: bool = False
    address: str | None = None


class _RolledBack(Exception):
    """A mutation had errors; its transaction must not stay."""

    def __init__(self, result: ExecutionResult) -> None:
        self.result = result


class Engine:
    """Answers GraphQL requests from a database."""

    def __init__(
        self,
        schema: GraphQLSchema,
        database: Database,
        settings: Settings,
        identify: Identify,
        after_answer: AfterAnswer,
    ) -> None:
        """Set the engine up.

        *identify* turns credentials into a viewer or raises NotAuthenticated. *after_answer* is
        told who asked, once they have been answered.
        """
        self.schema = schema
        self._database = database
        self._settings = settings
        self._identify = identify
        self._after_answer = after_answer
        self._documents = DocumentCache(schema, settings)
        self._slow = SlowWork(settings)

    async def answer(
        self,
        request: Request,
        credentials: Credentials | None,
        request_id: str,
        heavy: bool = False,
    ) -> Answer:
        """Answer *request*; nothing that a client can send makes this raise.

        *heavy* says that the request is large, so that its variables are read on a thread.
        """
        memory = _memory()
        try:
            return await self._answer(request, credentials, request_id, heavy, memory)
        except Exception as error:
            scene = Scene(request_id, request.address, memory.operation, memory.viewer)
            causes = error.errors if isinstance(error, Rejected) else [error]
            tell_whole(scene, memory.deeds, causes)
            return refused(error, self._settings, request_id)

    async def knows(self, credentials: Credentials) -> bool:
        """Return whether *credentials* are somebody's, for what only they may do."""
        try:
            await self._database.read(self._viewer, credentials, _now())
        except BadCredentials:
            return False
        return True

    async def run(
        self, viewer: Viewer, query: str, variables: Mapping[str, Any] | None = None
    ) -> Answer:
        """Run *query* as *viewer*, for the command line and the pages of this very process."""
        document = await self._documents.prepare_as_written(query, self._settings.max_tokens)
        prepared = Prepared(self.schema, document.operation(None), variables or {})
        result, _ = await self._execute(prepared, lambda tx, now: viewer, _memory())
        return self._as_answer(prepared.operation, result, "local")

    async def _answer(
        self,
        request: Request,
        credentials: Credentials | None,
        request_id: str,
        heavy: bool,
        memory: Memory,
    ) -> Answer:
        text = require_text(request.query)
        document = self._documents.find(text)
        if document is None:
            max_tokens = await self._max_tokens_of(credentials)
            document = await self._documents.prepare(text, max_tokens)
        asked = (request, credentials, request_id, heavy, memory)
        try:
            return await self._answer_by(document, *asked)
        except AsWritten:
            max_tokens = await self._max_tokens_of(credentials)
            document = await self._documents.prepare_as_written(text, max_tokens)
            return await self._answer_by(document, *asked)

    async def _answer_by(
        self,
        document: Document,
        request: Request,
        credentials: Credentials | None,
        request_id: str,
        heavy: bool,
        memory: Memory,
    ) -> Answer:
        operation = document.operation(request.operation_name)
        memory.operation = operation.logged_name
        if request.read_only and operation.writes:
            return not_over_get(operation)
        prepare = partial(self._prepared, document, operation, request, hints=not heavy)
        prepared = await asyncio.to_thread(prepare) if heavy else prepare()
        viewer_of = self._viewer_of(document, credentials)
        result, viewer = await self._execute(prepared, viewer_of, memory, heavy, request.address)
        answer = self._as_answer(operation, result, request_id)
        if result.errors or memory.deeds:
            scene = Scene(request_id, request.address, operation.logged_name, memory.viewer)
            tell(scene, memory.deeds, result.errors)
        answer.viewer = viewer
        self._after_answer(viewer, _now())
        return answer

    def answer_at_once(
        self, request: Request, credentials: Credentials | None, request_id: str
    ) -> Answer | None:
        """Answer a query whose document is kept and that is short to read, without any waiting.

        None stands for all else, and for whatever is wrong with the request: that is for `answer`,
        which begins from the beginning.
        """
        document = self._documents.find(request.query)
        if document is None:
            return None
        try:
            operation = document.operation(request.operation_name)
            if operation.writes:
                return None
            prepared = self._prepared(document, operation, request)
            viewer_of = self._viewer_of(document, credentials)
            memory = _memory()
            run = self._run(prepared, viewer_of, memory, request.address)
            result, viewer = self._database.read_in_place(run, effort=operation.effort)
        except (Exception, OverBudget, Suspended, TooLarge):
            return None
        answer = self._as_answer(operation, result, request_id)
        if result.errors:
            scene = Scene(request_id, request.address, operation.logged_name, viewer)
            tell(scene, memory.deeds, result.errors)
        self._after_answer(viewer, _now())
        return answer

    def _prepared(
        self, document: Document, operation: Operation, request: Request, hints: bool = True
    ) -> Prepared:
        """Return *operation* with the values of its variables, or of what were literals."""
        if document.literals is not None:
            return Prepared(self.schema, operation, document.literals, lifted=True)
        return Prepared(self.schema, operation, request.variables or {}, hints=hints)

    async def _execute(
        self,
        prepared: Prepared,
        viewer_of: ViewerOf,
        memory: Memory,
        heavy: bool = False,
        address: str | None = None,
    ) -> tuple[ExecutionResult, Viewer]:
        """Run *prepared* in a transaction, again for each piece of slow work that it asks for."""
        operation = prepared.operation
        run = self._run(prepared, viewer_of, memory, address)
        while True:
            try:
                if operation.writes:
                    timeout_s = self._settings.execution_timeout_s
                    if memory.is_long:
                        timeout_s = max(timeout_s, LONG_TIMEOUT_S)
                    return await self._database.write(
                        run, heavy=heavy, effort=operation.effort, timeout_s=timeout_s
                    )
                return await self._database.read(run, effort=operation.effort)
            except Suspended as suspended:
                await self._work(suspended, memory)
            except RunAgain:
                prepared.use_graphql_core()
            except _RolledBack as rolled_back:
                return rolled_back.result, ANONYMOUS
            except TooLarge:
                return self._too_large(), ANONYMOUS

    def _run(
        self, prepared: Prepared, viewer_of: ViewerOf, memory: Memory, address: str | None
    ) -> Callable[[Transaction], tuple[ExecutionResult, Viewer]]:
        """Return the function that is run in a transaction."""
        operation = prepared.operation

        def run(tx: Transaction) -> tuple[ExecutionResult, Viewer]:
            viewer = memory.viewer = viewer_of(tx, memory.now)
            memory.deeds = ()
            # Processor time: on a busy machine, a short read may take long.
            started = time.thread_time()
            result = prepared.run(Context(tx, viewer, self._settings, memory, memory.now, address))
            operation.effort.note(time.thread_time() - started > MAX_HOLD_S)
            if operation.writes and result.errors:
                raise _RolledBack(without_results(operation, result))
            return result, viewer

        return run

    async def _work(self, suspended: Suspended, memory: Memory) -> None:
        """Do the work that an operation waits for, outside its transaction."""
        work = suspended.work
        if isinstance(work, Apart):
            memory.done[suspended.key] = await self._database.write(work.run)
            return
        if memory.slow_steps >= MAX_SLOW_STEPS:
            raise too_much(work.line)
        memory.slow_steps += 1
        memory.is_long = memory.is_long or work.line is not Line.SHORT
        memory.done[suspended.key] = await self._slow.run(work.line, work.run)

    def _viewer_of(self, document: Document, credentials: Credentials | None) -> ViewerOf:
        """Return what works out who asks, and refuses documents that are too long for them."""

        def viewer_of(tx: Transaction, now: int) -> Viewer:
            viewer = self._viewer(tx, credentials, now)
            self._require_allowed(document, viewer)
            return viewer

        return viewer_of

    def _viewer(self, tx: Transaction, credentials: Credentials | None, now: int) -> Viewer:
        if credentials is None:
            return ANONYMOUS
        try:
            return self._identify(tx, credentials, now)
        except NotAuthenticated as error:
            raise BadCredentials(error.detail or "no such key or session") from error

    async def _max_tokens_of(self, credentials: Credentials | None) -> int:
        """Return how long a document may be, which depends on who sends it."""
        return self._max_tokens(await self._database.read(self._viewer, credentials, _now()))

    def _max_tokens(self, viewer: Viewer) -> int:
        settings = self._settings
        return settings.max_tokens if viewer.is_known else settings.max_tokens_anonymous

    def _require_allowed(self, document: Document, viewer: Viewer) -> None:
        if document.tokens > self._max_tokens(viewer):
            raise too_many_tokens(self._max_tokens(viewer))
        if document.introspects and self._settings.hardened and not viewer.is_known:
            raise NotAuthenticated("INTROSPECTION_DISABLED", "log in to read the schema")

    def _too_large(self) -> ExecutionResult:
        most = self._settings.max_cost
        reason = LimitExceeded("ANSWER_TOO_LARGE", f"it may have {most} fields; ask for pages")
        return ExecutionResult(None, [GraphQLError(reason.message, original_error=reason)])

    def _as_answer(self, operation: Operation, result: ExecutionResult, request_id: str) -> Answer:
        body: dict[str, Any] = {"data": result.data}
        if result.errors:
            body = {
                "errors": format_errors(result.errors, self._settings, request_id),
                "data": result.data,
            }
        return Answer(200, body, operation.logged_name, heavy=operation.effort.heavy)

    def close(self) -> None:
        """End the threads that do slow work."""
        self._slow.close()


def _memory() -> Memory:
    return Memory(_now(), secrets.token_bytes(32))


def _now() -> int:
    """Return the time, Unix milliseconds."""
    return time.time_ns() // 1_000_000

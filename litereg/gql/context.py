"""What a resolver knows besides its arguments."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

from litereg.access import ANONYMOUS, Viewer
from litereg.errors import LimitExceeded
from litereg.gql.slow import Line
from litereg.gql.witness import Deed
from litereg.settings import Settings
from litereg.store import OverBudget, Transaction

T = TypeVar("T")

# About 20 ms of work.
MAX_COST_IN_PLACE = 20_000


class Slow(NamedTuple):
    """Work that keeps a core busy; to be done on a thread, outside any transaction.

    Attributes:
        run: what does it.
        line: where it waits for its turn.
    """

    run: Callable[[], Any]
    line: Line


class Apart(NamedTuple):
    """Work that changes the database; to be done in a transaction of its own."""

    run: Callable[[Transaction], Any]


Work = Slow | Apart


class Suspended(BaseException):
    """A resolver asked for work that its transaction is no place for; nothing is wrong.

    The engine does the work outside the transaction and runs the operation again, which then finds
    the result. It is no `Exception`, so that nothing on the way takes it for a failed field.
    """

    def __init__(self, key: tuple[Any, ...], work: Work) -> None:
        super().__init__(key)
        self.key = key
        self.work = work


class TooLarge(BaseException):
    """The answer costs more than any may; the operation ends here, without data.

    No `Exception`, so that nobody goes on with the other fields.
    """


@dataclass(slots=True)
class Memory:
    """What stays the same when an operation is run again.

    Attributes:
        now: the time of the request, Unix milliseconds.
        seed: 32 random bytes, from which the operation draws its tokens.
        done: results of work that was done outside the transaction.
        slow_steps: how much slow work was done.
        is_long: whether some of it was long.
        viewer: who asked in the last run, once that was known.
        deeds: what the last run did, or tried, that the log tells.
        operation: what the log calls the operation, once it was found and if it has a name.
    """

    now: int
    seed: bytes
    done: dict[tuple[Any, ...], Any] = field(default_factory=dict)
    slow_steps: int = 0
    is_long: bool = False
    viewer: Viewer = ANONYMOUS
    deeds: tuple[Deed, ...] = ()
    operation: str | None = None


@dataclass(slots=True)
class Context:
    """One run of one operation.

    Attributes:
        tx: the open transaction.
        viewer: who asks.
        now: the time of the request, Unix milliseconds.
        settings: the settings in force.
        address: the network address of who asks; None for somebody in this process.
        nodes: how many items of connections the answer holds so far.
        cost: what the answer has cost so far.
    """

    tx: Transaction
    viewer: Viewer
    settings: Settings
    memory: Memory
    now: int = 0
    address: str | None = None
    nodes: int = 0
    cost: int = 0
    _drawn: int = 0
    _apart: int = 0

    @property
    def nodes_left(self) -> int:
        """How many more items of connections the answer may hold."""
        return self.settings.max_nodes - self.nodes

    def spend(self, nodes: int) -> None:
        """Count that many more items of connections into the answer.

        Raises:
            LimitExceeded: TOO_MANY_NODES.
        """
        if nodes > self.nodes_left:
            raise LimitExceeded(
                "TOO_MANY_NODES", f"an answer may hold {self.settings.max_nodes}; ask for pages"
            )
        self.nodes += nodes

    def pay(self, cost: int) -> None:
        """Add *cost* to that of the answer, before the work: 1 for each field of each object.

        Raises:
            TooLarge: it is more than `max_cost` now.
            OverBudget: it is too much to be done in place.
        """
        self.cost += cost
        if self.cost > self.settings.max_cost:
            raise TooLarge
        if self.cost > MAX_COST_IN_PLACE and self.tx.in_place:
            raise OverBudget

    def leave_loop(self) -> None:
        """Go on on a thread: what follows is too much to be done in place.

        A change that is ended in its middle takes its neighbours' with it, to run again; one that
        says so beforehand disturbs nobody.

        Raises:
            OverBudget: this runs in place; it runs again, whole, on a thread.
        """
        if self.tx.in_place:
            raise OverBudget

    def slow(self, function: Callable[..., T], *args: Any, line: Line = Line.SHORT) -> T:
        """Return `function(*args)`, worked out on a thread and outside the transaction.

        For password hashing and its like. The first time, the run ends here and starts again once
        the result is there, so *function* must be pure and *args* hashable. What takes seconds has
        a *line* of its own, so that nobody who logs in waits for it; what is done with its result
        is not done in place.
        """
        key = (function, *args)
        if key not in self.memory.done:
            raise Suspended(key, Slow(lambda: function(*args), line))
        if line is not Line.SHORT:
            self.leave_loop()
        return self.memory.done[key]  # type: ignore[no-any-return]

    def apart(self, function: Callable[..., T], *args: Any) -> T:
        """Return `function(tx, *args)`, run in a transaction that stays when this one fails.

        For what must be remembered of a failure: that a password was tried. Otherwise as `slow`.

        Raises:
            LimitExceeded: TOO_MANY_PASSWORDS, the operation has done so before.
        """
        self._apart += 1
        if self._apart > 1:
            raise LimitExceeded("TOO_MANY_PASSWORDS", "one document may try only one password")
        return self.for_good(function, *args)

    def for_good(self, function: Callable[..., T], *args: Any) -> T:
        """Return `function(tx, *args)` as `apart` does, for what is no try; it may be done often.

        With the same arguments it is done once.
        """
        key = (function, *args)
        if key not in self.memory.done:
            raise Suspended(key, Apart(lambda tx: function(tx, *args)))
        return self.memory.done[key]  # type: ignore[no-any-return]

    @contextmanager
    def deed(self, name: str, how: str | None = None) -> Iterator[Deed]:
        """Do what is done in this block so that the log tells it, whatever becomes of it.

        What is known of it is noted on the deed as it turns up.
        """
        deed = Deed(name, how)
        self.memory.deeds += (deed,)
        try:
            yield deed
        except Exception as error:
            deed.error = error
            raise

    def token(self) -> bytes:
        """Return 32 unguessable bytes, the same ones at the same place of every run."""
        self._drawn += 1
        return hmac.digest(self.memory.seed, self._drawn.to_bytes(4, "big"), hashlib.sha256)

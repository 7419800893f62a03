"""What the log tells of a request beside its line: who came in, who changed what, who was refused.

A deed is what whoever looks after a registry wants to find again: a log-in, a new key, a new
administrator. A service says what it is about to do (`Context.deed`), and what became of it is
logged once that is certain: when its transaction is on the disk, or undone. All refusals of one
answer are one line, and all equal deeds of it another; of many different ones on one thing, the
first few have a line each, and the others one together. So nobody fills the log faster than by
asking.

Nothing in these lines is text that a client wrote but the operation's name, which is a Name of
GraphQL. Users, and what is shared with them, are named only when they are known; people type
passwords where names belong.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from graphql import GraphQLError, GraphQLSyntaxError

from litereg.access import Viewer
from litereg.errors import (
    InvalidInput,
    LimitExceeded,
    LiteregError,
    NotAuthenticated,
    NotAuthorized,
)
from litereg.gql.errors import original

LOGGER: Final = "litereg.security"
# What is refused so may be somebody who tries what they must not. What is merely not there, or
# taken, is what clients ask every day.
SUSPECT: Final = (NotAuthenticated, NotAuthorized, LimitExceeded, InvalidInput)
# How many reasons and fields a line names; how many refusals there were, it says in any case.
MAX_NAMED: Final = 5
# How many deeds of one kind on one thing have a line each: more than a person does at once, and no
# fewer than the fields of a mutation (`max_root_mutations`) unless that is set.
MAX_LINES: Final = 10
# A constant of the contract. Other reasons are sentences, with what was sent in them.
CONSTANT: Final = re.compile(r"[A-Z][A-Z0-9_]{1,60}")

_log = logging.getLogger(LOGGER)


@dataclass(slots=True, eq=False)
class Deed:
    """Something worth remembering that a request is about to do.

    Attributes:
        name: what it is: `log-in`, `new-key`.
        how: in which way, where there are several; None where there is one.
        user_id: whose account it is about, once that is known.
        username: that account's name.
        what: what else it is about: a key's id, the package that is shared.
        error: why it was not done.
    """

    name: str
    how: str | None = None
    user_id: int | None = None
    username: str | None = None
    what: str | None = None
    error: Exception | None = None

    def about(self, user_id: int, username: str | None = None) -> None:
        """Note whose account it is about."""
        self.user_id, self.username = user_id, username

    def facts(self, is_undone: bool) -> tuple[tuple[str, Any], ...]:
        """Return what a line says of it; *is_undone*: nothing of the request has stayed."""
        outcome = "done"
        if self.error is not None or is_undone:
            outcome = "refused" if self.error is not None else "undone"
        return (
            ("outcome", outcome),
            ("reason", None if self.error is None else reason_of(self.error)),
            ("how", self.how),
            ("user", self.username),
            ("user_id", self.user_id),
            ("what", self.what),
        )


class Scene(NamedTuple):
    """Which request it was, and who sent it from where, as far as that is known."""

    request_id: str
    address: str | None
    operation: str | None
    viewer: Viewer

    def facts(self) -> dict[str, Any]:
        """Return what every line of the request says."""
        viewer = self.viewer
        return {
            "by": viewer.username or None,
            "by_id": viewer.user_id or None,
            "by_key": viewer.key_id,
            "from": self.address,
            "operation": self.operation,
        }


def tell(scene: Scene, deeds: Iterable[Deed], errors: Sequence[GraphQLError] | None) -> None:
    """Log what became of *deeds*, and which *errors* of the answer are refusals."""
    if not deeds and not errors:
        return
    tell_deeds(scene, deeds, is_undone=bool(errors))
    told = {id(deed.error) for deed in deeds}
    causes = [(original(error), error) for error in errors or ()]
    refusals = [
        (cause, error)
        for cause, error in causes
        if isinstance(cause, SUSPECT) and id(cause) not in told
    ]
    if refusals:
        reasons = _first(reason_of(cause) for cause, _ in refusals)
        fields = _first(filter(None, (_field(error) for _, error in refusals)))
        _tell_refusal(scene, reasons, fields, len(refusals))


def tell_whole(scene: Scene, deeds: Sequence[Deed], errors: Sequence[Exception]) -> None:
    """Log that *errors* ended the request before it had an answer, and so *deeds*, if any."""
    for deed in deeds:
        deed.error = deed.error or errors[0]
    if deeds:
        tell_deeds(scene, deeds, is_undone=True)
        return
    _tell_refusal(scene, _first(map(reason_of, errors)), None, len(errors))


def tell_deeds(scene: Scene, deeds: Iterable[Deed], is_undone: bool) -> None:
    """Log each kind of deed once; *is_undone*: nothing of the request has stayed.

    Of those on one thing that differ in whom they are about, or in how, the first few have a line
    each; the others have one together, with the ids of all users.
    """
    counted = Counter((deed.name, deed.facts(is_undone)) for deed in deeds)
    on_things: dict[tuple[Any, ...], list[tuple[dict[str, Any], int]]] = {}
    for (name, facts), count in counted.items():
        known = dict(facts)
        thing = (name, known["outcome"], known["reason"], known["what"])
        on_things.setdefault(thing, []).append((known, count))
    for (name, *_), kinds in on_things.items():
        for known, count in kinds[:MAX_LINES]:
            _write(scene, name, {**known, "count": count if count > 1 else None})
        if kinds[MAX_LINES:]:
            _write(scene, name, _together(kinds[MAX_LINES:]))


def _together(kinds: Sequence[tuple[dict[str, Any], int]]) -> dict[str, Any]:
    """Return what one line says of several kinds of deeds on one thing, each with its count."""
    (first, _), *_ = kinds
    ways = {known["how"] for known, _ in kinds}
    user_ids = dict.fromkeys(known["user_id"] for known, _ in kinds)
    return {
        "outcome": first["outcome"],
        "reason": first["reason"],
        "how": first["how"] if len(ways) == 1 else "several",
        "user_ids": ",".join(str(id_) for id_ in user_ids if id_ is not None) or None,
        "what": first["what"],
        "count": sum(count for _, count in kinds),
    }


def reason_of(error: BaseException) -> str:
    """Return why something was refused, in a word that no client wrote."""
    cause = original(error)
    if isinstance(cause, LiteregError):
        return cause.reason if CONSTANT.fullmatch(cause.reason) else cause.code
    if isinstance(cause, GraphQLSyntaxError):
        return "GRAPHQL_PARSE_FAILED"
    if isinstance(cause, GraphQLError):
        return "GRAPHQL_VALIDATION_FAILED"
    return "INTERNAL_SERVER_ERROR"


def _tell_refusal(scene: Scene, reasons: str, fields: str | None, count: int) -> None:
    facts = {"reason": reasons, "field": fields, "count": count if count > 1 else None}
    _write(scene, "refused", facts)


def _write(scene: Scene, name: str, facts: dict[str, Any]) -> None:
    fields = {"id": scene.request_id, **facts, **scene.facts()}
    known = {key: value for key, value in fields.items() if value is not None}
    _log.info(name, extra={"fields": known})


def _first(names: Iterable[str]) -> str:
    """Return the first few different ones of *names*, commas between."""
    return ",".join([*dict.fromkeys(names)][:MAX_NAMED])


def _field(error: GraphQLError) -> str | None:
    """Return the field that failed, by the schema's name and not by that which a client gave it."""
    node = error.nodes[0] if error.nodes and error.path is not None else None
    name = getattr(node, "name", None)
    return None if name is None else str(name.value)

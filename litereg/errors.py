"""Everything that can be refused, as one tree of exceptions.

An error holds data and nothing else: a reason (the contract's constant, which clients look for and
which therefore never changes), an optional detail in words, and more data for clients that can use
it. How an error looks in a GraphQL answer is decided in `litereg.gql.errors`, and which HTTP status
it gets in `litereg.server`; nothing here knows either.
"""

from __future__ import annotations


class LiteregError(Exception):
    """A request that was understood and refused.

    Attributes:
        reason: what clients look for: the contract's constant, such as `CATALOG_NOT_FOUND`.
        detail: more words for people, or None.
        data: further machine-readable facts; published to the client as they are.
        code: the class of the error, which tells a client what it can do about it.
    """

    code = "BAD_USER_INPUT"

    def __init__(self, reason: str, detail: str | None = None, **data: object) -> None:
        super().__init__(reason if detail is None else f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
        self.data = data

    @property
    def message(self) -> str:
        """The text that clients get."""
        return str(self)


class NotAuthenticated(LiteregError):
    """The viewer is not known and has to be: log in first."""

    code = "UNAUTHENTICATED"

    def __init__(
        self, reason: str = "NOT_AUTHENTICATED", detail: str | None = None, **data: object
    ) -> None:
        super().__init__(reason, detail, **data)


class NotAuthorized(LiteregError):
    """The viewer is known and may not do this: ask somebody for the permission."""

    code = "FORBIDDEN"

    def __init__(self, reason: str = "NOT_AUTHORIZED", detail: str | None = None) -> None:
        super().__init__(reason, detail)


class NotFound(LiteregError):
    """The thing named is not there."""


class InvalidInput(LiteregError):
    """A value that can never be accepted: change it and try again."""

    code = "GRAPHQL_VALIDATION_FAILED"


class Conflict(LiteregError):
    """A value that somebody else holds already: choose another."""

    code = "GRAPHQL_VALIDATION_FAILED"


class LimitExceeded(LiteregError):
    """More than this server allows at once: ask for less, or later."""

    code = "LIMIT_EXCEEDED"


class Unavailable(LiteregError):
    """The server cannot do this right now, and nothing was changed: try again later."""

    code = "UNAVAILABLE"


class StorageFull(Unavailable):
    """The disk is full: nothing was changed; reading goes on."""

    code = "STORAGE_FULL"

    def __init__(self, place: str = "the database") -> None:
        super().__init__("STORAGE_FULL", f"no space is left for {place}; nothing was changed")


class Damaged(Unavailable):
    """What is stored is not what was written: restore it from a backup."""


class CannotStart(LiteregError):
    """Serving cannot begin: a path, a file or a setting is not as it must be.

    The command line prints the sentence and leaves with exit code 2.
    """

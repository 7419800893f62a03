"""GraphQL fields of the sessions room."""

from __future__ import annotations

from litereg.gql.context import Context
from litereg.gql.resolver import resolver
from litereg.registry.models import Session
from litereg.registry.sessions import service
from litereg.registry.tokens import digest_id

MODELS = {"Session": Session}


@resolver("Session.id")
def session_id(session: Session, ctx: Context) -> str:
    """Return what a session is called by."""
    return digest_id(session.token_sha256)


@resolver("Session.lastUsed")
def last_used(session: Session, ctx: Context) -> int:
    """Return when a session was last used."""
    return session.last_used_at


@resolver("Session.current")
def is_current(session: Session, ctx: Context) -> bool:
    """Return whether the request was made with this session."""
    return session.token_sha256 == ctx.viewer.session


@resolver("Query.mySessions")
def my_sessions(ctx: Context) -> list[Session]:
    """Return the viewer's sessions."""
    return service.list_sessions(ctx)


@resolver("Query.login", writes=True)
def login_by_query(ctx: Context, *, username: str, password: str) -> str:
    """Log in, as a query."""
    return service.login(ctx, username, password)


@resolver("Mutation.login")
def login(ctx: Context, *, username: str, password: str) -> str:
    """Log in."""
    return service.login(ctx, username, password)


@resolver("Mutation.useLoginLink")
def use_login_link(ctx: Context, *, token: str) -> str:
    """Log in by a one-time link."""
    return service.use_link(ctx, token)


@resolver("Mutation.logout")
def logout(ctx: Context) -> None:
    """Log out."""
    service.logout(ctx)


@resolver("Mutation.endSession")
def end_session(ctx: Context, *, id: str, password: str) -> None:
    """End one of the viewer's sessions."""
    service.end(ctx, id, password)


@resolver("Mutation.endOtherSessions")
def end_other_sessions(ctx: Context, *, password: str) -> None:
    """End all of the viewer's sessions but the one at hand."""
    service.end_others(ctx, password)

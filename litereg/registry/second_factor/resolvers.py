"""GraphQL fields of the second factor room."""

from __future__ import annotations

from litereg.gql.context import Context
from litereg.gql.resolver import resolver
from litereg.registry.second_factor import service
from litereg.registry.second_factor.service import Confirmed, Pending, SecondFactor

MODELS = {
    "SecondFactor": SecondFactor,
    "PendingSecondFactor": Pending,
    "ConfirmedSecondFactor": Confirmed,
}


@resolver("Query.mySecondFactor")
def my_second_factor(ctx: Context) -> SecondFactor:
    """Return whether the viewer has a second factor."""
    return service.get(ctx)


@resolver("Mutation.finishLogin")
def finish_login(ctx: Context, *, ticket: str, one_time_code: str) -> str:
    """Log in, the second step."""
    return service.finish_login(ctx, ticket, one_time_code)


@resolver("Mutation.beginSecondFactor")
def begin_second_factor(
    ctx: Context,
    *,
    password: str | None = None,
    ticket: str | None = None,
    one_time_code: str | None = None,
) -> Pending:
    """Begin to set up an app."""
    return service.begin(ctx, password, ticket, one_time_code)


@resolver("Mutation.confirmSecondFactor")
def confirm_second_factor(
    ctx: Context, *, one_time_code: str, ticket: str | None = None
) -> Confirmed:
    """Turn the second factor on."""
    return service.confirm(ctx, one_time_code, ticket)


@resolver("Mutation.endSecondFactor")
def end_second_factor(ctx: Context, *, password: str, one_time_code: str) -> None:
    """Turn the second factor off."""
    service.end(ctx, password, one_time_code)


@resolver("Mutation.newRecoveryCodes")
def new_recovery_codes(ctx: Context, *, password: str, one_time_code: str) -> list[str]:
    """Make new recovery codes."""
    return service.new_recovery_codes(ctx, password, one_time_code)

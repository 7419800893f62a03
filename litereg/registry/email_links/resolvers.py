"""GraphQL fields of the e-mail links room."""

from __future__ import annotations

from litereg.gql.context import Context
from litereg.gql.resolver import resolver
from litereg.registry.email_links import service
from litereg.registry.email_links.inputs import RecoverPassword

INPUTS = {"RecoverMyPasswordInput": RecoverPassword}


@resolver("Mutation.verifyEmailAddress")
def verify_email_address(ctx: Context, *, token: str, password: str | None = None) -> None:
    """Note that an address is its user's own."""
    service.verify_email_address(ctx, token, password)


@resolver("Mutation.forgotMyPassword")
def forgot_my_password(ctx: Context, *, email_address: str) -> None:
    """Mail a link to a new password."""
    service.forgot_my_password(ctx, email_address)


@resolver("Mutation.recoverMyPassword")
def recover_my_password(ctx: Context, *, value: RecoverPassword) -> None:
    """Set a new password."""
    service.recover_my_password(ctx, value)

"""GraphQL fields of the users room."""

from __future__ import annotations

from collections.abc import Callable

from litereg.gql.context import Context
from litereg.gql.resolver import resolver
from litereg.registry.models import User
from litereg.registry.users import service
from litereg.registry.users.inputs import CreateUser, UpdatePassword, UpdateUser

MODELS = {"User": User}
INPUTS = {
    "CreateUserInput": CreateUser,
    "UpdateMyPasswordInput": UpdatePassword,
    "UpdateUserInput": UpdateUser,
}


def private(field: str, attribute: str, flag: str) -> Callable[[User, Context], str | None]:
    """Return the resolver of a field that others see only when its owner says so."""

    @resolver(f"User.{field}")
    def resolve(user: User, ctx: Context) -> str | None:
        if user.id != ctx.viewer.user_id and not getattr(user, flag):
            return None
        return getattr(user, attribute) or None

    return resolve


first_name = private("firstName", "first_name", "name_is_public")
last_name = private("lastName", "last_name", "name_is_public")
location = private("location", "location", "location_is_public")
twitter_handle = private("twitterHandle", "twitter_handle", "twitter_handle_is_public")
git_hub_handle = private("gitHubHandle", "git_hub_handle", "git_hub_handle_is_public")
website = private("website", "website", "website_is_public")
email_address = private("emailAddress", "email_address", "email_address_is_public")


@resolver("User.description")
def description(user: User, ctx: Context) -> str | None:
    """Return what a user says about themselves; nothing is null, not an empty text."""
    return user.description or None


@resolver("Query.usernameAvailable")
def username_available(ctx: Context, *, username: str) -> bool:
    """Return whether a username is free."""
    return service.username_available(ctx.tx, username)


@resolver("Query.emailAddressAvailable")
def email_address_available(ctx: Context, *, email_address: str) -> bool:
    """Return whether an e-mail address is free."""
    return service.email_address_available(ctx.tx, email_address)


@resolver("Query.me")
def me(ctx: Context) -> User:
    """Return the viewer's account."""
    return service.get_me(ctx.tx, ctx.viewer)


@resolver("Query.user")
def user(ctx: Context, *, username: str) -> User:
    """Return a user by name."""
    return service.get_user(ctx.tx, username)


@resolver("Mutation.createMe")
def create_me(ctx: Context, *, value: CreateUser) -> str | None:
    """Sign up."""
    return service.sign_up(ctx, value)


@resolver("Mutation.updateMe")
def update_me(ctx: Context, *, value: UpdateUser) -> User:
    """Change the viewer's profile."""
    return service.update_me(ctx.tx, ctx.viewer, value, ctx.now)


@resolver("Mutation.updateMyPassword")
def update_my_password(ctx: Context, *, value: UpdatePassword) -> None:
    """Change the viewer's password."""
    service.update_my_password(ctx, value)


@resolver("Mutation.disableMe")
def disable_me(ctx: Context) -> User:
    """Close the viewer's account."""
    return service.disable_me(ctx.tx, ctx.viewer, ctx.now)

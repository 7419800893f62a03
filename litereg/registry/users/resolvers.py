"""GraphQL fields of the users room."""

from __future__ import annotations

from collections.abc import Callable

from litereg.access import Viewer
from litereg.gql.context import Context
from litereg.gql.resolver import resolver
from litereg.registry.models import User
from litereg.registry.pages import Page
from litereg.registry.users import service
from litereg.registry.users.inputs import CreateUser, UpdatePassword, UpdateUser

MODELS = {"User": User, "SearchUsersResult": Page}
INPUTS = {
    "CreateUserInput": CreateUser,
    "UpdateMyPasswordInput": UpdatePassword,
    "UpdateUserInput": UpdateUser,
}


def private(field: str, attribute: str, flag: str) -> Callable[[User, Context], str | None]:
    """Return the resolver of a field that others see only when its owner says so."""

    @resolver(f"User.{field}", reads=("id", attribute, flag))
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


@resolver("User.description", reads=("description",))
def description(user: User, ctx: Context) -> str | None:
    """Return what a user says about themselves; nothing is null, not an empty text."""
    return user.description or None


@resolver("User.displayName", reads=("id", "username", "first_name", "last_name", "name_is_public"))
def display_name(user: User, ctx: Context) -> str:
    """Return what to call a user."""
    return service.display_name(user, ctx.viewer)


@resolver("User.isAdmin", reads=("id", "is_admin"))
def is_admin(user: User, ctx: Context) -> bool | None:
    """Return whether a user is an administrator, to those who may know."""
    return user.is_admin if _is_known_to(ctx.viewer, user) else None


@resolver("User.status", reads=("id", "status"))
def status(user: User, ctx: Context) -> str | None:
    """Return whether a user is kept out, to those who may know."""
    return user.status if user.status != "DISABLED" and _is_known_to(ctx.viewer, user) else None


@resolver("User.uiDarkModeEnabled", reads=("id", "ui_dark_mode_enabled"))
def ui_dark_mode_enabled(user: User, ctx: Context) -> bool | None:
    """Return whether the viewer wants a dark screen."""
    return user.ui_dark_mode_enabled if user.id == ctx.viewer.user_id else None


def _is_known_to(viewer: Viewer, user: User) -> bool:
    return viewer.is_admin or viewer.user_id == user.id


@resolver("SearchUsersResult.users")
def found_users(page: Page[User], ctx: Context) -> list[User]:
    """Return what is on the page."""
    return page.items


@resolver("SearchUsersResult.count")
def users_count(page: Page[User], ctx: Context) -> int:
    """Return how many users were found in all."""
    return page.total()


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


@resolver("Query.mayCloseMyAccount")
def may_close_my_account(ctx: Context) -> bool:
    """Return whether the viewer's account can be closed."""
    return service.may_close_me(ctx.tx, ctx.viewer)


@resolver("Query.user")
def user(ctx: Context, *, username: str) -> User:
    """Return a user by name."""
    return service.get_user(ctx.tx, username)


@resolver("Query.searchUsers")
def search_users(ctx: Context, *, value: str, limit: int, off_set: int) -> Page[User]:
    """Find users by the beginning of their names."""
    return service.search(ctx.tx, ctx.viewer, value, off_set, limit)


@resolver("Mutation.createMe")
def create_me(ctx: Context, *, value: CreateUser) -> str | None:
    """Sign up."""
    return service.sign_up(ctx, value)


@resolver("Mutation.updateMe")
def update_me(ctx: Context, *, value: UpdateUser) -> User:
    """Change the viewer's profile."""
    return service.update_me(ctx, value)


@resolver("Mutation.updateMyPassword")
def update_my_password(ctx: Context, *, value: UpdatePassword) -> None:
    """Change the viewer's password."""
    service.update_my_password(ctx, value)


@resolver("Mutation.disableMe")
def disable_me(ctx: Context) -> User:
    """Close the viewer's account."""
    return service.disable_me(ctx)


@resolver("Mutation.deleteMe")
def delete_me(ctx: Context) -> None:
    """Close the viewer's account and answer nothing."""
    service.disable_me(ctx)

"""Let the log tell who was given which permissions on what, and from whom they were taken."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from litereg.access import permission_list
from litereg.gql.context import Context
from litereg.registry.models import User


@contextmanager
def sharing(
    ctx: Context, what: str, user: User, permissions: int, on_packages: int = 0
) -> Iterator[None]:
    """Do what is done in this block so that the log tells it: *user* gets *permissions* on *what*.

    They are sums; *on_packages* is what they get on the packages of a catalog alone. *what* is the
    name of something that is there, not what somebody typed.
    """
    with ctx.deed("permission", _in_words(permissions, on_packages)) as deed:
        deed.about(user.id, user.username)
        deed.what = what
        yield


def _in_words(permissions: int, on_packages: int) -> str:
    """Return permissions as the log says them, such as `VIEW,packages:VIEW`."""
    names = [permission.name for permission in permission_list(permissions)]
    names += [f"packages:{permission.name}" for permission in permission_list(on_packages)]
    return ",".join(names) or "taken-back"

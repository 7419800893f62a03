"""Let the log tell who was given which permissions on what, and what was opened to everybody."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from litereg.access import permission_list
from litereg.gql.context import Context
from litereg.registry.models import Package, User


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


@contextmanager
def opening(ctx: Context, what: str, is_public: bool | None) -> Iterator[None]:
    """Do what is done in this block so that the log tells it: everybody may see *what*, or not.

    None stands for a change that leaves that as it is, and is not told.
    """
    if is_public is None:
        yield
        return
    with ctx.deed("visibility", "public" if is_public else "private") as deed:
        deed.what = what
        yield


def new_openness(before: bool, asked: bool | None) -> bool | None:
    """Return whether something that was public or not *before* becomes so; None: no change."""
    return None if asked == before else asked


def package_name(package: Package) -> str:
    """Return what the log calls a package."""
    return f"package/{package.catalog.slug}/{package.slug}"


def _in_words(permissions: int, on_packages: int) -> str:
    """Return permissions as the log says them, such as `VIEW,packages:VIEW`."""
    names = [permission.name for permission in permission_list(permissions)]
    names += [f"packages:{permission.name}" for permission in permission_list(on_packages)]
    return ",".join(names) or "taken-back"

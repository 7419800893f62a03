"""Which passwords may be set: by the rules that old clients know, or by those of today.

`compatible` is what the registry API has always said. `strict` is NIST SP 800-63B: long ones are
welcome, nothing has to be in them, and what everybody tries first is refused: common passwords, and
names that go with the account or the registry.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from functools import cache

from litereg.errors import InvalidInput
from litereg.registry import names
from litereg.registry.passwords import Scheme, hash_password
from litereg.settings import STRICT, Settings

MAX_STRICT = 1_024
# Of fewer different characters, there is little to guess.
MIN_DIFFERENT = 4
# A shorter name is in many a word; it counts only where it is all there is.
MIN_NAME = 4
# What people put around a word when they are asked for more.
AROUND = "0123456789!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ "
TOO_COMMON = "PASSWORD_TOO_COMMON"
HAS_NAME = "PASSWORD_HAS_NAME"


def form_check(rules: str) -> Callable[[str], None]:
    """Return what raises InvalidInput for passwords that break the *rules* by their form alone.

    It is asked of every password that comes in, the right ones at log-in too.
    """
    return check_strict_form if rules == STRICT else names.check_password


def check_strict_form(password: str) -> None:
    """Raise InvalidInput unless *password* is long enough, and not endless."""
    if not password:
        raise InvalidInput("PASSWORD_REQUIRED")
    if len(password) > MAX_STRICT:
        raise InvalidInput("PASSWORD_TOO_LONG")
    if len(password) < names.MIN_PASSWORD:
        raise InvalidInput("PASSWORD_TOO_SHORT")


def require_good(password: str, settings: Settings, username: str, email_address: str) -> None:
    """Raise InvalidInput when the rules in force refuse *password* for that account.

    Raises:
        InvalidInput: what its form breaks; PASSWORD_HAS_NAME, PASSWORD_TOO_COMMON.
    """
    form_check(settings.password_rules)(password)
    problem = problem_of(password, names_around(settings, username, email_address))
    if problem is not None:
        raise problem


def hash_unless_easy(
    password: str, scheme: Scheme, known_names: tuple[str, ...] | None
) -> str | InvalidInput:
    """Return a hash of *password* by *scheme*, or why it may not be set; see `problem_of`.

    One piece of slow work: the first time, the list of common passwords is read.
    """
    return problem_of(password, known_names) or hash_password(password, scheme)


def names_around(settings: Settings, username: str, email_address: str) -> tuple[str, ...] | None:
    """Return the names that no password of that account may hold; None: the rules name none.

    These are its own, that of its e-mail address, the registry's and those of the registry's host.
    """
    if settings.password_rules != STRICT:
        return None
    host = settings.hostname.split(".")
    # The last part, such as "org", is no name that anybody would take.
    parts = [part for part in host[:-1] if len(part) >= MIN_NAME]
    own = (username, email_address, email_address.partition("@")[0])
    found = (*own, "litereg", settings.registry_name, settings.hostname, *parts)
    return tuple(dict.fromkeys(filter(None, map(_folded, found))))


def problem_of(password: str, known_names: Iterable[str] | None) -> InvalidInput | None:
    """Return why *password* is too easy to guess, or None; None also when no names are given."""
    if known_names is None:
        return None
    folded = _folded(password)
    core = folded.strip(AROUND)
    for name in known_names:
        if name in (folded, core) or (len(name) >= MIN_NAME and name in folded):
            return InvalidInput(HAS_NAME, "it has a name in it that goes with the account")
    common = _common()
    is_dressed_up = core in common and 2 * len(core) >= len(folded)
    if len(set(folded)) < MIN_DIFFERENT or folded in common or is_dressed_up:
        return InvalidInput(TOO_COMMON, "it is among those that are tried first")
    return None


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


@cache
def _common() -> frozenset[str]:
    """Return the 30,000 passwords that leaked most often, in lower case."""
    # 15 MB, which only who asks for it shall pay.
    from zxcvbn.frequency_lists import (  # type: ignore[import-untyped]  # it has no types
        FREQUENCY_LISTS,
    )

    return frozenset(FREQUENCY_LISTS["passwords"])

"""The letters that wait to be sent.

A letter is queued in the transaction of the change that it tells of, and so survives whatever
happens next. Taking it to be sent counts as a try and puts the next one off, before anything is
sent: a process that dies on the way, or a full disk, never sends the same letter again and again.
"""

from __future__ import annotations

from litereg.registry.mail import letters, queries
from litereg.registry.mail.letters import Letter
from litereg.registry.mail.queries import Waiting
from litereg.registry.models import User
from litereg.settings import Settings
from litereg.store import Transaction

SECOND_MS = 1000
MINUTE_MS = 60 * SECOND_MS
# How long to wait after each try. Nobody wants a letter whose link no longer works, and links last
# four hours at most: that is about where this ends.
PAUSES_MS = (
    10 * SECOND_MS,
    30 * SECOND_MS,
    2 * MINUTE_MS,
    5 * MINUTE_MS,
    15 * MINUTE_MS,
    30 * MINUTE_MS,
    60 * MINUTE_MS,
    120 * MINUTE_MS,
)
MAX_TRIES = len(PAUSES_MS)
# Letters taken at once.
BATCH = 20
MAX_ERROR = 500


def queue(
    tx: Transaction, settings: Settings, letter: Letter, to: User, now: int, **values: str
) -> None:
    """Send *letter* with its *values* to a user, once *tx* is committed.

    A registry without a mail server sends nothing, and nothing waits. Only the link to a new
    password is wanted even so: whoever reads the log can pass it on.
    """
    if settings.sends_mail or letter is Letter.RECOVER_PASSWORD:
        both = to.first_name and to.last_name
        name = f"{to.first_name} {to.last_name}" if both else ""
        _insert(tx, settings, letter, to.email_address, name, now, username=to.username, **values)


def queue_to_nobody(
    tx: Transaction, settings: Settings, letter: Letter, now: int, **values: str
) -> None:
    """Do what `queue` does, with a letter that will be dropped."""
    _insert(tx, settings, letter, "", "", now, username="nobody", **values)


def is_any_due(tx: Transaction, now: int) -> bool:
    """Return whether there is a letter to be sent at *now*."""
    return tx.first(queries.ANY_DUE, now=now) is not None


def take(tx: Transaction, now: int) -> list[Waiting]:
    """Return letters to be sent now; each counts as tried and is put off until its next try."""
    taken = []
    for letter in tx.all(queries.DUE, now=now, limit=BATCH):
        if letter.tries >= MAX_TRIES:
            # The process ended in the middle of its last try.
            tx.run(queries.GIVE_UP, id=letter.id)
        elif letter.to_address == "":
            tx.run(queries.DELETE, id=letter.id)
        else:
            tx.run(queries.TRY, id=letter.id, due_at=now + PAUSES_MS[letter.tries])
            taken.append(letter._replace(tries=letter.tries + 1))
    return taken


def sent(tx: Transaction, letter: Waiting) -> None:
    """Forget a letter that was handed over, and with it the token that may be in it."""
    tx.run(queries.DELETE, id=letter.id)


def failed(tx: Transaction, letter: Waiting, error: str, for_good: bool) -> bool:
    """Note why a try to send a letter failed; return whether it was the last one.

    A letter that is given up stays, without its text, for whoever looks after the registry.
    """
    tx.run(queries.NOTE_ERROR, id=letter.id, error=letters.one_line(error)[:MAX_ERROR])
    given_up = for_good or letter.tries >= MAX_TRIES
    if given_up:
        tx.run(queries.GIVE_UP, id=letter.id)
    return given_up


def _insert(
    tx: Transaction,
    settings: Settings,
    letter: Letter,
    to_address: str,
    to_name: str,
    now: int,
    **values: str,
) -> None:
    name, url = settings.registry_name, settings.url
    written = letters.write(letter, registry_name=name, registry_url=url, **values)
    tx.run(
        queries.INSERT,
        to_address=to_address,
        to_name=letters.one_line(to_name),
        subject=written.subject,
        body=written.body,
        now=now,
    )

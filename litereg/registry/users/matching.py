"""Statements that find users by how their names begin; those by whole names are in `queries`."""

from __future__ import annotations

import re

from litereg.registry import columns, names
from litereg.registry.models import User
from litereg.registry.pages import Page, read_page
from litereg.store import Query, Transaction

# Longer than any name and any address, so that what is cut off changes nothing; SQLite compares no
# beginning of more than 50,000 bytes.
MAX_TEXT = 256

# What is private is looked at for an administrator alone; `:all` says so.
_MATCHING = """user AS u
    WHERE u.status <> 'DISABLED'
      AND (
          u.username_key LIKE :beginning ESCAPE '!'
          OR (u.email_key = :text AND (u.email_address_is_public = 1 OR :all))
          OR (
              (u.name_is_public = 1 OR :all)
              AND (
                  lower(u.first_name) LIKE :beginning ESCAPE '!'
                  OR lower(u.last_name) LIKE :beginning ESCAPE '!'
                  OR lower(u.first_name || ' ' || u.last_name) LIKE :beginning ESCAPE '!'
              )
          )
      )"""

MATCHING = Query(
    User,
    f"""
    SELECT {columns.USER}
    FROM {_MATCHING}
    ORDER BY u.username_key
    LIMIT :limit OFFSET :offset
    """,
    scans="names are looked at one by one; a registry has few users",
)

COUNT_MATCHING = Query(
    int,
    f"""
    SELECT count(*)
    FROM {_MATCHING}
    """,
    scans="names are looked at one by one; a registry has few users",
)


def page_matching(
    tx: Transaction, text: str, *, all_names: bool, offset: int, limit: int
) -> Page[User]:
    """Return a page of the users whose names begin with *text*, by username.

    Private names and addresses count only where *all_names* says so.
    """
    text = names.key(text.strip()[:MAX_TEXT])
    return read_page(
        tx,
        MATCHING,
        COUNT_MATCHING,
        offset,
        limit,
        text=text,
        beginning=re.sub(r"([!%_])", r"!\1", text) + "%",
        all=all_names,
    )

"""What an export leaves out: what is made again from the rest, and what must not get about.

Every table of the registry is in every export unless it is named here. A test holds the list
against the names of tables and columns that sound like secrets.
"""

from __future__ import annotations

from litereg.store.archive.layout import Selection

SELECTION = Selection(
    # Hashes of passwords and tokens, links in letters, what signs cursors, who tried
    # what, what one-time codes are made of. With the hashes nobody can log in as they are, but try
    # passwords as long as they like.
    secret_tables=frozenset(
        {
            "api_key",
            "session",
            "login_link",
            "email_link",
            "mail",
            "cursor_secret",
            "rate_bucket",
            "second_factor",
            "pending_second_factor",
            "recovery_code",
        }
    ),
    secret_columns={"user": frozenset({"password_hash"})},
    derived_tables=frozenset({"search_edition"}),
)

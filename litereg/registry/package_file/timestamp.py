"""Points in time as package files write them: RFC 3339, read to Unix milliseconds, UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)

# RFC 3339, section 5.6, with the blank that its note allows in place of the T. The check comes
# before `fromisoformat`, which reads many further spellings, dates without a zone among them.
_RFC3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ]"
    r"[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)


def unix_ms(text: str) -> int:
    """Return the point in time that *text* names, in Unix milliseconds, rounded down.

    Raises:
        ValueError: *text* is no RFC 3339 date-time, or names a day or an hour that does not exist.
    """
    if not _RFC3339.fullmatch(text):
        raise ValueError(f"not a date-time such as 2020-10-01T13:54:29.442Z: {text[:40]}")
    return (datetime.fromisoformat(text.upper()) - _EPOCH) // _MILLISECOND


def is_date_time(text: str) -> bool:
    """Tell whether `unix_ms` can read *text*."""
    try:
        unix_ms(text)
    except ValueError:
        return False
    return True

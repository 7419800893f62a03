"""Write the ids of rows among which some are hidden from some viewers.

Packages and versions are numbered in the order they came, the registry's private ones included, and
so is what is done to their labels. As they are, the numbers would tell how many there are. Labels
themselves are hidden from nobody who reads them: their ids are plain numbers, which filters take.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable

from litereg.gql.opaque import Opaque
from litereg.store import Query, Transaction

SECRET = Query(bytes, "SELECT secret FROM cursor_secret", scans="the table has a single row")


def written(tx: Transaction, kind: str, numbers: Iterable[int]) -> list[str]:
    """Return the ids of rows of one *kind*: 24 letters, digits, `-` and `_` for each number."""
    opaque = Opaque(tx.one(SECRET), f"id {kind}")
    return [base64.urlsafe_b64encode(opaque.write(number)).decode() for number in numbers]

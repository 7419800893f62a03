"""Write row numbers so that they tell nobody how many rows there are, nor where some are missing.

It hides counts, and is no encryption of secrets: equal numbers are written alike, and the text that
goes with a number stays legible. What is written checks itself, so a changed one is refused.

This is a Feistel network of two rounds over a block whose left half starts as nothing: the left
half becomes a keyed digest of number and text, and masks the number.
"""

from __future__ import annotations

import hmac
from hashlib import blake2b

TAG_BYTES = 10
NUMBER_BYTES = 8
HEAD_BYTES = TAG_BYTES + NUMBER_BYTES


class Opaque:
    """Writes and reads the numbers of one kind of rows."""

    def __init__(self, secret: bytes, kind: str) -> None:
        """Set up what only *secret*, of at most 64 bytes, and the same *kind* can read."""
        key = blake2b(kind.encode(), key=secret, digest_size=32).digest()
        self._tag = blake2b(key=key, digest_size=TAG_BYTES, person=b"tag")
        self._mask = blake2b(key=key, digest_size=NUMBER_BYTES, person=b"mask")

    def write(self, number: int, text: bytes = b"") -> bytes:
        """Return *number*, from 0 to 2^64 - 1, as HEAD_BYTES bytes, and *text* behind it."""
        tag = self._tagged(number.to_bytes(NUMBER_BYTES, "big") + text)
        return tag + (number ^ self._masked(tag)).to_bytes(NUMBER_BYTES, "big") + text

    def read(self, written: bytes) -> tuple[int, bytes] | None:
        """Return the number and the text of *written*; None when this did not write it."""
        tag, text = written[:TAG_BYTES], written[HEAD_BYTES:]
        number = int.from_bytes(written[TAG_BYTES:HEAD_BYTES], "big") ^ self._masked(tag)
        body = number.to_bytes(NUMBER_BYTES, "big") + text
        if len(written) < HEAD_BYTES or not hmac.compare_digest(tag, self._tagged(body)):
            return None
        return number, text

    def _tagged(self, body: bytes) -> bytes:
        digest = self._tag.copy()
        digest.update(body)
        return digest.digest()

    def _masked(self, tag: bytes) -> int:
        digest = self._mask.copy()
        digest.update(tag)
        return int.from_bytes(digest.digest(), "big")

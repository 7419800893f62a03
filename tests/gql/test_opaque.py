"""Row numbers are written so that only the registry reads them, and their order does not show."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from litereg.gql.opaque import HEAD_BYTES, Opaque

SECRET = b"s" * 32
NUMBERS = st.integers(0, 2**64 - 1)


@given(number=NUMBERS, text=st.binary(max_size=40))
def test_what_is_written_is_read_again_by_whoever_has_the_secret(number, text):
    written = Opaque(SECRET, "label").write(number, text)

    assert Opaque(SECRET, "label").read(written) == (number, text)
    assert len(written) == HEAD_BYTES + len(text)


@given(number=NUMBERS)
def test_other_secrets_and_kinds_write_otherwise_and_read_nothing(number):
    written = Opaque(SECRET, "label").write(number)

    for other in (Opaque(b"t" * 32, "label"), Opaque(SECRET, "event")):
        assert other.write(number) != written
        assert other.read(written) is None


@given(number=NUMBERS, bit=st.integers(0, HEAD_BYTES * 8 + 15))
def test_no_bit_can_be_another(number, bit):
    written = bytearray(Opaque(SECRET, "label").write(number, b"ab"))
    written[bit // 8] ^= 1 << bit % 8

    assert Opaque(SECRET, "label").read(bytes(written)) is None


def test_neighbours_have_no_bit_in_common_more_often_than_others():
    opaque = Opaque(SECRET, "label")
    written = [int.from_bytes(opaque.write(number), "big") for number in range(1, 401)]

    for bit in range(HEAD_BYTES * 8):
        assert 120 < sum(number >> bit & 1 for number in written) < 280

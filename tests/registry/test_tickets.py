"""Tickets between the two steps of a log-in: what makes one, and what makes it worthless."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litereg.registry import tickets
from litereg.registry.tickets import Claim, Purpose

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
CLAIM = Claim(7, 1_700_000_000_000)
HASH = "$2b$04$" + "a" * 53
TICKET = tickets.write(KEY, Purpose.FINISH_LOG_IN, CLAIM, HASH)


def is_good(ticket, key=KEY, purpose=Purpose.FINISH_LOG_IN, password_hash=HASH):
    claim = tickets.claim_of(key, purpose, ticket)
    return claim is not None and tickets.is_proven(key, purpose, claim, password_hash, ticket)


def test_a_ticket_says_whose_it_is_and_until_when():
    assert tickets.claim_of(KEY, Purpose.FINISH_LOG_IN, TICKET) == CLAIM
    assert is_good(TICKET)


def test_a_ticket_is_good_for_one_registry_one_purpose_and_one_password():
    assert not is_good(TICKET, key=OTHER_KEY)
    assert not is_good(TICKET, purpose=Purpose.SET_UP)
    assert not is_good(TICKET, password_hash=HASH[:-1] + "b")


def test_no_changed_ticket_is_good():
    padded = TICKET + "=" * (-len(TICKET) % 4)
    written = base64.urlsafe_b64decode(padded)
    for bit in range(len(written) * 8):
        changed = bytearray(written)
        changed[bit // 8] ^= 1 << bit % 8
        text = base64.urlsafe_b64encode(bytes(changed)).rstrip(b"=").decode()
        assert not is_good(text), bit


@pytest.mark.parametrize("text", [TICKET + "=", TICKET + "A", TICKET[:-1], f" {TICKET}", ""])
def test_a_ticket_is_spelled_in_one_way(text):
    assert not is_good(text)


@given(st.text())
def test_whatever_is_sent_is_no_ticket(text):
    assert not is_good(text)


def test_who_knows_one_part_of_a_claim_cannot_make_another_of_it():
    """Even with the mark of the number, which is short: the proof has 256 bits of its own."""
    kind = tickets.Opaque(KEY, Purpose.FINISH_LOG_IN.value)
    _, text = kind.read(base64.urlsafe_b64decode(TICKET + "=" * (-len(TICKET) % 4)))
    of_another = base64.urlsafe_b64encode(kind.write(8, text)).rstrip(b"=").decode()
    longer = kind.write(7, (CLAIM.expires_at + 1).to_bytes(8, "big") + text[8:])
    later = base64.urlsafe_b64encode(longer).rstrip(b"=").decode()

    assert tickets.claim_of(KEY, Purpose.FINISH_LOG_IN, of_another) == Claim(8, CLAIM.expires_at)
    assert not is_good(of_another)
    assert not is_good(later)

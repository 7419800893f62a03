"""Codes that stand beside a password: those of an authenticator app, and recovery codes. Pure.

An app makes a code of a shared secret and the time: six digits, another one each half minute. A
recovery code is for whoever has lost the app. It has 120 random bits, so its SHA-256 is enough to
store: a slow hash would add nothing but time.

Source: RFC 6238 (TOTP) with SHA-1 and 30 seconds, which is what all apps know.
"""

from __future__ import annotations

import base64
import hmac
import re

STEP_MS = 30_000
# Clocks differ, and typing takes time: a code counts one half minute before and after its own.
NEIGHBOURS = 1
SECRET_BYTES = 20
ONE_TIME_CODE = re.compile(r"[0-9]{6}")

RECOVERY_CODES = 10
RECOVERY_BYTES = 15
RECOVERY_GROUP = 4
# What people put between the groups.
BETWEEN = re.compile(r"[\s-]+")


def secret_text(secret: bytes) -> str:
    """Return *secret* as people type it into an app: 32 letters and digits."""
    return base64.b32encode(secret).decode("ascii")


def address(secret: bytes, registry_name: str, username: str) -> str:
    """Return the otpauth:// address that apps read from a QR code."""
    import pyotp

    app = pyotp.TOTP(secret_text(secret))
    return app.provisioning_uri(name=username, issuer_name=registry_name or None)


def step_at(now: int) -> int:
    """Return in which half minute since 1970 the time *now* is (Unix milliseconds)."""
    return now // STEP_MS


def code_at(secret: bytes, step: int) -> str:
    """Return the code of a half minute."""
    import pyotp

    return pyotp.TOTP(secret_text(secret)).generate_otp(step)


def find_step(secret: bytes, code: str, now: int, last_step: int) -> int | None:
    """Return of which half minute around *now*, later than *last_step*, *code* is; None of none."""
    code = BETWEEN.sub("", code)
    if not ONE_TIME_CODE.fullmatch(code):
        return None
    current = step_at(now)
    for step in range(current - NEIGHBOURS, current + NEIGHBOURS + 1):
        if step > last_step and hmac.compare_digest(code_at(secret, step), code):
            return step
    return None


def recovery_code(random: bytes) -> str:
    """Return the recovery code of RECOVERY_BYTES *random* bytes: letters and digits in groups."""
    letters = base64.b32encode(random).decode("ascii").lower()
    groups = range(0, len(letters), RECOVERY_GROUP)
    return "-".join(letters[start : start + RECOVERY_GROUP] for start in groups)


def recovery_letters(code: str) -> str:
    """Return what counts of a recovery code, however it was typed."""
    return BETWEEN.sub("", code).lower()

"""What clients send to the e-mail links room."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoverPassword:
    """A new password, and the token that allows to set it."""

    token: str
    new_password: str

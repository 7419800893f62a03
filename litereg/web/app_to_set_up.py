"""An authenticator app that is being set up, as a page shows it: a QR code, and its secret as text.

Until a code of the app was right the page is shown again and again, and nothing but the page knows
the secret; so its form sends it along.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from litereg.web.forms import Form

# What a QR code can hold with room to spare; the addresses that we make are shorter.
MAX_ADDRESS = 600
SCHEME = "otpauth://totp/"
GROUP = 4


@dataclass(frozen=True, slots=True)
class AppToSetUp:
    """What an app has to know.

    Attributes:
        secret: as people type it.
        address: the same for a QR code, otpauth://…
    """

    secret: str
    address: str

    @property
    def picture(self) -> str:
        """The QR code as the address of an image: black on white, which is what phones read."""
        import segno

        code = segno.make(self.address, micro=False)
        return code.svg_data_uri(scale=4, border=3, dark="#000", light="#fff")

    @property
    def groups(self) -> list[str]:
        """The secret in groups that are easy to type."""
        return [self.secret[at : at + GROUP] for at in range(0, len(self.secret), GROUP)]


def begun(data: Mapping[str, str]) -> AppToSetUp:
    """Return the app that `beginSecondFactor` answered with."""
    return AppToSetUp(data["secret"], data["address"])


def in_form(form: Form) -> AppToSetUp | None:
    """Return the app that a page of ours showed; None when there is none in *form*."""
    address = form.text("address")
    if not address.startswith(SCHEME) or len(address) > MAX_ADDRESS:
        return None
    return AppToSetUp(form.text("secret"), address)

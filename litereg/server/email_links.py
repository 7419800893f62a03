"""The pages behind the links in letters: verify an address, set a new password.

Such a link ends in `#token=…`. Browsers keep that part to themselves, so the token is in no log on
the way; a few lines of script put it into the page's form. Links and passwords are checked by the
operations that the forms lead to.
"""

from __future__ import annotations

from html import escape
from typing import Any, Final

from aiohttp import web

from litereg import operations
from litereg.gql.engine import Engine, Request
from litereg.server.forms import Forms, hidden
from litereg.server.keys import REQUEST_ID
from litereg.server.proxies import Proxies
from litereg.server.replies import Refused, Reply, refusal
from litereg.settings import Settings

VERIFY_PATH: Final = "/validate-email"
RECOVER_PATH: Final = "/forgot-password"
VERIFY_TITLE: Final = "Verify your address"
RECOVER_TITLE: Final = "Set a new password"

# Of the two parts of the page, the second is for whoever has a token.
SCRIPT: Final = """
const show = () => {
  const found = /^#token=([\\w-]+)$/.exec(location.hash);
  if (found) {
    document.querySelector("[name=token]").value = found[1];
    document.querySelector("#without").hidden = true;
    document.querySelector("#with").hidden = false;
  }
};
show();
addEventListener("hashchange", show);
"""
RULE: Final = (
    "A password has 8 to 99 characters. If it has fewer than 16, there must be a digit or one of "
    "@ # $ % ! among them."
)


class EmailLinks:
    """Answers the addresses of links in letters."""

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self._engine = engine
        self._settings = settings
        self._forms = Forms(settings)
        self._proxies = Proxies(settings)
        self._verify = operations.document("verify_email_address")
        self._forgot = operations.document("forgot_my_password")
        self._recover = operations.document("recover_my_password")

    def routes(self) -> list[web.RouteDef]:
        """Return the routes, without prefix."""
        return [
            web.get(VERIFY_PATH, self.ask_to_verify),
            web.post(VERIFY_PATH, self.verify),
            web.get(RECOVER_PATH, self.ask_to_recover),
            web.post(RECOVER_PATH, self.recover),
        ]

    async def ask_to_verify(self, request: web.Request) -> Reply:
        """Show the button that verifies an address."""
        name = escape(self._settings.registry_name)
        form = self._forms.form(VERIFY_PATH, hidden("token"), "Verify")
        content = _parts(
            "<p>Open this page by the link in your letter, in a browser that runs JavaScript.</p>",
            f"<p>Show {name} that the address that the letter came to is yours.</p>\n{form}",
        )
        return self._forms.page(200, VERIFY_TITLE, content, SCRIPT)

    async def verify(self, request: web.Request) -> Reply:
        """Verify an address, and say how that ended."""
        try:
            form = await self._forms.read(request)
            reason = await self._send(request, self._verify, token=form.get("token", ""))
        except Refused as refused:
            return refusal(refused)
        if reason is None:
            return self._done(VERIFY_TITLE, "The address is verified. You can log in now.")
        if reason == "TOKEN_IS_TOO_OLD":
            again = f'<a href="{self._settings.prefix}{RECOVER_PATH}">Set a new password</a>'
            text = f"This link is too old. {again}: that verifies the address, too."
            return self._forms.page(410, VERIFY_TITLE, f"<p>{text}</p>")
        return self._bad_link(VERIFY_TITLE)

    async def ask_to_recover(self, request: web.Request) -> Reply:
        """Show the form for a new password; without a token, the one that asks for a link."""
        content = _parts(self._form_for_a_link(), self._form_for_a_password(""))
        return self._forms.page(200, RECOVER_TITLE, content, SCRIPT)

    async def recover(self, request: web.Request) -> Reply:
        """Set a new password, or ask for the link, and say how that ended."""
        try:
            form = await self._forms.read(request)
            if "token" in form:
                return await self._set_password(request, form["token"], form.get("newPassword", ""))
            return await self._mail_link(request, form.get("emailAddress", "").strip())
        except Refused as refused:
            return refusal(refused)

    async def _mail_link(self, request: web.Request, address: str) -> Reply:
        reason = await self._send(request, self._forgot, emailAddress=address)
        if reason is not None and reason.startswith("TOO_MANY_TRIES"):
            text = "<p>That was asked for too often. Try again in a few minutes.</p>"
            return self._forms.page(429, RECOVER_TITLE, text)
        if reason is not None:
            text = f"<p>{escape(address)} is no e-mail address.</p>\n{self._form_for_a_link()}"
            return self._forms.page(400, RECOVER_TITLE, text)
        return self._done(
            RECOVER_TITLE, f"If an account has the address {address}, a letter is on its way to it."
        )

    async def _set_password(self, request: web.Request, token: str, password: str) -> Reply:
        value = {"token": token, "newPassword": password}
        reason = await self._send(request, self._recover, value=value)
        if reason is None:
            return self._done(RECOVER_TITLE, "The new password is set. You can log in now.")
        if reason.startswith("TOKEN_"):
            return self._bad_link(RECOVER_TITLE)
        return self._forms.page(400, RECOVER_TITLE, self._form_for_a_password(token))

    def _form_for_a_link(self) -> str:
        field = (
            '<label>E-mail address <input type="email" name="emailAddress" autocomplete="email" '
            "required></label>"
        )
        return self._forms.form(RECOVER_PATH, field, "Send me a link")

    def _form_for_a_password(self, token: str) -> str:
        field = (
            '<label>New password <input type="password" name="newPassword" minlength="8" '
            'maxlength="99" autocomplete="new-password" required></label>'
        )
        form = self._forms.form(RECOVER_PATH, f"{hidden('token', token)}\n{field}", "Set it")
        return f"<p>{RULE}</p>\n{form}"

    async def _send(self, request: web.Request, document: str, **variables: Any) -> str | None:
        """Send an operation; return why it was refused, or None when it was not.

        Raises:
            Refused: whatever was asked, it cannot be answered now.
        """
        asked = Request(document, None, variables, address=self._proxies.client(request))
        answer = await self._engine.answer(asked, None, request[REQUEST_ID])
        errors = answer.body.get("errors")
        if not errors:
            return None
        if answer.status >= 500:
            raise Refused(answer.status, errors[0]["message"], answer.headers)
        return str(errors[0]["message"])

    def _done(self, title: str, text: str) -> Reply:
        return self._forms.page(200, title, f"<p>{escape(text)}</p>")

    def _bad_link(self, title: str) -> Reply:
        text = "This link has been used, is too old, or was never valid."
        return self._forms.page(410, title, f"<p>{text}</p>")


def _parts(without: str, with_token: str) -> str:
    return f'<div id="without">\n{without}\n</div>\n<div id="with" hidden>\n{with_token}\n</div>'

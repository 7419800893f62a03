"""People with an authenticator app, and a clock that tests set."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import pyotp

from litereg.app import Registry
from litereg.gql import engine
from tests.client import ALL_SCOPES, PASSWORD, People

# The beginning of a half minute.
NOW = 1_700_000_010_000
STEP = 30_000
MINUTE = 60_000
STATE = "isOn since recoveryCodesLeft isRequired"


class Clock:
    """The time of the registry, Unix milliseconds."""

    def __init__(self, monkeypatch, now=NOW):
        self.now = now
        monkeypatch.setattr(engine, "_now", lambda: self.now)

    def wait(self, ms):
        self.now += ms


@dataclass
class App:
    """What somebody has on their phone, and on paper."""

    clock: Clock
    secret: str
    codes: list[str]

    def code(self, steps=0):
        """Return the code that is shown, *steps* half minutes from now."""
        return pyotp.TOTP(self.secret).at(self.clock.now // 1000 + 30 * steps)

    def wrong(self):
        """Return six digits that are no code of now."""
        right = {self.code(steps) for steps in (-1, 0, 1)}
        return next(code for code in map("{:06}".format, range(9)) if code not in right)


async def set_up(caller, clock):
    """Turn a second factor on and return the app; no code of it but older ones was used."""
    begun = await caller.mutate("beginSecondFactor", "secret address", password=PASSWORD)
    app = App(clock, begun.value["secret"], [])
    confirmed = await caller.mutate(
        "confirmSecondFactor", "recoveryCodes session", oneTimeCode=app.code()
    )
    app.codes = confirmed.value["recoveryCodes"]
    clock.wait(2 * STEP)
    return app


async def ticket_of(anonymous, name="ann", password=PASSWORD):
    """Return the ticket that goes with a right password."""
    answer = await anonymous.mutate("login", username=name, password=password)
    return answer.error.extensions["ticket"]


async def finish(anonymous, ticket, code):
    return await anonymous.mutate("finishLogin", ticket=ticket, oneTimeCode=code)


async def log_in(anonymous, code, name="ann", password=PASSWORD):
    """Log in, both steps, and return the answer to the second."""
    return await finish(anonymous, await ticket_of(anonymous, name, password), code)


async def state(caller):
    """Return what somebody is told of their second factor."""
    return (await caller.query("mySecondFactor", STATE)).value


async def is_in(caller):
    return not (await caller.query("me", "username")).errors


async def key_of(people, caller):
    value = {"label": "k", "scopes": ALL_SCOPES}
    key = await caller.mutate("createAPIKey", "token", value=value)
    return people.with_token(key.value["token"], "api_key")


def refusal(result):
    """Return the reason and the code of the one error of an answer."""
    return result.error.message.split(":")[0], result.error.code


@asynccontextmanager
async def opened(settings, **changes):
    """Open a registry for a while, and yield its people."""
    registry = await Registry.open(replace(settings, **changes))
    try:
        yield People(registry)
    finally:
        await registry.close()

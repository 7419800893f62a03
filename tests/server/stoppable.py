"""A server that answers nothing until its gate opens, which it never does; for tests of stopping.

Run as a program it serves until it is stopped, and says on standard output where, and when it has
been asked something.
"""

import asyncio
import sys

from litereg.server.runner import serve
from tests.server.conftest import application, settings_of
from tests.server.engines import Gated


class Reporting(Gated):
    """Says when it has been asked."""

    async def answer(self, request, credentials, request_id, heavy=False):
        say("asked")
        return await super().answer(request, credentials, request_id, heavy)


def say(line):
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


async def main():
    settings = settings_of(shutdown_timeout_s=float(sys.argv[1]))
    await serve(application(settings, Reporting()), settings, say)
    say("stopped")


if __name__ == "__main__":
    asyncio.run(main())

"""litereg, with a line on standard error for each connection that it begins.

Started as `python -m tests.contract.audited ARGUMENTS…`, as `litereg` is.
"""

import sys


def note(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto"):
        sys.stderr.write(
            f"AUDIT {event} {arguments[-1] if event != 'socket.getaddrinfo' else arguments[:2]}\n"
        )


if __name__ == "__main__":
    sys.addaudithook(note)
    from litereg.__main__ import main

    main()

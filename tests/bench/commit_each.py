"""litereg with a COMMIT for each write: what group commit is compared with.

`python -m tests.bench.commit_each DATABASE URL`, where the URL is not used.
"""

from __future__ import annotations

import sys

from litereg.cli import litereg
from litereg.store import writer
from tests.bench.servers import litereg_command

if __name__ == "__main__":
    writer.MAX_GROUP = 1
    litereg(litereg_command(sys.argv[1])[3:])

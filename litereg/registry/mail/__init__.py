"""Letters to users: what they say, and where they wait until they are sent.

Other rooms call `mail.queue(tx, …)` in the transaction of the change that a letter tells of: both
are there or neither. What is sent how is in `litereg.server.postman`; nothing here waits for
anything.
"""

from litereg.registry.mail.letters import Letter
from litereg.registry.mail.outbox import queue, queue_to_nobody

__all__ = ["Letter", "queue", "queue_to_nobody"]

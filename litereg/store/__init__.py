"""Database plumbing: connections, transactions, statements, migrations, content.

Two calls carry everything: `Database.read(fn, …)` and `Database.write(fn, …)`, where `fn(tx, …)` is
a plain synchronous function without side effects outside *tx*, so that it can be run again. No
domain word appears here; what is stored belongs to the wings.
"""

from litereg.store.database import Database
from litereg.store.projection import Projection
from litereg.store.statement import Command, Query
from litereg.store.transaction import Effort, OverBudget, Transaction

__all__ = ["Command", "Database", "Effort", "OverBudget", "Projection", "Query", "Transaction"]

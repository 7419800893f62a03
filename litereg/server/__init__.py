"""HTTP and nothing else: the front door of the registry.

A request comes in here, is bounded, named and authenticated by what it carries, handed to the
GraphQL engine, and answered. What a field means, who may see it and how it is stored is decided
further down the stairs; nothing here knows a word of the domain.
"""

from litereg.server.application import make_application
from litereg.server.runner import serve

__all__ = ["make_application", "serve"]

"""The documents that litereg itself sends, a named operation a file.

The command line sends them to the registry in a file and to a registry at an address alike. A test
holds each against the schema.
"""

from __future__ import annotations

from importlib.resources import files


def document(name: str) -> str:
    """Return the text of the document *name*: "create_version" is in create_version.graphql."""
    return (files(__name__) / f"{name}.graphql").read_text("utf-8")

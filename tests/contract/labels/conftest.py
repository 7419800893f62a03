"""The callers of tests/labels, for the contract's tests too."""

from tests.labels.conftest import labels, reader, serve_with

__all__ = ["labels", "reader", "serve_with"]

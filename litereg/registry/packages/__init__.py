"""Packages: what is published, version by version."""

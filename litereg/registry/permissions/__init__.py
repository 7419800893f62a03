"""Permissions: who was granted what on catalogs, packages and collections."""

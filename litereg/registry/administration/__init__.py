"""Accounts as those look after them who own the database file, and administrators."""

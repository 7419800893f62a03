"""Accounts as those look after them who own the database file: from the shell."""

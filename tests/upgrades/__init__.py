"""Registries of every schema that there ever was, and what becomes of them.

A registry of the Nth schema is made of the first N migrations and of the rows that `rows/` has for
them: one file for each migration, with rows for the tables that came with it. A new migration gets
a file of rows, and what is to be read of them afterwards is added to `test_upgrades.py`.
"""

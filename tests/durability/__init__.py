"""Rigs that do to a registry what befalls registries, and count what is lost, refused or late.

Kills, power cuts, full and slow disks, stops, clocks, flipped bits, crowds. `tests.trust` runs them
all; `python -m tests.durability` runs some of them at any size.
"""

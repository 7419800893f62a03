"""Bring public packages into the catalog from what other tools write: lockfiles, SBOMs, lists.

`recognise` tells the format, `readers` turn a file into entries, `type_table` spells their names,
`spool` keeps them on the disk, and `service` registers and labels them in one transaction. All but
the last two are pure.
"""

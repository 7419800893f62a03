"""Readers, one for each format: from a file to entries and what was left out. Pure: no database.

Each module has `read(file, table)`, which reads from where *file* stands, in UTF-8, to its end and
keeps no more of it in memory than it must. Which reader is right is told from the content, by
`litereg.labels.imports.recognise`.
"""

"""Search: packages, catalogs and collections by the words in them.

`words` turns text into what is compared, `query_language` turns what a person typed into a match
expression; both are pure.
"""

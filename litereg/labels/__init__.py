"""The second wing: public packages, known by type and name, and the labels on them.

Rooms: `labels`, `public_packages`, `assignments` (which label is on what), `history` (who did what
to labels), `imports` (packages from files of other tools) and `managers` (who may change labels).
Data packages, the other wing, are public packages too when everybody may see them; this wing meets
them in views of the database and imports nothing of `litereg.registry`.

Source: JFrog Catalog's API of custom catalog labels; its connections and filters are entgql's.
"""

"""A registry as a zip of plain texts and files, for other programs and other days.

`litereg export` writes it, `litereg load` makes a new database of it. `README.txt` in the zip says
what is in it (see `layout.README`). The same rows give the same bytes, so that exporting, loading
and exporting again ends where it began.

* `layout`: names, the manifest, and how a row is written as JSON;
* `export`: from a database to a zip;
* `load`: from a zip to a database.
"""

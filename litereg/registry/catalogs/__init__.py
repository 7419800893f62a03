"""Catalogs: the shelves that packages stand on."""

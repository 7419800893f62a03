"""Rigs that show that no acknowledged write is lost: power cuts and kill -9."""

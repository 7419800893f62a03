"""Versions: each one package file of a package."""

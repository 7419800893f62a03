"""Full names of catalogs, packages, versions and collections, with the registry's address."""

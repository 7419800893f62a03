"""What users, catalogs, packages and collections look like."""

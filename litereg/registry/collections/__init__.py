"""Collections: packages of any catalogs, put together by subject."""

-- Every user has a catalog of their own, for as long as there is the user: a transaction that makes
-- the one without the other cannot end. Where the catalog says whose it is, the user now says so
-- too; nothing is stored for it.
ALTER TABLE user ADD COLUMN own_catalog_of INTEGER
    GENERATED ALWAYS AS (id) VIRTUAL
    REFERENCES catalog(personal_of) DEFERRABLE INITIALLY DEFERRED;

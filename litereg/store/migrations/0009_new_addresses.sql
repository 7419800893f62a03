-- A link may verify an address that its user does not have yet: when it is opened, they get it. NULL: the
-- address that they have.
ALTER TABLE email_link ADD COLUMN email_address TEXT;

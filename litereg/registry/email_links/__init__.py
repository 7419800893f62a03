"""What the links in letters do: verify an address, set a new password."""

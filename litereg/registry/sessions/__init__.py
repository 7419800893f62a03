"""Log in, log out, and the sessions between."""

"""What people see in a browser: the playground and the pages. HTTP itself is `litereg.server`."""

"""Public packages and their versions: find and list them."""

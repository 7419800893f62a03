"""Labels: make, rename, describe, find and delete them."""

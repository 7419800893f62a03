"""Label managers: the users who may change labels beside the administrators."""

"""API keys: how programs say who they act for."""

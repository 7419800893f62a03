"""Accounts: sign-up, profiles, passwords."""

"""Assignments: put labels on public packages and versions, and take them off."""

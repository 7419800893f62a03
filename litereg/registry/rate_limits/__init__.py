"""Bound how often something is tried: by whom, from where, and in all."""

from litereg.registry.rate_limits.buckets import Kind, Try, begin, has_one_left

__all__ = ["Kind", "Try", "begin", "has_one_left"]

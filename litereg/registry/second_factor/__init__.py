"""A second factor for log-in: one-time codes from an app, and recovery codes."""

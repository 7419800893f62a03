"""The log of labels: who did what to which of them, and when."""

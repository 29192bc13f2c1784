"""Who sends a request, how often, and the log of what concerns security (docs/adr/0042)."""

"""The rules on machine-readable administrative data (decided on 2026-03-31), for xlsx and CSV."""

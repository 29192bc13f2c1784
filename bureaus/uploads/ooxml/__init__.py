"""Checks of Word and Excel files: allow lists of parts, relationships, fields and formulas."""

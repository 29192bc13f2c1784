"""What a Word or Excel file may hold: allow lists of parts, relationships, fields and formulas."""

"""Carrying out a seal: overwriting what was sealed wherever the site keeps it (docs/adr/0040)."""

"""What the notices say, and how their mails leave (docs/adr/0050)."""

"""The links of the whole site: where they stand, and which are broken (docs/adr/0051)."""

"""The links of the whole site: which pages have them, and which are broken (docs/adr/0051)."""

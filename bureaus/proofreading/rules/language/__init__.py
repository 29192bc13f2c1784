"""Rules on the language itself, by characters and tables, without a dictionary."""

from bureaus.proofreading.rules.language import consistency, official, usage

__all__ = ["consistency", "official", "usage"]

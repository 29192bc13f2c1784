"""
Proofreading: findings in a text by the rules of guidelines, with places and fixes.

`proofread(manuscript)` is pure; `manuscript_of` reads one from the database, `read_text` from
plain text.
"""

from bureaus.proofreading import rules
from bureaus.proofreading.context import addresses_in, stored_name
from bureaus.proofreading.findings import Consent, Finding, Fix, Level
from bureaus.proofreading.loader import manuscript_of, manuscripts_of
from bureaus.proofreading.manuscript import Contact, Figure, Link, Manuscript, apply_fix
from bureaus.proofreading.plain_text import read_text
from bureaus.proofreading.registry import RULES, Rule, autofix, is_acceptable, proofread

__all__ = [
    "RULES",
    "Consent",
    "Contact",
    "Figure",
    "Finding",
    "Fix",
    "Level",
    "Link",
    "Manuscript",
    "Rule",
    "addresses_in",
    "apply_fix",
    "autofix",
    "is_acceptable",
    "manuscript_of",
    "manuscripts_of",
    "proofread",
    "read_text",
    "rules",
    "stored_name",
]

"""The admin: for now a window on the tree, its editions and its records, and nothing to change."""

from bureaus.admin.accounts import KEYS_OF_SECOND_FACTORS
from bureaus.admin.pages import EditionAdmin, EventAdmin, FormerAddressAdmin, PageAdmin

__all__ = [
    "KEYS_OF_SECOND_FACTORS",
    "EditionAdmin",
    "EventAdmin",
    "FormerAddressAdmin",
    "PageAdmin",
]

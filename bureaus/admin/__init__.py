"""The admin: for now a window on the tree, its editions and its records, and nothing to change."""

from bureaus.admin.pages import EditionAdmin, EventAdmin, FormerAddressAdmin, PageAdmin

__all__ = ["EditionAdmin", "EventAdmin", "FormerAddressAdmin", "PageAdmin"]

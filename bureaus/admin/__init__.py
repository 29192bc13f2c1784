"""The officers' rooms: what is registered with Django's admin, and the screens of our own."""

from bureaus.admin import (
    accounts,
    approval,
    desk,
    edition_form,
    guide,
    library_files,
    page_desk,
    pages,
    people,
    previews,
    tree,
)

SCREENS = (
    tree,
    page_desk,
    edition_form,
    previews,
    approval,
    people,
    desk,
    library_files,
    guide,
)

__all__ = ["SCREENS", "accounts", "desk", "pages"]

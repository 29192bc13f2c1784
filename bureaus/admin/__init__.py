"""The officers' rooms: what is registered with Django's admin, and the screens of our own."""

from bureaus.admin import (
    accounts,
    approval,
    desk,
    edition_form,
    library_files,
    page_desk,
    pages,
    people,
    previews,
    tree,
)

SCREENS = (tree, page_desk, edition_form, previews, approval, people, library_files)

__all__ = ["SCREENS", "accounts", "desk", "pages"]

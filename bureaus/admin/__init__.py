"""The officers' rooms: what is registered with Django's admin, and the screens of our own."""

from bureaus.admin import (
    accounts,
    approval,
    desk,
    documents,
    edition_form,
    guide,
    images,
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
    images,
    documents,
    library_files,
    guide,
)

__all__ = ["SCREENS", "accounts", "desk", "pages"]

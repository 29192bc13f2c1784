"""The verbs, and the reasons against them. Nothing else changes what the public sees."""

from bureaus.publishing.editorial import (
    approve,
    approve_urgently,
    cancel_booking,
    confirm,
    discard,
    edit,
    return_,
    start_draft,
    submit,
)
from bureaus.publishing.intervals import relink
from bureaus.publishing.people import appoint, dismiss
from bureaus.publishing.reason import Reason, Refused
from bureaus.publishing.reasons import reasons_against, reasons_against_each
from bureaus.publishing.sharing import SharedLink, share, shared
from bureaus.publishing.synonyms import change_synonyms
from bureaus.publishing.tree import add, move, rename

__all__ = [
    "Reason",
    "Refused",
    "SharedLink",
    "add",
    "appoint",
    "approve",
    "approve_urgently",
    "cancel_booking",
    "change_synonyms",
    "confirm",
    "discard",
    "dismiss",
    "edit",
    "move",
    "reasons_against",
    "reasons_against_each",
    "relink",
    "rename",
    "return_",
    "share",
    "shared",
    "start_draft",
    "submit",
]

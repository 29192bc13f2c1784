"""The verbs, and the reasons against them. Nothing else changes what the public sees."""

from bureaus.publishing.acceptances import accept_finding
from bureaus.publishing.counts import store_counts
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
from bureaus.publishing.media import (
    Registered,
    add_document,
    add_image,
    delete_document,
    delete_image,
    describe_document,
    describe_image,
    replace_document,
)
from bureaus.publishing.people import appoint, dismiss
from bureaus.publishing.proofs import Proof, proof_of, proofs_of
from bureaus.publishing.reason import Reason, Refused
from bureaus.publishing.reasons import reasons_against, reasons_against_each
from bureaus.publishing.sharing import SharedLink, share, shared
from bureaus.publishing.synonyms import change_synonyms
from bureaus.publishing.tree import add, move, rename
from bureaus.publishing.uses import Use, uses_of

__all__ = [
    "Proof",
    "Reason",
    "Refused",
    "Registered",
    "SharedLink",
    "Use",
    "accept_finding",
    "add",
    "add_document",
    "add_image",
    "appoint",
    "approve",
    "approve_urgently",
    "cancel_booking",
    "change_synonyms",
    "confirm",
    "delete_document",
    "delete_image",
    "describe_document",
    "describe_image",
    "discard",
    "dismiss",
    "edit",
    "move",
    "proof_of",
    "proofs_of",
    "reasons_against",
    "reasons_against_each",
    "relink",
    "rename",
    "replace_document",
    "return_",
    "share",
    "shared",
    "start_draft",
    "store_counts",
    "submit",
    "uses_of",
]

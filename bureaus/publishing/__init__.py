"""The verbs, and the reasons against them. Nothing else changes what the public sees."""

from bureaus.publishing.acceptances import accept_finding
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
from bureaus.publishing.people import appoint
from bureaus.publishing.proofs import Proof, proof_of, proofs_of
from bureaus.publishing.reason import Reason, Refused
from bureaus.publishing.reasons import reasons_against
from bureaus.publishing.tree import add, move, rename

__all__ = [
    "Proof",
    "Reason",
    "Refused",
    "accept_finding",
    "add",
    "appoint",
    "approve",
    "approve_urgently",
    "cancel_booking",
    "confirm",
    "discard",
    "edit",
    "move",
    "proof_of",
    "proofs_of",
    "reasons_against",
    "relink",
    "rename",
    "return_",
    "start_draft",
    "submit",
]

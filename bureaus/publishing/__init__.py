"""The verbs, and the reasons against them. Nothing else changes what the public sees."""

from bureaus.publishing.intervals import relink
from bureaus.publishing.reasons import Reason, Refused, reasons_against
from bureaus.publishing.tree import add, move, rename

__all__ = ["Reason", "Refused", "add", "move", "reasons_against", "relink", "rename"]

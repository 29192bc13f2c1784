"""Two versions of one draft side by side: the stored one and the one in the form."""

from collections.abc import Iterator
from dataclasses import dataclass

from bureaus.admin.editions.forms import EditionForms
from bureaus.models import Action, AuditEntry, Edition
from bureaus.models.edition_text import (
    EditionText,
    LabelledLines,
    field_label,
    field_lines,
    labelled_lines,
)
from bureaus.reading import draft_text
from bureaus.text.differences import Pair, compare
from bureaus.text.html_tree import text_lines


@dataclass(frozen=True, slots=True)
class Difference:
    """The lines of one field, or of one type of parts, that differ."""

    label: str
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """The differences, and the audit entry of the save that came first."""

    entry: AuditEntry | None
    differences: tuple[Difference, ...]


def conflict_of(edition: Edition, forms: EditionForms) -> Conflict:
    """Compare the stored `edition` with what is in `forms`. 4 queries."""
    saves = AuditEntry.objects.filter(edition=edition, action=Action.EDIT).select_related("actor")
    return Conflict(saves.first(), tuple(differences(draft_text(edition), forms.text())))


def differences(stored: EditionText, typed: EditionText) -> Iterator[Difference]:
    """Yield the fields and parts that differ, with every line of both."""
    for (label, old), (_, new) in zip(lines(stored), lines(typed), strict=True):
        if old != new:
            yield Difference(label, tuple(compare(old, new)))
    old_body, new_body = stored.edition.body, typed.edition.body
    if old_body != new_body and text_lines(old_body) == text_lines(new_body):
        pairs = compare(old_body.split("\n"), new_body.split("\n"))
        yield Difference("本文（HTML）", tuple(pairs))


def lines(text: EditionText) -> list[LabelledLines]:
    """Return all that `text` holds and an officer edits, a line each, under labels."""
    statements = ("change_note", "is_minor")
    edition = text.edition
    return [
        *labelled_lines(text),
        *((field_label(name), field_lines(edition, name)) for name in statements),
    ]

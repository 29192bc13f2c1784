"""Two texts of one draft, side by side: what somebody saved first, and what he has typed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bureaus.admin.editions.forms import EditionForms
from bureaus.models import Action, AuditEntry, Edition
from bureaus.publishing.actions.editions import EDITABLE
from bureaus.reading import DraftText, draft_text
from bureaus.text.differences import Pair, compare
from bureaus.text.formatting import japanese_date
from bureaus.text.html_tree import text_lines

Lines = tuple[str, list[str]]


@dataclass(frozen=True, slots=True)
class Difference:
    """Of one field, or of one sort of parts."""

    label: str
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """`event`: the last save of the other text."""

    event: AuditEntry | None
    differences: tuple[Difference, ...]


def conflict_of(edition: Edition, forms: EditionForms) -> Conflict:
    """What is stored of `edition` now beside what is in `forms`; 4 queries."""
    saves = AuditEntry.objects.filter(edition=edition, action=Action.EDIT).select_related("actor")
    return Conflict(saves.first(), tuple(differences(draft_text(edition), forms.text())))


def differences(stored: DraftText, typed: DraftText) -> Iterator[Difference]:
    """The fields and parts that differ; in them every line of both."""
    for (label, old), (_, new) in zip(lines(stored), lines(typed), strict=True):
        if old != new:
            yield Difference(label, tuple(compare(old, new)))
    marked = [text.edition.body for text in (stored, typed)]
    if marked[0] != marked[1] and text_lines(marked[0]) == text_lines(marked[1]):
        yield Difference("本文（HTML）", tuple(compare(*(body.split("\n") for body in marked))))


def lines(text: DraftText) -> Iterator[Lines]:
    """Everything that `text` says, a line each, under the label of its field."""
    for name in EDITABLE:
        yield label_of(name), field_lines(text.edition, name)
    yield (
        "図",
        [
            joined(part.image, part.alt, "装飾の画像" if part.is_decorative else "", part.caption)
            for part in text.figures
        ],
    )
    yield (
        "リンク",
        [joined(part.text, part.page or part.document or part.url) for part in text.links],
    )
    yield "連絡先", [joined(p.name, p.phone, p.fax, p.email) for p in text.contacts]


def label_of(name: str) -> str:
    field: Any = Edition._meta.get_field(name)
    return str(field.verbose_name)


def field_lines(edition: Edition, name: str) -> list[str]:
    match name:
        case "body":
            return text_lines(edition.body)
        case "answer" | "category":
            return [str(getattr(edition, f"get_{name}_display")())]
        case "moved_to":
            return [edition.moved_to.url_path] if edition.moved_to else []
        case "issued_on":
            return [japanese_date(edition.issued_on)] if edition.issued_on else []
        case "is_minor":
            return ["はい" if edition.is_minor else "いいえ"]
        case _:
            return str(getattr(edition, name)).splitlines()


def joined(*words: object) -> str:
    return "　".join(str(word) for word in words if word)

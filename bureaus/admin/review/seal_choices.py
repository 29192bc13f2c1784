"""What of an edition or a file can be sealed, as an officer chooses it."""

from dataclasses import dataclass

from bureaus.models import AuditEntry, Document, EarlierFile, Edition, Image, SealKind
from bureaus.models.edition_text import contact_line, figure_line, link_line
from bureaus.models.seals import FIELDS
from bureaus.publishing import SealRequest
from bureaus.publishing.blockers.seals import Subject
from bureaus.text.formatting import excerpt, japanese_moment
from bureaus.text.html_tree import plain_text
from bureaus.text.tombstones import is_tombstone

LONG = 120  # characters of a text that a choice shows
PASSAGE = "passage"


@dataclass(frozen=True, slots=True)
class SealChoice:
    """`value` is what the form sends, `text` what would go."""

    value: str
    label: str
    text: str
    request: SealRequest


def choices_for(subject: Subject) -> list[SealChoice]:
    """Return what can be sealed, for an edition with prefetched parts. 1 query for a document."""
    match subject:
        case Edition():
            return [whole(subject), *field_choices(subject), *part_choices(subject)]
        case Document():
            return document_choices(subject)
        case Image():
            request = SealRequest(subject, SealKind.IMAGE)
            return [SealChoice("image", "画像", str(subject), request)]
        case AuditEntry():
            request = SealRequest(subject, SealKind.NOTE)
            return [SealChoice("note", "メモ", subject.note, request)]
        case _:
            return []


def whole(edition: Edition) -> SealChoice:
    text = "表題、要旨、本文、期間と場所、図、リンク、連絡先、お知らせ、変更の内容のすべて"
    return SealChoice("edition", "版の全体", text, SealRequest(edition, SealKind.EDITION))


def field_choices(edition: Edition) -> list[SealChoice]:
    """The fields that say something which is not sealed already."""
    return [
        SealChoice(name, label, shortened(text), SealRequest(edition, SealKind.FIELD, field=name))
        for name, (label, _) in FIELDS.items()
        if not is_tombstone(text := str(getattr(edition, name)))
    ]


def shortened(text: str) -> str:
    if "<" in text:
        return excerpt(text, LONG)
    words = plain_text(text)
    return words if len(words) <= LONG else f"{words[: LONG - 1]}…"


def part_choices(edition: Edition) -> list[SealChoice]:
    figures = [
        ("figures", SealKind.FIGURE, each, figure_line(each)) for each in edition.figures.all()
    ]
    links = [("links", SealKind.LINK, each, link_line(each)) for each in edition.links.all()]
    contacts = [
        ("contacts", SealKind.CONTACT, each, contact_line(each)) for each in edition.contacts.all()
    ]
    return [
        SealChoice(
            f"{relation}-{part.position}",
            str(kind.label),
            line,
            SealRequest(edition, kind, field=f"{relation}-{part.position}"),
        )
        for relation, kind, part, line in (*figures, *links, *contacts)
        if not is_tombstone(line) or not line
    ]


def document_choices(document: Document) -> list[SealChoice]:
    """The file of now, and those before it."""
    now = SealChoice(
        "document",
        "いまのファイル（表題と検索のための文字も）",
        document.title,
        SealRequest(document, SealKind.DOCUMENT),
    )
    earlier = [
        SealChoice(
            f"earlier-{each.pk}",
            f"{japanese_moment(each.until)}までのファイル",
            each.name or str(each.file),
            SealRequest(each, SealKind.EARLIER_FILE),
        )
        for each in EarlierFile.objects.filter(document=document).order_by("-until")
    ]
    return [now, *earlier]

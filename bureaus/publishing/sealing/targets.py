"""What a seal names, as it is stored now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape, unescape
from typing import Any

from bureaus.models import (
    PARTS,
    AuditEntry,
    Document,
    EarlierFile,
    Edition,
    Figure,
    Image,
    Part,
    Seal,
    SealKind,
)
from bureaus.models.seals import FIELDS
from bureaus.text.html_tree import text_lines, without_tags

TEXTS = (
    "title",
    "title_reading",
    "title_english",
    "lead",
    "body",
    "event_place",
    "note",
    "change_note",
)
PART_MODELS: dict[str, type[Part]] = {f"{model._meta.model_name}s": model for model in PARTS}
PART_KINDS = {"figures": SealKind.FIGURE, "links": SealKind.LINK, "contacts": SealKind.CONTACT}
# The columns by which the same part is found in another edition.
SAME: dict[str, tuple[str, ...]] = {
    "figures": ("image_id", "alt", "caption"),
    "links": ("text", "page_id", "document_id", "url"),
    "contacts": ("name", "phone", "fax", "email"),
}
PART_TEXTS: dict[str, tuple[str, ...]] = {
    "figures": ("alt", "caption"),
    "links": ("text", "url"),
    "contacts": ("name", "phone", "fax", "email"),
}
LINE = 10  # characters: a shorter line may be in any text


@dataclass(frozen=True, slots=True)
class EditionTarget:
    """
    A target in an edition. `texts` are what it says, exactly; `part` is a row of the edition.

    `images`: the pictures of a whole edition, by their keys.
    """

    edition: Edition
    texts: tuple[str, ...]
    part: Part | None = None
    passage: str = ""
    images: frozenset[int] = frozenset()

    @property
    def is_found(self) -> bool:
        return bool(self.texts or self.part or self.passage)


def find_edition_target(seal: Seal) -> EditionTarget | None:
    """Return what the seal names in its edition; None where there is none. 1 to 4 queries."""
    edition = Edition.objects.filter(page=seal.page_id, number=seal.number).first()
    if edition is None:
        return None
    match seal.kind:
        case SealKind.EDITION:
            images = frozenset(image_keys(edition))
            return EditionTarget(edition, tuple(texts_of_edition(edition)), images=images)
        case SealKind.FIELD:
            values = (getattr(edition, name) for name in FIELDS[seal.field][1])
            return EditionTarget(edition, tuple(filter(None, values)))
        case SealKind.PASSAGE:
            passage = passage_at(seal, edition)
            return EditionTarget(edition, (passage,) if passage else (), passage=passage)
        case _:
            part = find_part(edition, seal.field)
            texts = part_texts(part, seal.field.partition("-")[0]) if part else []
            return EditionTarget(edition, tuple(texts), part=part)


def texts_of_edition(edition: Edition) -> Iterable[str]:
    """Yield every text of the edition and its parts. 3 queries."""
    yield from filter(None, (getattr(edition, name) for name in TEXTS))
    for relation, model in PART_MODELS.items():
        for part in model.objects.filter(edition=edition):
            yield from part_texts(part, relation)


def part_texts(part: Part, relation: str) -> list[str]:
    return [text for name in PART_TEXTS[relation] if (text := str(getattr(part, name)))]


def image_keys(edition: Edition) -> set[int]:
    return set(Figure.objects.filter(edition=edition).values_list("image", flat=True))


def find_part(edition: Edition, field: str) -> Part | None:
    relation, _, position = field.partition("-")
    rows = PART_MODELS[relation].objects.filter(edition=edition, position=int(position))
    found: Part | None = rows.first()
    return found


def place_passage(seal: Seal, edition: Edition, passage: str) -> None:
    """Say where the passage is: in the first field or part that has it, or nowhere."""
    seal.field, seal.start, seal.length = "", None, None
    for field, text in fields_of(edition):
        source = escape(passage, quote=False) if field == "body" else passage
        if passage and (start := without_tags(text).find(source)) >= 0:
            seal.field, seal.start, seal.length = field, start, len(source)
            return


def fields_of(edition: Edition) -> list[tuple[str, str]]:
    """Return every text of the edition with its field. 3 queries."""
    own = [(name, str(getattr(edition, name))) for name in TEXTS]
    parts = [
        (f"{relation}-{part.position}-{name}", str(getattr(part, name)))
        for relation, model in PART_MODELS.items()
        for part in model.objects.filter(edition=edition)
        for name in PART_TEXTS[relation]
    ]
    return own + parts


def passage_at(seal: Seal, edition: Edition) -> str:
    """Return the passage, as it is read: the source of a body is HTML."""
    start = seal.start or 0
    source = text_of_field(edition, seal.field)[start : start + (seal.length or 0)]
    return unescape(source) if seal.field == "body" else source


def text_of_field(edition: Edition, field: str) -> str:
    """Return a field, or a column of a part: `figures-2-alt`."""
    if field in TEXTS:
        return str(getattr(edition, field))
    part_field, _, column = field.rpartition("-")
    part = find_part(edition, part_field)
    return str(getattr(part, column)) if part else ""


def with_lines(texts: Sequence[str]) -> list[str]:
    """Return the texts, and of those in HTML each line that is long enough to be recognised."""
    lines = (line for text in texts if "<" in text for line in text_lines(text))
    return [*texts, *(line for line in lines if len(line) >= LINE)]


def same_parts(part: Part) -> list[Any]:
    """Return the rows in editions of the same page that are the same as `part`. 1 query."""
    relation = f"{part._meta.model_name}s"
    same = {name: getattr(part, name) for name in SAME[relation]}
    rows = type(part).objects.filter(edition__page=part.edition.page_id, **same)
    return list(rows.order_by("edition", "position"))


def affected_editions(seal: Seal, target: EditionTarget) -> list[Edition]:
    """
    Return the editions of the page in which the sealed text is, its own first. 1 or 2 queries.

    A field or a part in the very same words is sealed in every edition of the page, and so is a
    passage. Of a whole edition only what a draft has in the same words.
    """
    editions = Edition.objects.filter(page=seal.page_id).order_by("number")
    if target.part is not None:
        editions = editions.filter(pk__in={row.edition_id for row in same_parts(target.part)})
    found = [each for each in editions if holds(seal, target, each)]
    return sorted(found, key=lambda each: each.pk != target.edition.pk)


def holds(seal: Seal, target: EditionTarget, edition: Edition) -> bool:
    if edition.pk == target.edition.pk or target.part is not None:
        return True
    match seal.kind:
        case SealKind.FIELD:
            return any(is_same_field(target, edition, name) for name in FIELDS[seal.field][1])
        case SealKind.PASSAGE:
            return any(target.passage in text for text in readable_texts(edition))
        case _:
            return edition.is_open and (
                bool(set(texts_of_edition(edition)) & set(target.texts))
                or bool(image_keys(edition) & target.images)
            )


def is_same_field(target: EditionTarget, edition: Edition, name: str) -> bool:
    value = getattr(edition, name)
    return bool(value) and value == getattr(target.edition, name)


def readable_texts(edition: Edition) -> list[str]:
    """Return the texts of an edition without tags, as they are written and as they are read."""
    texts = map(without_tags, texts_of_edition(edition))
    return [form for text in texts for form in (text, unescape(text))]


def find_file(seal: Seal) -> Document | EarlierFile | Image | None:
    """Return the record that has the file, whichever it is now. 1 to 3 queries."""
    files = (Image, Document, EarlierFile)
    rows = (model._default_manager.filter(file=seal.file).first() for model in files)
    return next(filter(None, rows), None)


def find_note(seal: Seal) -> AuditEntry | None:
    return AuditEntry.objects.filter(pk=seal.entry or 0).first()

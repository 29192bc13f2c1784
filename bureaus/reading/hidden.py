"""
The text of editions that are hidden while an urgent proposal to seal is not decided.

It is hidden at every moment that a citizen asks for, until a moment of today, so the statements
compare with the clock of the database and not with the moment.
"""

from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, TextField, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Now

from bureaus.models import Answer, Edition, Figure, Link, Seal, SealKind
from bureaus.models.events import EVENT_FIELDS

NO_EVENT = {"event_start": None, "event_end": None, "event_place": "", "is_cancelled": False}
TITLE = "（表示を止めている内容）"
DOCUMENT = "（表示を止めている文書）"


def is_hidden(prefix: str = "") -> Q:
    """The condition for hidden editions; `prefix` leads to the edition."""
    return Q(**{f"{prefix}hidden_until__gt": Now()})


def not_hidden(prefix: str = "") -> Q:
    return Q(**{f"{prefix}hidden_until": None}) | Q(**{f"{prefix}hidden_until__lte": Now()})


def shown(name: str, prefix: str = "", text: str | Combinable = "") -> Case:
    """The text column `name` as citizens read it; `text`, by default the column."""
    text = text or F(f"{prefix}{name}")
    stands: dict[str, Combinable] = {"title": Value(TITLE), "lead": F(f"{prefix}hidden_note")}
    whens = [When(is_hidden(prefix), then=stands.get(name, Value("")))]
    if name == "note":  # the answer of a page that was taken down shows no lead
        gone = is_hidden(prefix) & Q(**{f"{prefix}answer": Answer.GONE})
        whens.insert(0, When(gone, then=F(f"{prefix}hidden_note")))
    # First what nearly every row has: it is then not compared with the clock.
    usual = When(**{f"{prefix}hidden_until": None}, then=text)
    return Case(usual, *whens, default=text, output_field=TextField())


def event_columns(prefix: str = "") -> tuple[Case, ...]:
    """The columns of EVENT_FIELDS as citizens read them: of a hidden edition there is no event."""
    meta: Any = Edition._meta  # typed for relations as well
    fields = ((name, meta.get_field(name)) for name in EVENT_FIELDS)
    return tuple(
        Case(
            When(is_hidden(prefix), then=Value(NO_EVENT[name], output_field=field)),
            default=F(f"{prefix}{name}"),
            output_field=field,
        )
        for name, field in fields
    )


def hidden_files(kind: SealKind) -> QuerySet[Seal, Any]:
    """The names of the files of this kind that are hidden."""
    return Seal.objects.hidden_files(kind)


def uses_hidden_files() -> Q:
    """The condition for editions that show a hidden picture or link to a hidden document."""
    of_edition = {"edition": OuterRef("pk")}
    figures = Figure.objects.filter(**of_edition, image__file__in=hidden_files(SealKind.IMAGE))
    links = Link.objects.filter(**of_edition, document__file__in=hidden_files(SealKind.DOCUMENT))
    return Q(Exists(figures)) | Q(Exists(links))


def is_of_hidden_document() -> Q:
    """The condition for links to a document whose file is hidden."""
    return Q(document__file__in=hidden_files(SealKind.DOCUMENT))


def link_text() -> Case:
    """The text of a link as citizens read it: of a hidden document not its title and file name."""
    says_it = Q(text=F("document__title")) | Q(text=F("document__name"))
    when = When(is_of_hidden_document() & says_it, then=Value(DOCUMENT))
    return Case(when, default=F("text"), output_field=TextField())


def document_text() -> Case:
    """The text of the document of a link; empty while it is hidden."""
    when = When(is_of_hidden_document(), then=Value(""))
    return Case(when, default=F("document__said__text"), output_field=TextField())

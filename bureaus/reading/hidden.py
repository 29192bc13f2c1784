"""
The text of editions that are hidden while an urgent proposal to seal is not decided.

It is hidden at every moment that a citizen asks for, until a moment of today, so the statements
compare with the clock of the database and not with the moment.
"""

from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, TextField, Value, When
from django.db.models.expressions import Combinable

from bureaus.models import Answer, Edition, Figure, Link
from bureaus.models.events import EVENT_FIELDS
from bureaus.models.seals import of_hidden_document, of_hidden_image
from bureaus.models.visibility import is_hidden

NO_EVENT = {"event_start": None, "event_end": None, "event_place": "", "is_cancelled": False}
TITLE = "（表示を止めている内容）"
DOCUMENT = "（表示を止めている文書）"


def shown(name: str, prefix: str = "", text: str | Combinable = "") -> Case:
    """The text column `name` as citizens read it; `text`, by default the column."""
    text = text or F(f"{prefix}{name}")
    replacements: dict[str, Combinable] = {"title": Value(TITLE), "lead": F(f"{prefix}hidden_note")}
    whens = [When(is_hidden(prefix), then=replacements.get(name, Value("")))]
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


def uses_hidden_files() -> Q:
    """The condition for editions that show a hidden picture or link to a hidden document."""
    of_edition = {"edition": OuterRef("pk")}
    figures = Figure.objects.filter(of_hidden_image(), **of_edition)
    links = Link.objects.filter(of_hidden_document(), **of_edition)
    return Q(Exists(figures)) | Q(Exists(links))


def link_text() -> Case:
    """The text of a link as citizens read it: of a hidden document not its title and file name."""
    names_document = Q(text=F("document__title")) | Q(text=F("document__name"))
    when = When(of_hidden_document() & names_document, then=Value(DOCUMENT))
    return Case(when, default=F("text"), output_field=TextField())


def document_text() -> Case:
    """The text of the document of a link; empty while it is hidden."""
    when = When(of_hidden_document(), then=Value(""))
    return Case(when, default=F("document__extracted__text"), output_field=TextField())

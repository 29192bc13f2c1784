"""
The text of editions that are hidden while an urgent proposal to seal is not decided.

It is hidden at every moment that a citizen asks for, until a moment of today, so the statements
compare with the clock of the database and not with the moment.
"""

from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, TextField, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Now

from bureaus.models import Answer, Document, Seal, SealKind

TITLE = "（表示を止めている内容）"


def is_hidden(prefix: str = "") -> Q:
    """The condition for hidden editions; `prefix` leads to the edition."""
    return Q(**{f"{prefix}hidden_until__gt": Now()})


def not_hidden(prefix: str = "") -> Q:
    return Q(**{f"{prefix}hidden_until": None}) | Q(**{f"{prefix}hidden_until__lte": Now()})


def shown(name: str, prefix: str = "", text: str | Combinable = "") -> Case:
    """The text column `name` as citizens read it; `text`, by default the column."""
    stands: dict[str, Combinable] = {"title": Value(TITLE), "lead": F(f"{prefix}hidden_note")}
    whens = [When(is_hidden(prefix), then=stands.get(name, Value("")))]
    if name == "note":  # the answer of a page that was taken down shows no lead
        gone = is_hidden(prefix) & Q(**{f"{prefix}answer": Answer.GONE})
        whens.insert(0, When(gone, then=F(f"{prefix}hidden_note")))
    return Case(*whens, default=text or F(f"{prefix}{name}"), output_field=TextField())


def hidden_files(kind: SealKind) -> QuerySet[Seal, Any]:
    """The names of the files of this kind that are hidden."""
    hiding = Seal.objects.filter(confirmed_at=None, is_urgent=True, lapses_at__gt=Now(), kind=kind)
    return hiding.order_by().values("file")


def links_to_hidden_files() -> Exists:
    """The condition for editions that link to a document whose file is hidden."""
    hidden = Document.objects.filter(file__in=hidden_files(SealKind.DOCUMENT))
    return Exists(hidden.filter(uses__edition=OuterRef("pk")))

"""A draft that was discarded while somebody edited it: its editor can copy what they sent."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

from bureaus.admin.core.access import render_screen, status_for
from bureaus.admin.core.breadcrumbs import breadcrumbs
from bureaus.admin.editions.autosave import GONE, NOT_CONTENT
from bureaus.admin.editions.forms import LABELS
from bureaus.admin.editions.part_rows import ContactRow, FigureRow, LinkRow, Row
from bureaus.models import Edition, Page
from bureaus.models.edition_text import field_label
from bureaus.publishing import Blocked, Blocker, BlockerCode
from bureaus.publishing.actions.editions import EDITABLE

View = Callable[..., HttpResponse]
ROW_TYPES: dict[str, type[Row]] = {
    f"{row.part.__name__.lower()}s": row for row in (FigureRow, LinkRow, ContactRow)
}
NOT_TEXT = {"answer", "category", "is_minor", "image", "document", "is_decorative", "size"}
ROW_FIELD = re.compile(r"([a-z]+)-([0-9]{1,3})-([a-z_]+)")


@dataclass(frozen=True, slots=True)
class SentField:
    label: str
    value: str

    @property
    def rows(self) -> int:
        """Return the height of the text field that shows it, in lines."""
        return min(12, 1 + self.value.count("\n") + len(self.value) // 60)


def keep_lost_input(view: View) -> View:
    """Decorate a view to show what was sent for an edition that is gone or no longer visible."""

    @wraps(view)
    def safe(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except (Edition.DoesNotExist, Page.DoesNotExist):
            if request.method != "POST":
                raise
            return lost(request, [Blocker(BlockerCode.DELETED, GONE)])
        except Blocked as refusal:
            if request.method != "POST":
                raise
            return lost(request, refusal.blockers)

    return safe


def lost(request: HttpRequest, blockers: Sequence[Blocker]) -> HttpResponse:
    context = {
        "title": "保存できませんでした",
        "breadcrumbs": breadcrumbs("保存できませんでした"),
        "blockers": blockers,
        "fields": list(sent_fields(request)),
    }
    return render_screen(
        request, "admin/editions/lost_draft.html", context, status=status_for(blockers)
    )


def sent_fields(request: HttpRequest) -> Iterator[SentField]:
    """Yield the texts that were sent, with the labels of the form."""
    for name, value in request.POST.items():
        text = str(value).strip()
        if text and name not in NOT_CONTENT and (label := label_of_sent(name)):
            yield SentField(label, text)


def label_of_sent(name: str) -> str:
    """Return the label of a text field; empty for checkboxes, choices and row counts."""
    if name.rpartition("-")[2] in NOT_TEXT:
        return ""
    if name in EDITABLE:
        return LABELS.get(name) or field_label(name)
    found = ROW_FIELD.fullmatch(name)
    row = ROW_TYPES.get(found[1]) if found else None
    if found is None or row is None or found[3] not in row.content:
        return ""
    label = row.base_fields[found[3]].label
    return f"{row.part._meta.verbose_name}{int(found[2]) + 1}の{label}"

"""A draft that has gone while somebody wrote in it: he is shown what he has sent."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse

from bureaus.admin.core.access import render_screen
from bureaus.admin.core.breadcrumbs import breadcrumbs
from bureaus.admin.editions.autosave import GONE, NOT_CONTENT
from bureaus.admin.editions.forms import LABELS
from bureaus.admin.editions.part_rows import ContactRow, FigureRow, LinkRow, Row
from bureaus.models import Edition, Page
from bureaus.models.edition_text import field_label
from bureaus.publishing import Blocked, Blocker, BlockerCode
from bureaus.publishing.actions.editions import EDITABLE

View = Callable[..., HttpResponse]
SORTS: dict[str, type[Row]] = {
    f"{row.part.__name__.lower()}s": row for row in (FigureRow, LinkRow, ContactRow)
}
CHOSEN = {"answer", "category", "is_minor", "image", "document", "is_decorative"}  # not written
OF_A_ROW = re.compile(r"([a-z]+)-([0-9]{1,3})-([a-z_]+)")


@dataclass(frozen=True, slots=True)
class Told:
    label: str
    value: str

    @property
    def rows(self) -> int:
        """Lines of the field in which it is shown."""
        return min(12, 1 + self.value.count("\n") + len(self.value) // 60)


def keep_lost_input(view: View) -> View:
    """Shows what was sent to an edition that has gone, or that he may no longer see."""

    @wraps(view)
    def safe(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except (Edition.DoesNotExist, Page.DoesNotExist):
            if request.method != "POST":
                raise
            return lost(request, [Blocker(BlockerCode.DELETED, GONE)], HTTPStatus.NOT_FOUND)
        except Blocked as refusal:
            if request.method != "POST":
                raise
            return lost(request, [*refusal.blockers], HTTPStatus.FORBIDDEN)

    return safe


def lost(request: HttpRequest, blockers: list[Blocker], status: int) -> HttpResponse:
    context = {
        "title": "保存できませんでした",
        "breadcrumbs": breadcrumbs("保存できませんでした"),
        "blockers": blockers,
        "told": list(told(request)),
    }
    return render_screen(request, "admin/editions/lost_draft.html", context, status=status)


def told(request: HttpRequest) -> Iterator[Told]:
    """What was sent and says something, under the names that the form has for it."""
    for name, value in request.POST.items():
        words = str(value).strip()
        if words and name not in NOT_CONTENT and (label := name_of(name)):
            yield Told(label, words)


def name_of(name: str) -> str:
    """Nothing for what no officer has written: ticks, choices, and what counts the rows."""
    if name.rpartition("-")[2] in CHOSEN:
        return ""
    if name in EDITABLE:
        return LABELS.get(name) or field_label(name)
    found = OF_A_ROW.fullmatch(name)
    row = SORTS.get(found[1]) if found else None
    if found is None or row is None or found[3] not in row.content:
        return ""
    label = row.base_fields[found[3]].label
    return f"{row.part._meta.verbose_name}{int(found[2]) + 1}の{label}"

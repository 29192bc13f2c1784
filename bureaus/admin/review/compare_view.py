"""Any two editions of a page side by side, and a new draft from either."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from bureaus.admin.core import access
from bureaus.admin.core.breadcrumbs import edition_breadcrumbs
from bureaus.admin.core.edition_summary import (
    EditionAuthors,
    PastChip,
    chip_of,
    edition_authors,
    with_parts,
)
from bureaus.admin.core.page_states import Chip
from bureaus.admin.core.users import request_actor
from bureaus.admin.review.edition_differences import edition_differences
from bureaus.models import Edition, State
from bureaus.publishing.blockers.editions import start_draft_availability
from bureaus.text.formatting import japanese_moment


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two compared editions."""

    edition: Edition
    chip: Chip | PastChip
    authors: EditionAuthors


@dataclass(frozen=True, slots=True)
class Choice:
    number: int
    title: str
    state: str
    live_from: datetime | None

    @property
    def when(self) -> str:
        if self.live_from is None:
            return State(self.state).label
        return f"{japanese_moment(self.live_from)}から"


@access.admin_screen
@require_safe
def compare_editions(request: HttpRequest, pk: int) -> HttpResponse:
    """At most 15 queries, of any two editions of a page with any number of them."""
    page = access.get_visible_page(request, pk)
    rows = Edition.objects.filter(page=page).order_by("-number")
    choices = [Choice(*row) for row in rows.values_list("number", "title", "state", "live_from")]
    requested = [request.GET.get(name, "") for name in ("older", "newer")]
    numbers, sentence = chosen(requested, [choice.number for choice in choices])
    found = {each.number: each for each in with_parts(rows.filter(number__in=numbers))}
    sides = [side_of(found[number]) for number in numbers]
    latest = Edition(page=page, title=choices[0].title if choices else "")
    context = {
        "title": f"版をくらべる：{latest.title or '（無題）'}",
        "breadcrumbs": edition_breadcrumbs(latest, "版をくらべる"),
        "page": page,
        "choices": choices,
        "sentence": sentence,
        "sides": sides,
        "differences": edition_differences(*(side.edition for side in sides)) if sides else None,
        "draft_blockers": start_draft_availability(page=page, actor=request_actor(request)),
    }
    return access.render_screen(request, "admin/review/compare.html", context)


def chosen(requested: Sequence[str], numbers: Sequence[int]) -> tuple[tuple[int, ...], str]:
    """
    The numbers of the two editions, the older one first; or a sentence that says why none.

    `numbers`: all there are, the newest first. Nothing requested: the last two.
    """
    if len(numbers) <= 1:
        return (), "このページには、くらべられる版がまだありません。"
    if not any(requested):
        return (numbers[1], numbers[0]), ""
    by_text = {str(number): number for number in numbers}
    found = [by_text.get(text, 0) for text in requested]
    if not all(found):
        return (), "くらべる2つの版を、下の一覧から選んでください。"
    if found[0] == found[1]:
        return (), "同じ版が選ばれています。別の版を選んでください。"
    return (min(found), max(found)), ""


def side_of(edition: Edition) -> Side:
    return Side(edition, chip_of(edition), edition_authors(edition))

"""Ending several pages: for each an edition that ends it is written and submitted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from bureaus.admin.core.access import admin_screen, render_screen, request_grants
from bureaus.admin.core.breadcrumbs import page_list_breadcrumbs
from bureaus.admin.core.cleaning import clean_lines
from bureaus.admin.core.page_states import visible_title
from bureaus.admin.core.users import request_actor, request_user
from bureaus.admin.editions.end_below import report_endings
from bureaus.admin.tree.bulk_selection import (
    NOTHING,
    Failure,
    back_with_warning,
    pages_of_request,
    say_failures,
)
from bureaus.admin.tree.query_params import TreeParams, tree_params
from bureaus.models import Answer, Edition
from bureaus.publishing import Blocked, Blocker, end_page
from bureaus.publishing.blockers.ending import ENDINGS, end_pages_blockers

TITLE = "選んだページの掲載を終える"
EXPLAINED = {
    Answer.ARCHIVED: "ページを残し、掲載を終えたことを上に示します。検索では後に並びます。",
    Answer.GONE: "ページの代わりに、削除したことと下の案内だけを示します。",
}


@dataclass(frozen=True, slots=True)
class ToEnd:
    page: Any
    title: str
    blockers: Sequence[Blocker]


@admin_screen
def end_pages(request: HttpRequest) -> HttpResponse:
    """Show the pages and the form, 6 queries; POST writes each in a transaction of its own."""
    data = request.POST if request.method == "POST" else request.GET
    tree, pages = tree_params(data.get("back", "")), pages_of_request(request)
    if not pages:
        return back_with_warning(request, tree, NOTHING)
    answer, note = data.get("answer", Answer.ARCHIVED), clean_lines(request, "note")
    errors = errors_in(answer, note) if request.method == "POST" else []
    if request.method != "POST" or errors:
        return end_screen(request, pages, tree, errors)
    return do_end(request, pages, tree, Answer(answer), note)


def errors_in(answer: str, note: str) -> list[str]:
    errors = []
    if answer not in ENDINGS:
        errors.append("終え方を選んでください。")
    if not note:
        errors.append("案内を書いてください。ページを開いた人が読みます。")
    return errors


def end_screen(
    request: HttpRequest, pages: Sequence[Any], tree: TreeParams, errors: Sequence[str]
) -> HttpResponse:
    grants = request_grants(request)
    blockers = end_pages_blockers(pages=pages, actor=request_actor(request))
    found = [ToEnd(page, visible_title(page, grants), blockers[page.pk]) for page in pages]
    context = {
        "title": TITLE,
        "breadcrumbs": page_list_breadcrumbs(TITLE, list_url=tree.address),
        "ready": [one for one in found if not one.blockers],
        "not_ready": [one for one in found if one.blockers],
        "endings": [(answer, Answer(answer).label, EXPLAINED[answer]) for answer in ENDINGS],
        "answer": request.POST.get("answer", Answer.ARCHIVED),
        "note": request.POST.get("note", ""),
        "errors": errors,
        "back": tree.query,
        "back_url": tree.address,
    }
    return render_screen(request, "admin/tree/bulk_end.html", context)


def do_end(
    request: HttpRequest, pages: Sequence[Any], tree: TreeParams, answer: Answer, note: str
) -> HttpResponse:
    grants, actor = request_grants(request), request_user(request)
    failures: list[Failure] = []
    written: list[Edition] = []
    for page in pages:
        try:
            written.append(end_page(page=page, answer=answer, note=note, actor=actor))
        except Blocked as refusal:
            title = visible_title(page, grants)
            failures.append(Failure(title, page.url_path, refusal.blockers))
    report_endings(request, written)
    if failures:
        say_failures(request, failures, f"{len(failures)}ページはできませんでした：")
    return HttpResponseRedirect(tree.address)

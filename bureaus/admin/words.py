"""The words of the search: what was looked for in vain, and what means the same."""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bureaus.admin.doors import grants, screen, show
from bureaus.admin.officers import officer_of
from bureaus.admin.tree_asked import key_in
from bureaus.admin.typed import line_typed, lines_typed
from bureaus.models import Synonyms
from bureaus.models.searching import WORD_LENGTH
from bureaus.permissions import Grants
from bureaus.publishing import Reason, Refused, change_synonyms
from bureaus.search import GROUPS, InVain, often_in_vain
from bureaus.text import TOKYO
from bureaus.words import LIKELY, fold, likeness

ROWS = 200  # words in vain
NEAR = 5  # of them beside a page
TITLES = {"title": "検索語", "crumbs": [{"title": "机", "url": "/admin/"}, {"title": "検索語"}]}


def addresses(admin_view: Callable[..., Any]) -> list[URLPattern]:
    return [path("bureaus/words/", admin_view(words), name="words")]


def lately_in_vain(most: int) -> list[InVain]:
    """1 query."""
    return often_in_vain(timezone.localdate(timezone=TOKYO), most)


def in_vain_near(title: str) -> list[InVain]:
    """Of what was looked for in vain, the words most like `title`; 1 query."""
    folded = fold(title)
    alike = [(likeness(folded, each.word.replace(" ", "")), each) for each in lately_in_vain(ROWS)]
    near = sorted((pair for pair in alike if pair[0] >= LIKELY), reverse=True)
    return [each for _, each in near[:NEAR]]


@require_http_methods(["GET", "POST"])
@screen
def words(request: HttpRequest) -> HttpResponse:
    """Both lists, and for who may write synonyms the form; 7 queries at any size."""
    if request.method == "POST":
        return changed(request)
    group = Synonyms.objects.filter(pk=key_in(request.GET.get("group"))).first()
    typed = group.words if group else line_typed(request, "word")[:WORD_LENGTH]
    return shown(request, group=group.pk if group else 0, seen=typed if group else "", typed=typed)


def changed(request: HttpRequest) -> HttpResponse:
    group, is_end = key_in(request.POST.get("group")), request.POST.get("do") == "delete"
    typed, seen = lines_typed(request, "words"), lines_typed(request, "seen")
    try:
        made = change_synonyms(
            words=None if is_end else typed, group=group, seen=seen, actor=officer_of(request)
        )
    except Refused as refusal:
        if not grants(request).manages_whole_site:
            raise
        # As it is now: who has read that somebody else was here may save over it.
        now = Synonyms.objects.filter(pk=group).first() if group else None
        if is_end:
            typed = now.words if now else ""
        return shown(
            request,
            group=now.pk if now else 0,
            seen=now.words if now else "",
            typed=typed,
            reasons=refusal.reasons,
        )
    what = f"「{made}」を同じ意味の語にしました。" if made else "同義語の組を1つ削除しました。"
    messages.success(request, f"{what}検索には、すぐに効きます。")
    return redirect("admin:words")


def shown(
    request: HttpRequest, *, group: int, seen: str, typed: str, reasons: Iterable[Reason] = ()
) -> HttpResponse:
    given: Grants = grants(request)
    context = {
        "in_vain": lately_in_vain(ROWS),
        "groups": list(Synonyms.objects.order_by("words")[:GROUPS]),
        "may_write": given.manages_whole_site,
        "group": group,
        "seen": seen,
        "typed": typed,
        "reasons": reasons,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if reasons else HTTPStatus.OK
    return show(request, "admin/words.html", {**TITLES, **context}, status=status)

"""Zero-result queries and synonyms."""

from collections.abc import Iterable
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bureaus.admin.core import version_token
from bureaus.admin.core.access import admin_screen, render_screen, request_grants, status_for
from bureaus.admin.core.breadcrumbs import breadcrumbs
from bureaus.admin.core.cleaning import clean_line, clean_lines, parse_key
from bureaus.admin.core.users import request_user
from bureaus.models import Synonyms
from bureaus.models.search_rows import WORD_LENGTH
from bureaus.permissions import Grants
from bureaus.publishing import Blocked, Blocker, change_synonyms
from bureaus.search import GROUPS, ZeroResult, frequent_zero_results
from bureaus.text.formatting import TOKYO
from bureaus.text.words import SIMILAR_ENOUGH, fold, similarity

ROWS = 200  # zero-result queries
NEAR = 5  # of them beside a page


def recent_zero_results(most: int) -> list[ZeroResult]:
    """1 query."""
    return frequent_zero_results(timezone.localdate(timezone=TOKYO), most)


def zero_results_near(title: str) -> list[ZeroResult]:
    """Return the zero-result queries most similar to `title`. 1 query."""
    folded = fold(title)
    alike = [
        (similarity(folded, each.word.replace(" ", "")), each) for each in recent_zero_results(ROWS)
    ]
    near = sorted((pair for pair in alike if pair[0] >= SIMILAR_ENOUGH), reverse=True)
    return [each for _, each in near[:NEAR]]


@require_http_methods(["GET", "POST"])
@admin_screen
def search_terms(request: HttpRequest) -> HttpResponse:
    """Show both lists, and the form to those who may edit synonyms. 7 queries at any size."""
    if request.method == "POST":
        return save_synonyms(request)
    group = Synonyms.objects.filter(pk=parse_key(request.GET.get("group"))).first()
    typed = group.words if group else clean_line(request, "word")[:WORD_LENGTH]
    return search_terms_screen(
        request, group=group.pk if group else 0, version=group.version if group else "", typed=typed
    )


def save_synonyms(request: HttpRequest) -> HttpResponse:
    group, is_end = parse_key(request.POST.get("group")), request.POST.get("do") == "delete"
    typed, version = clean_lines(request, "words"), request.POST.get(version_token.FIELD, "")
    words, actor = None if is_end else typed, request_user(request)
    try:
        made = change_synonyms(words=words, group=group, version=version, actor=actor)
    except Blocked as refusal:
        if not request_grants(request).is_site_manager:
            raise
        # Show the present state: the officer has read that it changed and may save over it.
        now = Synonyms.objects.filter(pk=group).first() if group else None
        if is_end:
            typed = now.words if now else ""
        return search_terms_screen(
            request,
            group=now.pk if now else 0,
            version=now.version if now else "",
            typed=typed,
            blockers=refusal.blockers,
        )
    what = f"「{made}」を同じ意味の語にしました。" if made else "同義語の組を1つ削除しました。"
    messages.success(request, f"{what}検索には、すぐに効きます。")
    return redirect("admin:words")


def search_terms_screen(
    request: HttpRequest, *, group: int, version: str, typed: str, blockers: Iterable[Blocker] = ()
) -> HttpResponse:
    grants: Grants = request_grants(request)
    context = {
        "title": "検索語",
        "breadcrumbs": breadcrumbs("検索語"),
        "zero_results": recent_zero_results(ROWS),
        "groups": list(Synonyms.objects.order_by("words")[:GROUPS]),
        "may_write": grants.is_site_manager,
        "group": group,
        "version": version,
        "typed": typed,
        "blockers": blockers,
    }
    status = status_for(blockers) if blockers else HTTPStatus.OK
    return render_screen(request, "admin/search_terms/search_terms.html", context, status=status)

"""The words of the house, which the proofreader knows."""

from collections.abc import Iterable
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from bureaus.admin.core import version_token
from bureaus.admin.core.access import admin_screen, render_screen, request_grants, status_for
from bureaus.admin.core.breadcrumbs import breadcrumbs
from bureaus.admin.core.cleaning import clean_line, parse_key
from bureaus.admin.core.users import request_user
from bureaus.models import HouseWord
from bureaus.publishing import Blocked, Blocker, change_house_word


@require_http_methods(["GET", "POST"])
@admin_screen
def house_words(request: HttpRequest) -> HttpResponse:
    """Show the list, and the form to those who may change it. 4 queries at any size."""
    if request.method == "POST":
        return save_house_word(request)
    entry = HouseWord.objects.filter(pk=parse_key(request.GET.get("word"))).first()
    return house_words_screen(request, entry or HouseWord(), entry.version if entry else "")


def save_house_word(request: HttpRequest) -> HttpResponse:
    word, is_end = parse_key(request.POST.get("word")), request.POST.get("do") == "delete"
    typed = HouseWord(
        written=clean_line(request, "written"),
        preferred=clean_line(request, "preferred"),
        reason=clean_line(request, "reason"),
    )
    version = request.POST.get(version_token.FIELD, "")
    entry, actor = None if is_end else typed, request_user(request)
    try:
        changed = change_house_word(entry=entry, word=word, version=version, actor=actor)
    except Blocked as refusal:
        if not request_grants(request).is_site_manager:
            raise
        # Show the present state: the officer has read that it changed and may save over it.
        now = HouseWord.objects.filter(pk=word).first() if word else None
        shown = now or HouseWord() if is_end else typed
        shown.pk = now.pk if now else None
        return house_words_screen(request, shown, now.version if now else "", refusal.blockers)
    what = f"「{changed}」を用語にしました。" if changed else "用語を1つ削除しました。"
    messages.success(request, f"{what}つぎに文章を確かめるときから効きます。")
    return redirect("admin:house-words")


def house_words_screen(
    request: HttpRequest, entry: HouseWord, version: str, blockers: Iterable[Blocker] = ()
) -> HttpResponse:
    context = {
        "title": "用語集",
        "breadcrumbs": breadcrumbs("用語集"),
        "words": list(HouseWord.objects.order_by("written")),
        "may_write": request_grants(request).is_site_manager,
        "entry": entry,
        "version": version,
        "blockers": blockers,
    }
    status = status_for(blockers) if blockers else HTTPStatus.OK
    return render_screen(request, "admin/house_words/house_words.html", context, status=status)

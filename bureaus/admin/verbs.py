"""The plain verbs of the page desk: one POST each, then back to the desk with what comes next."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from bureaus.admin import doors
from bureaus.admin.crumbs import crumbs_to, desk_of
from bureaus.admin.officers import asking, officer_of
from bureaus.admin.page_sheet import sheet, status_of
from bureaus.admin.timeline import partners_of
from bureaus.admin.typed import lines_typed
from bureaus.models import Edition, Page, Verb
from bureaus.publishing import (
    Reason,
    Refused,
    cancel_booking,
    confirm,
    discard,
    reasons_against,
    return_,
    start_draft,
    submit,
)
from bureaus.publishing.against_editions import goes_with_its_page
from bureaus.publishing.working_copies import copies_of, others_among, others_with_words

# What is asked about on a screen of its own first: it cannot be taken back, or takes others along.
ASKED_FIRST = {"discard": Verb.DISCARD, "cancel-booking": Verb.CANCEL_BOOKING}


@doors.screen
@require_POST
def page_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a draft, from the edition number `source` if one is given, and go to its form."""
    page = doors.seen_page(request, pk)
    source = None
    if wanted := request.POST.get("source", ""):
        source = source_of(page, wanted)
        if source is None:
            missing = [Reason("source", "元にする版が見つかりません。一覧から選び直してください。")]
            return sheet(request, page, reasons=missing, status=status_of(missing))
    try:
        draft = start_draft(page=page, actor=officer_of(request), source=source)
    except Refused as refusal:
        return sheet(request, page, reasons=refusal.reasons, status=status_of(refusal.reasons))
    origin = f"第{source.number}版から、" if source else ""
    messages.success(
        request,
        f"{origin}下書き（第{draft.number}版）を作りました。書き終えたら、確認を依頼してください。",
    )
    return redirect("admin:bureaus_edition_change", draft.pk)


def source_of(page: Page, number: str) -> Edition | None:
    is_number = number.isascii() and number.isdigit() and len(number) < len("1000000000")
    editions = Edition.objects.filter(page=page, number=int(number) if is_number else None)
    return editions.first()


@doors.screen
@require_http_methods(["GET", "HEAD", "POST"])
def edition_verb(request: HttpRequest, pk: str, verb: str) -> HttpResponse:
    """Do `verb`; asked for by GET, ask first, or (after a login on the way) show the desk."""
    edition = doors.seen_edition(request, int(pk))
    page = edition.page
    if request.method != "POST":
        if verb in ASKED_FIRST:
            return ask_first(request, edition, verb)
        return redirect(desk_of(page.pk))
    try:
        done = DOING[verb](request, edition)
    except Refused as refusal:
        return sheet(request, page, reasons=refusal.reasons, status=status_of(refusal.reasons))
    messages.success(request, done)
    is_there = Page.objects.filter(pk=page.pk).exists()
    return redirect(desk_of(page.pk) if is_there else reverse("admin:bureaus_page_changelist"))


def ask_first(request: HttpRequest, edition: Edition, verb: str) -> HttpResponse:
    """
    What `verb` would do, and the button that does it, or all the reasons why it cannot be done.

    At most 15 queries; of a release the reasons are those of each page, and only told when done.
    """
    now, page, grants = timezone.now(), edition.page, doors.grants(request)
    officer = asking(request)
    partners = partners_of([edition], grants).get(edition.release)
    reasons = (
        []
        if partners and partners.count
        else reasons_against(ASKED_FIRST[verb], edition=edition, actor=officer)
    )
    officer_here = officer_of(request)
    copies = copies_of(edition) if verb == "discard" else []
    words = {"discard": "下書きを破棄する", "cancel-booking": "公開予約を取り消す"}[verb]
    context = {
        "title": words,
        "crumbs": [*crumbs_to(page, grants, now), {"title": words, "url": ""}],
        "edition": edition,
        "page": page,
        "verb": verb,
        "partners": partners,
        "reasons": reasons,
        "others": others_among(copies, officer_here),
        "others_with_words": others_with_words(copies, officer_here),
        "takes_page": verb == "discard" and goes_with_its_page(edition),
    }
    return doors.show(request, "admin/page_desk_confirm.html", context)


def do_submit(request: HttpRequest, edition: Edition) -> str:
    submit(edition=edition, actor=officer_of(request), note=note(request))
    return "確認を依頼しました。承認者が確認します。"


def do_recall(request: HttpRequest, edition: Edition) -> str:
    return_(edition=edition, actor=officer_of(request), comment=note(request))
    return "確認の依頼を取り下げました。下書きの続きを書けます。"


def do_cancel(request: HttpRequest, edition: Edition) -> str:
    together = cancel_booking(edition=edition, actor=officer_of(request), note=note(request))
    count = f"{len(together)}ページの" if len(together) > 1 else ""
    return f"{count}公開予約を取り消しました。下書きに戻ったので、直して確認を依頼できます。"


def do_discard(request: HttpRequest, edition: Edition) -> str:
    discard(edition=edition, actor=officer_of(request), note=note(request))
    return f"「{edition}」の下書きを破棄しました。破棄したことは記録に残ります。"


def do_confirm(request: HttpRequest, edition: Edition) -> str:
    confirm(edition=edition, actor=officer_of(request), note=note(request))
    return "事後確認を記録しました。これで、することは残っていません。"


DOING: dict[str, Callable[[HttpRequest, Edition], str]] = {
    "submit": do_submit,
    "recall": do_recall,
    "cancel-booking": do_cancel,
    "discard": do_discard,
    "confirm": do_confirm,
}


def note(request: HttpRequest) -> str:
    return lines_typed(request, "note")

"""Sealing what was published: the proposal, and the decision of a second approver."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from bureaus.admin.core import access
from bureaus.admin.core.breadcrumbs import (
    Breadcrumb,
    Breadcrumbs,
    admin_url,
    breadcrumbs,
    page_detail_url,
)
from bureaus.admin.core.edition_summary import with_parts
from bureaus.admin.core.users import display_name, request_actor, request_user
from bureaus.admin.media.library import DOCUMENTS, IMAGES, Library, get_visible_file
from bureaus.admin.review.seal_choices import PASSAGE, SealChoice, choices_for
from bureaus.models import Action, AuditEntry, Edition, Ground, Role, Seal, SealKind
from bureaus.models.pages import placement_at
from bureaus.models.seals import OF_EDITIONS
from bureaus.publishing import (
    Blocked,
    Blocker,
    BlockerCode,
    SealRequest,
    confirm_seal,
    propose_seal,
    refuse_seal,
    withdraw_seal,
)
from bureaus.publishing.actions.seals import subject_of
from bureaus.publishing.blockers.seal_decisions import (
    refuse_seal_availability,
    seal_blockers,
    withdraw_seal_blockers,
)
from bureaus.publishing.blockers.seals import Subject, propose_seal_availability
from bureaus.publishing.sealing.copies import Holder, holders
from bureaus.publishing.sealing.targets import affected_editions, find_edition_target

TITLE = "公開した内容を消去する"
NOT_SEEN = Blocker(BlockerCode.NOT_SEEN, "消えるものを確かめたら、印を付けてください。")
SHOWN_AGAIN = "隠していたものは、いまから元どおり見えます。"
STAYS = "何も消去していません。"
SHOWN = 50  # proposals


@dataclass(frozen=True, slots=True)
class SealScreen:
    """What a form is about, and the ways to and from it."""

    subject: Subject
    heading: str
    above: Breadcrumbs
    back: str


# The proposal


def edition_screen(request: HttpRequest, pk: int) -> SealScreen:
    edition = with_parts(Edition.objects.filter(pk=pk)).get()
    access.require_visible(request, edition)
    page = Breadcrumb(edition.title or "（無題）", page_detail_url(edition.page_id))
    heading = f"「{edition.title}」第{edition.number}版"
    return SealScreen(edition, heading, [page], page.url)


def file_screen(library: Library, request: HttpRequest, pk: int) -> SealScreen:
    file = get_visible_file(library, request, pk)
    here = Breadcrumb(str(file), admin_url(library.change_name, pk))
    above = [Breadcrumb(library.title, library.address), here]
    return SealScreen(file, f"{library.title}「{file}」", above, here.url)


def note_screen(request: HttpRequest, pk: int) -> SealScreen:
    """Raises AuditEntry.DoesNotExist: one without a page is for those who see the whole site."""
    entry = AuditEntry.objects.select_related("page").get(pk=pk)
    if entry.page_id is None:
        if not access.request_grants(request).can_view_whole_site:
            raise AuditEntry.DoesNotExist
        return SealScreen(entry, "操作の記録のメモ", [], admin_url("index"))
    page = access.get_visible_page(request, entry.page_id)
    entry.page = page
    here = Breadcrumb(page.url_path, page_detail_url(page.pk))
    return SealScreen(entry, f"「{page.url_path}」の操作の記録のメモ", [here], here.url)


@access.admin_screen
@require_http_methods(["GET", "HEAD", "POST"])
def seal_edition(request: HttpRequest, pk: int) -> HttpResponse:
    return propose(request, edition_screen(request, pk))


@access.admin_screen
@require_http_methods(["GET", "HEAD", "POST"])
def seal_document(request: HttpRequest, pk: int) -> HttpResponse:
    return propose(request, file_screen(DOCUMENTS, request, pk))


@access.admin_screen
@require_http_methods(["GET", "HEAD", "POST"])
def seal_image(request: HttpRequest, pk: int) -> HttpResponse:
    return propose(request, file_screen(IMAGES, request, pk))


@access.admin_screen
@require_http_methods(["GET", "HEAD", "POST"])
def seal_note(request: HttpRequest, pk: int) -> HttpResponse:
    return propose(request, note_screen(request, pk))


def propose(request: HttpRequest, screen: SealScreen) -> HttpResponse:
    """Show the form, or propose and go on to the proposal. GET: at most 10 queries."""
    choices = choices_for(screen.subject)
    if request.method != "POST":
        return form_page(request, screen, choices)
    try:
        seal = propose_seal(
            request=chosen(request, screen.subject, choices),
            ground=request.POST.get("ground", ""),
            reason=request.POST.get("reason", ""),
            is_urgent=bool(request.POST.get("urgent")),
            actor=request_user(request),
        )
    except Blocked as refusal:
        return form_page(request, screen, choices, refusal.blockers)
    hidden = "いまから、公開のページでは見えません。" if seal.is_urgent else ""
    messages.success(
        request, f"消去を提案しました。{hidden}ほかの承認者に、確認を依頼してください。"
    )
    return redirect("admin:seal", seal.pk)


def chosen(request: HttpRequest, subject: Subject, choices: Sequence[SealChoice]) -> SealRequest:
    """Return what was sent; the only choice is chosen already. Raises Blocked."""
    value = request.POST.get("what", choices[0].value if len(choices) == 1 else "")
    if value == PASSAGE and isinstance(subject, Edition):
        return SealRequest(subject, SealKind.PASSAGE, passage=request.POST.get("passage", ""))
    for choice in choices:
        if choice.value == value:
            return choice.request
    raise Blocked([Blocker(BlockerCode.NOTHING, "消去するものを選んでください。")])


def form_page(
    request: HttpRequest,
    screen: SealScreen,
    choices: Sequence[SealChoice],
    refused: Sequence[Blocker] = (),
) -> HttpResponse:
    actor = request_actor(request)
    context = {
        "title": TITLE,
        "breadcrumbs": breadcrumbs(*screen.above, TITLE),
        "screen": screen,
        "choices": choices,
        "has_passage": isinstance(screen.subject, Edition),
        "has_urgent": not isinstance(screen.subject, AuditEntry),
        "grounds": Ground.choices,
        "blockers": propose_seal_availability(subject=screen.subject, actor=actor),
        "refused": refused,
        "typed": request.POST,
    }
    status = access.status_for(refused) if refused else HTTPStatus.OK
    return access.render_screen(request, "admin/review/seal_form.html", context, status=status)


# The decision


@access.admin_screen
@require_http_methods(["GET", "HEAD", "POST"])
def seal_proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a proposal with what would go, or decide it. GET: at most 15 queries."""
    seal = visible_seal(request, pk)
    if request.method != "POST":
        return proposal_page(request, seal)
    try:
        done = DECISIONS.get(request.POST.get("decision", ""), confirm)(request, seal)
    except Blocked as refusal:
        return proposal_page(request, seal, refusal.blockers)
    messages.success(request, done)
    return redirect("admin:seal", seal.pk)


def confirm(request: HttpRequest, seal: Seal) -> str:
    """Raises Blocked."""
    if not request.POST.get("seen"):
        raise Blocked([NOT_SEEN])
    confirm_seal(seal=seal, actor=request_user(request), note=request.POST.get("note", ""))
    return "消去しました。元に戻せません。運用の担当者に知らせてください。"


def refuse(request: HttpRequest, seal: Seal) -> str:
    """Raises Blocked."""
    comment = request.POST.get("comment", "")
    refuse_seal(seal=seal, actor=request_user(request), note=comment)
    return f"消去の提案を却下しました。{SHOWN_AGAIN if seal.is_urgent else STAYS}"


def withdraw(request: HttpRequest, seal: Seal) -> str:
    """Raises Blocked."""
    withdraw_seal(seal=seal, actor=request_user(request))
    return f"消去の提案を取り下げました。{SHOWN_AGAIN if seal.is_urgent else STAYS}"


ENDINGS = (Action.REFUSE_SEAL, Action.WITHDRAW_SEAL)
DECISIONS = {"refuse": refuse, "withdraw": withdraw}


def visible_seal(request: HttpRequest, pk: int) -> Seal:
    """Return the seal for an officer of its branch. Raises Seal.DoesNotExist."""
    seal = Seal.objects.select_related("page", "proposer", "confirmer").get(pk=pk)
    grants = access.request_grants(request)
    if seal.page is not None:
        if not grants.can_view(seal.page):
            raise Seal.DoesNotExist
    elif not grants.can_view_whole_site and seal.proposer_id != request.user.pk:
        raise Seal.DoesNotExist
    return seal


def proposal_page(
    request: HttpRequest, seal: Seal, refused: Sequence[Blocker] = ()
) -> HttpResponse:
    subject, actor = subject_of(seal), request_actor(request)
    title = f"消去の{'記録' if seal.confirmed_at else '提案'}：{seal.get_kind_display()}"
    context = {
        "title": title,
        "breadcrumbs": breadcrumbs(Breadcrumb("消去", admin_url("seals")), title),
        "seal": seal,
        "ground": Ground(seal.ground).label,
        "proposer": display_name(seal.proposer),
        "confirmer": display_name(seal.confirmer) if seal.confirmed_at else "",
        "is_pending": seal.is_pending(timezone.now()),
        "ending": ending_of(seal),
        "may_refuse": not refuse_seal_availability(seal=seal, actor=actor),
        "may_withdraw": not withdraw_seal_blockers(seal=seal, actor=actor),
        "page_url": page_detail_url(seal.page_id) if seal.page_id else "",
        "preview": preview_of(seal, subject),
        "elsewhere": elsewhere(request, seal),
        "blockers": seal_blockers(seal=seal, actor=actor),
        "refused": refused,
        "typed": request.POST,
    }
    status = access.status_for(refused) if refused else HTTPStatus.OK
    return access.render_screen(request, "admin/review/seal.html", context, status=status)


def ending_of(seal: Seal) -> dict[str, Any]:
    """Return how the proposal was refused or withdrawn: by whom, and why. At most 1 query."""
    if not seal.ending:
        return {}
    entries = AuditEntry.objects.filter(action__in=ENDINGS, details__seal=seal.key)
    entry = entries.select_related("actor").first()
    who, note = (display_name(entry.actor), entry.note) if entry else ("", "")
    return {"label": seal.get_ending_display(), "who": who, "note": note}


def preview_of(seal: Seal, subject: Any) -> dict[str, Any]:
    """Return what would go: the texts, and the editions that hold them. Nothing once it is done."""
    if seal.confirmed_at is not None or seal.ending or subject is None:
        return {}
    if seal.kind not in OF_EDITIONS:
        note = subject.note if isinstance(subject, AuditEntry) else ""
        return {"texts": [note or str(subject)], "editions": []}
    target = find_edition_target(seal)
    if target is None:
        return {}
    editions = affected_editions(seal, target)
    return {"texts": target.texts, "editions": [(each.number, each.is_open) for each in editions]}


def elsewhere(request: HttpRequest, seal: Seal) -> list[tuple[Holder, str]]:
    """Return what else may hold the words, each with the address where it is sealed or mended."""
    if seal.kind not in OF_EDITIONS or seal.ending:
        return []
    now = timezone.now()
    target = find_edition_target(seal) if seal.confirmed_at is None else None
    found = holders(seal, target, access.request_grants(request), now)
    return [(each, place_to_act(each.edition, now)) for each in found]


def place_to_act(edition: Edition, now: datetime) -> str:
    name = "edition-seal" if edition.has_begun(now) else "bureaus_edition_change"
    return admin_url(name, edition.pk)


# The list


@require_safe
@access.admin_screen
def seal_list(request: HttpRequest) -> HttpResponse:
    """List the proposals that the officer's branches can still confirm. At most 6 queries."""
    now, grants = timezone.now(), access.request_grants(request)
    pending = Seal.objects.pending(now).annotate(placement=placement_at(now, "page__"))
    rows = (
        pending.filter(grants.in_ranges("placement__path", Role.APPROVER))
        .select_related("proposer")
        .order_by("lapses_at")
        .values_list(
            "pk",
            "kind",
            "placement__url_path",
            "proposer",
            "proposer__username",
            "lapses_at",
            "is_urgent",
            "reason",
        )[:SHOWN]
    )
    names = ("pk", "kind", "address", "proposer", "by", "lapses_at", "is_urgent", "reason")
    proposals = [dict(zip(names, row, strict=True)) for row in rows]
    for each in proposals:
        each["label"] = SealKind(each["kind"]).label
        each["is_own"] = each["proposer"] == request.user.pk
    context = {"title": "消去の提案", "breadcrumbs": breadcrumbs("消去"), "proposals": proposals}
    return access.render_screen(request, "admin/review/seals.html", context)

"""Several editions as one release: all of them at one moment, or none."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_http_methods

from bureaus.admin import doors
from bureaus.admin.editions import Hands, asking, chip_of, hands_on, officer_of, whole
from bureaus.admin.frames import holds_frames
from bureaus.admin.moments import MomentForm
from bureaus.admin.previews import frame_of
from bureaus.models import Edition, Role, State
from bureaus.permissions import Known
from bureaus.publishing import Reason, Refused, approve, reasons_against_each
from bureaus.text import iso_moment, japanese_moment

MOST = 50  # editions in one release, and in the list of what could be one
NOT_SEEN = Reason("seen", "それぞれの見え方を確かめて、印を付けてください。")


@dataclass(frozen=True, slots=True)
class Entry:
    edition: Edition
    chip: Any
    hands: Hands
    reasons: tuple[Reason, ...]
    frame: dict[str, str]


@holds_frames
@doors.screen
@require_http_methods(["GET", "HEAD", "POST"])
def release(request: HttpRequest) -> HttpResponse:
    """
    First what belongs together and when, then the decision about exactly that.

    GET: at most 15 queries, of however many editions.
    """
    if request.method == "POST":
        return decide(request)
    editions = asked_for(request, request.GET)
    form = MomentForm(request.GET if request.GET.get("date") or request.GET.get("time") else None)
    return show_release(request, editions, form)


def asked_for(request: HttpRequest, query: QueryDict) -> list[Edition]:
    """
    The editions that are named, in the order of the tree; 5 queries.

    Raises Edition.DoesNotExist where one is not there, Refused where it may not be seen.
    """
    names = set(query.getlist("edition"))
    if not all(name.isdecimal() and len(name) < 19 for name in names):  # noqa: PLR2004
        raise Edition.DoesNotExist
    keys = {int(name) for name in names}
    if len(keys) > MOST:
        raise Refused([Reason("many", f"一度に公開できるのは{MOST}版までです。分けてください。")])
    editions = list(whole(Edition.objects.filter(pk__in=keys).order_by("page__path")))
    if len(editions) < len(keys):
        raise Edition.DoesNotExist
    for edition in editions:
        if not doors.grants(request).sees(edition.page):
            doors.seen_edition(request, edition.pk)
    return editions


def decide(request: HttpRequest) -> HttpResponse:
    editions = asked_for(request, request.POST)
    is_now = not request.POST.get("date") and not request.POST.get("time")
    form = MomentForm(None if is_now else request.POST)
    if not is_now and not form.is_valid():
        return show_release(request, editions, form, status=HTTPStatus.BAD_REQUEST)
    at = None if is_now else form.moment
    revisions = seen_revisions(request.POST, editions)
    if not request.POST.get("seen"):
        return show_release(request, editions, form, refused=[NOT_SEEN])
    try:
        approve(editions=editions, actor=officer_of(request), at=at, revisions=revisions)
    except Refused as refusal:
        fresh = asked_for(request, request.POST)
        return show_release(request, fresh, form, revisions=revisions, refused=refusal.reasons)
    when = f"{japanese_moment(at)}に公開されます。" if at else "公開しました。"
    messages.success(request, f"{len(editions)}ページをまとめて承認しました。{when}")
    return redirect("admin:index")


def seen_revisions(query: QueryDict, editions: Iterable[Edition]) -> dict[int, int]:
    """What the approver has looked at; what is missing he has not."""
    texts = {edition.pk: query.get(f"revision-{edition.pk}", "") for edition in editions}
    return {pk: int(text) for pk, text in texts.items() if text.isdecimal() and len(text) < 10}  # noqa: PLR2004


def show_release(
    request: HttpRequest,
    editions: Sequence[Edition],
    form: MomentForm,
    *,
    revisions: dict[int, int] | None = None,
    refused: Iterable[Reason] = (),
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    at = form.moment if form.is_valid() else None
    actor = asking(request)
    entries = entries_of(editions, at, actor, revisions)
    shown = {reason for entry in entries for reason in entry.reasons}
    refused = tuple(refused)
    general = tuple(reason for reason in refused if reason not in shown)
    context = {
        "title": "まとめて公開",
        "crumbs": [
            {"title": "机", "url": reverse("admin:index")},
            {"title": "まとめて公開", "url": ""},
        ],
        "entries": entries,
        "others": others(actor, editions),
        "form": form,
        "at": at,
        "sees_bookings": actor.grants.sees_whole_site,
        "is_refused": bool(refused),
        "general": general,
        "is_blocked": bool(shown) or len(entries) == 0 or (form.is_bound and at is None),
        "here": f"{reverse('admin:release')}?{urlencode([('edition', e.pk) for e in editions])}",
    }
    if refused:
        changed = any(reason.code in {"changed", "state"} for reason in refused)
        status = HTTPStatus.CONFLICT if changed else HTTPStatus.BAD_REQUEST
        if any(reason.code in {"role", "own_hand"} for reason in refused):
            status = HTTPStatus.FORBIDDEN
    return doors.show(request, "admin/release.html", context, status=status)


def entries_of(
    editions: Sequence[Edition],
    at: datetime | None,
    actor: Known,
    revisions: dict[int, int] | None,
) -> list[Entry]:
    """Each with the reasons against it, at that moment and together with the others; 4 queries."""
    reasons = reasons_against_each(editions=editions, at=at, revisions=revisions, actor=actor)
    asked = iso_moment(at) if at else ""
    return [
        Entry(
            edition, chip_of(edition), hands_on(edition), tuple(against), frame_of(edition, asked)
        )
        for edition, against in zip(editions, reasons, strict=True)
    ]


def others(actor: Known, editions: Iterable[Edition]) -> list[Edition]:
    """What else waits for this approver; 1 query."""
    mine = actor.grants.branches_of(Role.APPROVER, prefix="page__")
    waiting = Edition.objects.filter(mine, state=State.REVIEW)
    waiting = waiting.exclude(pk__in=[edition.pk for edition in editions])
    return list(waiting.select_related("page").order_by("page__path")[:MOST])


def addresses(admin_view: Callable[..., Any]) -> list[URLPattern]:
    return [path("bureaus/release/", admin_view(release), name="release")]

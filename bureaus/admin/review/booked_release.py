"""A stored release as a whole: its editions, what changes in the tree, its moment, and its end."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bureaus.admin.core import access
from bureaus.admin.core.breadcrumbs import admin_url, breadcrumbs
from bureaus.admin.core.cleaning import clean_lines
from bureaus.admin.core.moment_form import MomentForm
from bureaus.admin.core.page_states import annotate_states, visible_title
from bureaus.admin.core.users import request_actor, request_user
from bureaus.admin.review.release_changes import ChangeRow, find_pages, key_of
from bureaus.models import Edition, Page, Placement
from bureaus.permissions import Grants
from bureaus.publishing import Blocked, Blocker, BlockerCode, cancel_release, reschedule_release
from bureaus.publishing.blockers.releases import release_blockers
from bureaus.publishing.releases import Release, ReleasedChange, read_release
from bureaus.text.formatting import TOKYO, japanese_moment

DECISIONS = {"cancel", "reschedule"}


@dataclass(frozen=True, slots=True)
class EditionRow:
    edition: Edition
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class VisiblePart:
    """What the officer may see of a release, and how much else there is."""

    editions: list[Edition]
    changes: list[ReleasedChange]
    hidden: int

    @classmethod
    def of(cls, release: Release, grants: Grants) -> "VisiblePart":
        """Raises Page.DoesNotExist where the officer may see none of it."""
        editions = [each for each in release.editions if grants.can_view(each.page)]
        changes = [each for each in release.changes if grants.can_view(each.change.page)]
        if not editions and not changes:
            raise Page.DoesNotExist
        every = len(release.editions) + len(release.changes)
        return cls(editions, changes, every - len(editions) - len(changes))


@access.admin_screen
@require_http_methods(["GET", "HEAD", "POST"])
def booked_release(request: HttpRequest, name: str) -> HttpResponse:
    """
    Show a release to officers who may see a part of it; by POST cancel it, or change its moment.

    At most 15 queries, for any number of parts.
    """
    release = read_release(name)
    if release is None:
        raise Page.DoesNotExist
    part = VisiblePart.of(release, access.request_grants(request))
    decision = request.POST.get("decision", "")
    if request.method != "POST" or decision not in DECISIONS:
        return show(request, release, part, MomentForm(initial=moment_of(release)))
    form = MomentForm(request.POST if decision == "reschedule" else None)
    if decision == "reschedule" and not form.is_valid():
        return show(request, release, part, form, refused=[])
    try:
        return do_cancel(request, release) if decision == "cancel" else do_move(request, name, form)
    except Blocked as refusal:
        if read_release(name) is None:
            raise
        return show(request, release, part, form, refused=refusal.blockers)


def moment_of(release: Release) -> dict[str, object]:
    start = timezone.localtime(release.start, TOKYO)
    return {"date": start.date(), "time": start.time()}


def do_cancel(request: HttpRequest, release: Release) -> HttpResponse:
    """Cancel it, and lead to the form that names the same parts."""
    note = clean_lines(request, "note")
    cancel_release(release=release.name, actor=request_user(request), note=note)
    messages.success(
        request,
        "一括公開を取り消しました。版は確認待ちに戻り、場所の予約はなくなりました。"
        "同じ組み合わせで、もう一度決められます。",
    )
    targets = {each.change.to.pk for each in release.changes if each.change.to}
    if len(find_pages(request, Q(pk__in=targets))) < len(targets):
        return redirect("admin:index")  # the form would name a page that this officer may not know
    parts = [("edition", str(edition.pk)) for edition in release.editions]
    parts += [("change", key_of(each.change)) for each in release.changes]
    return redirect(f"{admin_url('release')}?{urlencode(parts)}")


def do_move(request: HttpRequest, name: str, form: MomentForm) -> HttpResponse:
    reschedule_release(
        release=name,
        at=form.moment,
        actor=request_user(request),
        note=clean_lines(request, "note"),
        end_redirects=bool(request.POST.get("end_redirects")),
    )
    messages.success(request, f"全部を、{japanese_moment(form.moment)}に始まる予約に変えました。")
    return redirect("admin:booked-release", name)


def show(
    request: HttpRequest,
    release: Release,
    part: VisiblePart,
    form: MomentForm,
    *,
    refused: Iterable[Blocker] | None = None,
) -> HttpResponse:
    """Render the page; `refused`: why what was just sent was refused."""
    before, after = addresses_around(release, part)
    refusal = tuple(refused or ())
    context: dict[str, Any] = {
        "title": "一括公開",
        "breadcrumbs": breadcrumbs("一括公開"),
        "start": release.start,
        "has_begun": release.start <= timezone.now(),
        "editions": [edition_row(each, before, after) for each in part.editions],
        "rows": rows_of(request, part, before, after),
        "hidden": part.hidden,
        "blockers": release_blockers(release, request_actor(request)),
        "refused": refusal,
        "may_end_redirects": any(each.code == BlockerCode.FORMER_ADDRESS for each in refusal),
        "form": form,
        "note": clean_lines(request, "note"),
    }
    status = HTTPStatus.OK if refused is None else access.status_for(refusal)
    return access.render_screen(request, "admin/review/booked_release.html", context, status=status)


def addresses_around(release: Release, part: VisiblePart) -> tuple[dict[int, str], dict[int, str]]:
    """Return the addresses of its pages before its start and from then on, by key. 1 query."""
    keys = {each.page_id for each in part.editions} | {each.node.page_id for each in part.changes}
    start = release.start
    ended = Q(live_from__lt=start, live_until__gte=start) | Q(live_from__lt=start, live_until=None)
    own = Placement.objects.filter(page__in=keys)
    rows = own.filter(ended) | own.in_force(start)
    before, after = {}, {}
    for page, address, begun, end in rows.values_list(
        "page", "url_path", "live_from", "live_until"
    ):
        if begun < start:
            before[page] = address
        if end is None or end > start:
            after[page] = address
    return before, after


def edition_row(
    edition: Edition, before: Mapping[int, str], after: Mapping[int, str]
) -> EditionRow:
    new = after.get(edition.page_id, "")
    return EditionRow(edition, before.get(edition.page_id, new), new)


def rows_of(
    request: HttpRequest, part: VisiblePart, before: Mapping[int, str], after: Mapping[int, str]
) -> list[ChangeRow]:
    """Return a row for each change, in the order in which they were chosen. 1 query."""
    changes = [each.change for each in part.changes]
    keys = {page.pk for change in changes for page in (change.page, change.to) if page}
    titles = titles_of(request, keys)
    return [
        ChangeRow(
            key=key_of(change),
            words=str(change.action.label),
            title=titles[change.page.pk],
            page=change.page.pk,
            target=titles[change.to.pk] if change.to else "",
            old=before.get(change.page.pk, ""),
            new=after.get(change.page.pk, ""),
            details="",
        )
        for change in changes
    ]


def titles_of(request: HttpRequest, keys: Iterable[int]) -> dict[int, str]:
    grants, now = access.request_grants(request), timezone.now()
    pages = annotate_states(Page.objects.placed(now).filter(pk__in=keys), now)
    return {page.pk: visible_title(page, grants) for page in pages}

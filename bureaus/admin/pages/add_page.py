"""The form that adds a page below another: its kind, title and slug."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bureaus.admin.core import access
from bureaus.admin.core.access import status_for
from bureaus.admin.core.breadcrumbs import page_breadcrumbs, page_detail_url
from bureaus.admin.core.cleaning import clean_line
from bureaus.admin.core.users import request_user
from bureaus.models import KINDS_UNDER, Action, Edition, Kind, Page
from bureaus.models.addresses import SLUG, SLUG_LENGTH
from bureaus.models.editions import TITLE_LENGTH
from bureaus.permissions import Officer
from bureaus.publishing import Blocked, Blocker, BlockerCode, add
from bureaus.publishing.blockers.blocker import raise_if_blocked
from bureaus.publishing.blockers.tree import add_availability, add_blockers

# Which field a reason is about.
FIELD_OF = {
    BlockerCode.KIND: "kind",
    BlockerCode.PAGE_TITLE: "title",
    BlockerCode.SLUG: "slug",
    BlockerCode.TAKEN: "slug",
    BlockerCode.FORMER_ADDRESS: "slug",
    BlockerCode.FORMER_ADDRESS_OF_OTHERS: "slug",
    BlockerCode.TOO_DEEP: "slug",
}
KIND_HELP = {
    Kind.PAGE: "案内、資料、規約など。",
    Kind.ORGANISATION: "局・部・課・室など。下に新着情報を置けます。",
    Kind.POLICY_SECTION: "施策の紹介。組織のページの中に並びます。",
    Kind.NEWS_ITEM: "報道発表、会議、意見募集など。発表日の順に並びます。",
}


@dataclass(frozen=True, slots=True)
class NewPageInput:
    """What was sent, also where it is invalid, to be shown again."""

    kind: str
    title: str
    slug: str
    end_redirects: bool

    @property
    def chosen_kind(self) -> Kind | None:
        return Kind(self.kind) if self.kind in Kind.values else None

    def missing(self) -> Iterator[Blocker]:
        if not self.title:
            yield Blocker(
                BlockerCode.PAGE_TITLE, "表題がありません。仮の表題でよいので、書いてください。"
            )


@access.admin_screen
@require_http_methods(["GET", "HEAD", "POST"])
def add_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the form, or add the page; on refusal show what was sent with all the blockers."""
    parent = access.get_visible_page(request, pk)
    raise_if_blocked(add_availability(parent=parent, actor=request.user))
    submitted = NewPageInput(
        clean_line(request, "kind"),
        clean_line(request, "title"),
        clean_line(request, "slug"),
        end_redirects=bool(clean_line(request, "end_redirects")),
    )
    if request.method != "POST":
        return form(request, parent, submitted)
    try:
        return redirect(added(request, parent, submitted))
    except Blocked as refusal:
        return form(request, parent, submitted, refusal.blockers)


def added(request: HttpRequest, parent: Page, submitted: NewPageInput) -> str:
    """Add the page and return where to go on: its form, or its detail page. Raises Blocked."""
    missing = list(submitted.missing())
    if missing or submitted.chosen_kind is None:
        raise Blocked([*missing, *further_blockers(request.user, parent, submitted)])
    page = add(
        parent=parent,
        kind=submitted.chosen_kind,
        slug=submitted.slug,
        title=submitted.title,
        end_redirects=submitted.end_redirects,
        actor=request_user(request),
    )
    writes = access.request_grants(request).allows(Action.EDIT, page)
    then = "続けて、内容を書いてください。" if writes else "作成者が、内容を書けます。"
    messages.success(request, f"「{submitted.title}」を「{page.url_path}」に追加しました。{then}")
    draft = Edition.objects.values_list("pk", flat=True).get(page=page)
    return (
        reverse("admin:bureaus_edition_change", args=[draft])
        if writes
        else page_detail_url(page.pk)
    )


def further_blockers(officer: Officer, parent: Page, submitted: NewPageInput) -> list[Blocker]:
    """Return what else blocks it, beside what is missing."""
    return add_blockers(
        parent=parent,
        kind=submitted.chosen_kind,
        slug=submitted.slug,
        title=submitted.title,
        end_redirects=submitted.end_redirects,
        actor=officer,
    )


def may_end_redirects(submitted: NewPageInput, codes: Collection[str]) -> bool:
    """Whether there is a redirect that this officer may end."""
    return BlockerCode.FORMER_ADDRESS in codes or (
        submitted.end_redirects and BlockerCode.FORMER_ADDRESS_OF_OTHERS not in codes
    )


def form(
    request: HttpRequest, parent: Page, submitted: NewPageInput, blockers: Sequence[Blocker] = ()
) -> HttpResponse:
    """Show the form. At most 8 queries."""
    now, grants = timezone.now(), access.request_grants(request)
    breadcrumbs = page_breadcrumbs(parent, "追加", grants, now)
    possible = KINDS_UNDER[Kind(parent.kind)]
    context = {
        "title": f"「{breadcrumbs[-2].title}」の下にページを追加する",
        "breadcrumbs": breadcrumbs,
        "parent": parent,
        "submitted": submitted,
        "blockers": blockers,
        "wrong": {FIELD_OF[blocker.code] for blocker in blockers if blocker.code in FIELD_OF},
        "kinds": [(kind, KIND_HELP[kind]) for kind in Kind if kind in possible],
        "title_length": TITLE_LENGTH,
        "slug_length": SLUG_LENGTH,
        "slug_pattern": SLUG.pattern,
        "is_wrong_end": any(
            blocker.code in {BlockerCode.SLUG, BlockerCode.TAKEN} for blocker in blockers
        ),
        "writes": grants.allows(Action.EDIT, parent),
        "may_end_redirects": may_end_redirects(submitted, {blocker.code for blocker in blockers}),
    }
    status = status_for(blockers) if blockers else HTTPStatus.OK
    return access.render_screen(request, "admin/pages/add_page.html", context, status=status)

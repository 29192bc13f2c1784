"""The form that adds a page below another: its kind, title and slug."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Self

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bureaus.admin.core import access
from bureaus.admin.core.access import status_for
from bureaus.admin.core.breadcrumbs import Breadcrumbs, page_breadcrumbs, page_detail_url
from bureaus.admin.core.cleaning import clean_line
from bureaus.admin.core.users import request_user
from bureaus.admin.pages.beginnings import Beginning
from bureaus.admin.pages.proposed_slug import propose_slug, today
from bureaus.models import KINDS_UNDER, Action, Edition, Kind, Page
from bureaus.models.addresses import SLUG, SLUG_LENGTH
from bureaus.models.editions import TITLE_LENGTH
from bureaus.permissions import Officer
from bureaus.publishing import Blocked, Blocker, BlockerCode, add
from bureaus.publishing.blockers.blocker import raise_if_blocked
from bureaus.publishing.blockers.tree import add_availability, add_blockers
from bureaus.publishing.page_templates import BuiltInTemplate

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

    @classmethod
    def read(cls, request: HttpRequest, default: Kind | None = None) -> Self:
        return cls(
            clean_line(request, "kind") or (default.value if default else ""),
            clean_line(request, "title"),
            clean_line(request, "slug"),
            end_redirects=bool(clean_line(request, "end_redirects")),
        )

    @property
    def chosen_kind(self) -> Kind | None:
        return Kind(self.kind) if self.kind in Kind.values else None

    def missing(self) -> Iterator[Blocker]:
        if not self.title:
            yield Blocker(
                BlockerCode.PAGE_TITLE, "表題がありません。仮の表題でよいので、書いてください。"
            )


NOTHING_YET = Beginning()


@dataclass(frozen=True, slots=True)
class NewPageForm:
    """The form below `parent`; with `places` the officer may choose another of them."""

    parent: Page
    title: str
    breadcrumbs: Breadcrumbs
    kinds: tuple[Kind, ...]
    back: str  # the address of the screen before
    places: tuple[Page, ...] = ()
    beginning: Beginning = NOTHING_YET
    templates: tuple[BuiltInTemplate, ...] = ()
    own_templates: tuple[tuple[int, str, str], ...] = ()


@access.admin_screen
@require_http_methods(["GET", "HEAD", "POST"])
def add_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the form, or add the page; on refusal show what was sent with all the blockers."""
    parent = access.get_visible_page(request, pk)
    raise_if_blocked(add_availability(parent=parent, actor=request.user))
    trail = page_breadcrumbs(parent, "追加", access.request_grants(request), timezone.now())
    form = NewPageForm(
        parent=parent,
        title=f"「{trail[-2].title}」の下にページを追加する",
        breadcrumbs=trail,
        kinds=tuple(kind for kind in Kind if kind in KINDS_UNDER[Kind(parent.kind)]),
        back=page_detail_url(parent.pk),
    )
    return add_or_show(request, form, NewPageInput.read(request))


def add_or_show(request: HttpRequest, form: NewPageForm, submitted: NewPageInput) -> HttpResponse:
    if request.method != "POST":
        return show_form(request, form, with_proposal(form, submitted))
    if form.places:  # from the dashboard the proposed address will do
        submitted = with_proposal(form, submitted)
    try:
        return redirect(added(request, form.parent, submitted, form.beginning))
    except Blocked as refusal:
        return show_form(request, form, with_proposal(form, submitted), refusal.blockers)


def with_proposal(form: NewPageForm, submitted: NewPageInput) -> NewPageInput:
    """Fill in the slug where it is empty and the kind, and for a page the title, are known."""
    kind = submitted.chosen_kind
    if submitted.slug or kind is None:
        return submitted
    return replace(submitted, slug=propose_slug(form.parent, kind, submitted.title))


def added(request: HttpRequest, parent: Page, submitted: NewPageInput, beginning: Beginning) -> str:
    """Add the page and return where to go on: its form, or its detail page. Raises Blocked."""
    missing = [*submitted.missing(), *beginning.blockers]
    if missing or submitted.chosen_kind is None:
        raise Blocked([*missing, *further_blockers(request.user, parent, submitted)])
    day = {"issued_on": today()} if submitted.chosen_kind == Kind.NEWS_ITEM else {}
    page = add(
        parent=parent,
        kind=submitted.chosen_kind,
        slug=submitted.slug,
        title=submitted.title,
        content={**beginning.content_under(submitted.title), **day},
        parts=beginning.parts,
        end_redirects=submitted.end_redirects,
        copied=Page.objects.filter(pk=beginning.copied).first(),
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


def show_form(
    request: HttpRequest,
    form: NewPageForm,
    submitted: NewPageInput,
    blockers: Sequence[Blocker] = (),
) -> HttpResponse:
    """Show the form. At most 8 queries."""
    grants = access.request_grants(request)
    codes = {blocker.code for blocker in blockers}
    context = {
        "title": form.title,
        "breadcrumbs": form.breadcrumbs,
        "form": form,
        "parent": form.parent,
        "submitted": submitted,
        "blockers": blockers,
        "wrong": {FIELD_OF[code] for code in codes if code in FIELD_OF},
        "kinds": [(kind, KIND_HELP[kind]) for kind in form.kinds],
        "title_length": TITLE_LENGTH,
        "slug_length": SLUG_LENGTH,
        "slug_pattern": SLUG.pattern,
        "is_wrong_end": bool(codes & {BlockerCode.SLUG, BlockerCode.TAKEN}),
        "writes": grants.allows(Action.EDIT, form.parent),
        "has_own_slug": bool(blockers and clean_line(request, "slug")),
        "may_end_redirects": may_end_redirects(submitted, codes),
    }
    status = status_for(blockers) if blockers else HTTPStatus.OK
    return access.render_screen(request, "admin/pages/add_page.html", context, status=status)

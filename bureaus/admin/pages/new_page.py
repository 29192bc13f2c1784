"""The form of a new page from the dashboard: the place is already chosen, and can be changed."""

from dataclasses import replace

from django.db.models import Exists, OuterRef, Q, Subquery
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bureaus.admin.core import access
from bureaus.admin.core.breadcrumbs import admin_url, breadcrumbs
from bureaus.admin.core.cleaning import clean_line, parse_key
from bureaus.admin.pages.add_page import NewPageForm, NewPageInput, add_or_show
from bureaus.admin.pages.beginnings import (
    OWN_PREFIX,
    beginning_of,
    own_templates,
    templates_for,
)
from bureaus.models import Action, Answer, AuditEntry, Edition, Kind, Page, Role
from bureaus.models.addresses import parent_address
from bureaus.permissions import Grants
from bureaus.publishing import Blocked, Blocker, BlockerCode

PLACES = 200  # offered in the list; any other place is found in the tree
TITLES = {Kind.NEWS_ITEM: "新着情報を書く", Kind.PAGE: "ページを追加する"}
KINDS = {
    Kind.NEWS_ITEM: (Kind.NEWS_ITEM,),
    Kind.PAGE: (Kind.PAGE, Kind.POLICY_SECTION, Kind.ORGANISATION),
}
NO_PLACE = {
    Kind.NEWS_ITEM: "新着情報は組織のページの下に置きますが、担当するところに組織がありません。",
    Kind.PAGE: "ページを追加できるところが、まだありません。",
}
REMEDY = "所属の管理者に、担当（作成者）の設定を依頼してください。"


@access.admin_screen
@require_http_methods(["GET", "HEAD", "POST"])
def new_page(request: HttpRequest) -> HttpResponse:
    """Show the form, or add the page. At most 15 queries to show it."""
    wanted = clean_line(request, "for")
    kind = Kind.NEWS_ITEM if wanted == Kind.NEWS_ITEM else Kind.PAGE
    beginning = beginning_of(request, kind)
    chosen = Kind(wanted) if beginning.copied and wanted in Kind.values else kind
    places = places_for(kind, access.request_grants(request))
    if not places:
        raise Blocked([Blocker(BlockerCode.ROLE, NO_PLACE[kind] + REMEDY)])
    form = NewPageForm(
        parent=chosen_place(request, places),
        title=TITLES[kind],
        breadcrumbs=breadcrumbs(TITLES[kind]),
        kinds=(beginning.kind or chosen,) if beginning.label else KINDS[kind],
        back=admin_url("index"),
        places=tuple(places),
        beginning=beginning,
        templates=tuple(templates_for(kind)),
        own_templates=tuple(own_templates(access.request_grants(request), KINDS[kind])),
    )
    submitted = NewPageInput.read(request, chosen)
    if request.method != "POST" and not submitted.title:
        submitted = replace(submitted, title=beginning.title)
    return add_or_show(request, form, submitted)


def places_for(kind: Kind, grants: Grants) -> list[Page]:
    """
    Return the organisations where the officer may add, for other pages the branches too.

    Neither pages that have ended nor those that a branch keeps as templates. 1 query.
    """
    now = timezone.now()
    own = grants.in_branches(Role.WRITER, Role.MANAGER, is_placed=True)
    usual = Q(kind=Kind.ORGANISATION)
    if kind != Kind.NEWS_ITEM:
        heads = {path for path, _ in grants.branches}
        usual |= Q(placement__path__in=heads) & ~Q(kind=Kind.NEWS_ITEM)
    title = Edition.objects.filter(page=OuterRef("pk")).order_by("-number").values("title")[:1]
    ended = Edition.objects.in_force(now).filter(page=OuterRef("pk")).exclude(answer=Answer.CURRENT)
    places = Page.objects.placed(now).filter(usual, own, ~Exists(ended.order_by()))
    named = places.annotate(title=Subquery(title)).exclude(title__startswith=OWN_PREFIX)
    return list(named.order_by("placement__path")[:PLACES])


def chosen_place(request: HttpRequest, places: list[Page]) -> Page:
    """Return the place that was sent, else the one where the officer added last, else the first."""
    sent = parse_key(clean_line(request, "under"))
    if sent:
        offered = next((place for place in places if place.pk == sent), None)
        return offered or access.get_visible_page(request, sent)
    last = AuditEntry.objects.filter(action=Action.ADD, actor=request.user.pk).first()
    before = parent_address(last.address) if last else ""
    return next((place for place in places if place.url_path == before), places[0])

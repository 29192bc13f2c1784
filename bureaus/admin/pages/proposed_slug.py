"""The address that a form of a new page proposes: free, and of no other page before."""

from collections.abc import Iterator
from datetime import date

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from bureaus.admin.core.access import admin_screen, get_visible_page
from bureaus.admin.core.cleaning import clean_line, parse_key
from bureaus.models import FormerAddress, Kind, Page, Placement
from bureaus.models.addresses import RESERVED_SLUGS, SLUG_LENGTH, address_under
from bureaus.publishing.blockers.blocker import raise_if_blocked
from bureaus.publishing.blockers.tree import add_availability
from bureaus.text.formatting import TOKYO
from bureaus.text.words.romanisation import romanise

MOST = 50  # pages of one name, or news items of one day


def today() -> date:
    return timezone.localdate(timezone.now(), TOKYO)


def propose_slug(parent: Page, kind: Kind, title: str) -> str:
    """
    Return a slug that no page below `parent` has, will have or has had; 1 query.

    The day and a number for news, else the title in Latin letters. Empty where there is none.
    """
    slugs = list(candidates(kind, title))
    addresses = {address_under(parent.url_path, slug): slug for slug in slugs}
    held = Placement.objects.filter(url_path__in=addresses).order_by().values_list("url_path")
    former = FormerAddress.objects.filter(url_path__in=addresses).order_by()
    taken = {addresses[address] for (address,) in held.union(former.values_list("url_path"))}
    return next((slug for slug in slugs if slug not in taken), "")


def candidates(kind: Kind, title: str) -> Iterator[str]:
    if kind == Kind.NEWS_ITEM:
        yield from (f"{today():%Y%m%d}-{number}" for number in range(1, MOST))
        return
    base = romanise(title)
    if not base:
        return
    if base not in RESERVED_SLUGS:
        yield base
    yield from (f"{base[: SLUG_LENGTH - 3]}-{number}" for number in range(2, MOST))


@require_GET
@admin_screen
def proposed_slug(request: HttpRequest) -> HttpResponse:
    """Answer the form of a new page, while its title is typed. 5 queries."""
    parent = get_visible_page(request, parse_key(clean_line(request, "under")))
    raise_if_blocked(add_availability(parent=parent, actor=request.user))
    kind = clean_line(request, "kind")
    slug = propose_slug(
        parent, Kind(kind) if kind in Kind.values else Kind.PAGE, clean_line(request, "title")
    )
    response = JsonResponse({"slug": slug, "parent": parent.url_path})
    response.headers["Cache-Control"] = "no-store"
    return response

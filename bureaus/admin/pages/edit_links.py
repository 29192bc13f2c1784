"""For the public pages in an officer's browser: where the admin edits what they show."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from bureaus.admin.core.access import admin_screen, request_grants
from bureaus.admin.core.breadcrumbs import admin_url, page_detail_url
from bureaus.models import Action, Edition, Page, State
from bureaus.models.addresses import is_address

MOST = 100  # a page and the sections that it shows


@require_GET
@admin_screen
def edit_links(request: HttpRequest) -> HttpResponse:
    """
    Return the addresses of the officer's pages among `path` with those of their editing; 4 queries.

    Nothing is said about any other page, whether there is one or not.
    """
    grants = request_grants(request)
    paths = {path for path in request.GET.getlist("path")[:MOST] if is_address(path)}
    pages = Page.objects.placed(timezone.now()).filter(
        grants.in_branches(is_placed=True), placement__url_path__in=paths
    )
    own = {page.pk: page for page in pages}
    drafts = Edition.objects.filter(page__in=own, state=State.DRAFT).values_list("page", "pk")
    forms = {page: admin_url("bureaus_edition_change", draft) for page, draft in drafts}
    links = {
        page.url_path: forms[key]
        if key in forms and grants.allows(Action.EDIT, page)
        else page_detail_url(key)
        for key, page in own.items()
    }
    response = JsonResponse({"links": links})
    response.headers["Cache-Control"] = "no-store"
    return response

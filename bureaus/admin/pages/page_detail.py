"""The desk of one page: what it is, what is going on with it, and what comes next."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from bureaus.admin.core import access
from bureaus.admin.pages.page_detail_response import page_detail_response


@access.admin_screen
@require_safe
def page_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return page_detail_response(request, access.get_visible_page(request, pk))

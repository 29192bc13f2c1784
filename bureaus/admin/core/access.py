"""
Access to the screens of the admin, and the page that a refused officer gets.

What is not public is visible to role holders of its branch. Actions check roles themselves.
"""

from collections.abc import Callable, Iterable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.contrib import admin
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from bureaus.admin.core.page_states import PageState, annotate_states, page_state
from bureaus.admin.core.role_holders import join_names, role_holders_of
from bureaus.models import Edition, Page, Role
from bureaus.permissions import Grants, grants_of
from bureaus.publishing import Blocked, Blocker, BlockerCode
from bureaus.publishing.draft_comments import with_open_comments

View = Callable[..., HttpResponse]


class OutsideYourBranches(Blocked):
    """A page outside the officer's branches: its public state and its managers. 2 queries."""

    def __init__(self, page: Page) -> None:
        [row] = annotate_states(Page.objects.filter(pk=page.pk), timezone.now())
        self.page, self.state = page, page_state(row, sees=False)
        super().__init__([outside_blocker(page, self.state)])


def admin_screen(view: View) -> View:
    """Decorate a view so that Blocked becomes a page and a missing object a 404."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Blocked as refusal:
            return blocked_response(request, refusal)
        except ObjectDoesNotExist as error:
            raise Http404 from error

    return guarded


def blocked_response(request: HttpRequest, refusal: Blocked) -> HttpResponse:
    context: dict[str, Any] = {"title": "この操作はできません", "blockers": refusal.blockers}
    if isinstance(refusal, OutsideYourBranches):
        context |= {
            "title": f"「{refusal.state.title}」は担当していません",
            "public_address": refusal.page.url_path if refusal.state.is_public else "",
        }
    return render_screen(
        request, "admin/core/blocked.html", context, status=status_for(refusal.blockers)
    )


def render_screen(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = HTTPStatus.OK
) -> TemplateResponse:
    """Render a screen in the frame of the admin. No cache stores it."""
    whole = {**admin.site.each_context(request), **context}
    response = TemplateResponse(request, template, whole, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def request_grants(request: HttpRequest) -> Grants:
    """Return the officer's grants, read once a request."""
    grants: Grants | None = getattr(request, "cached_grants", None)
    if grants is None:
        grants = grants_of(request.user)
        request.cached_grants = grants  # type: ignore[attr-defined]
    return grants


def get_visible_page(request: HttpRequest, pk: int) -> Page:
    """
    Return the page `pk` for an officer of its branch. 1 query, 2 with those of the grants.

    Raises OutsideYourBranches, or Page.DoesNotExist where the page was never public.
    """
    placed = Page.objects.placed(timezone.now()).select_related("review__reviewer")
    page: Page = placed.get(pk=pk)
    if not request_grants(request).can_view(page):
        if not Edition.objects.begun(timezone.now()).filter(page=page).exists():
            raise Page.DoesNotExist
        raise OutsideYourBranches(page)
    return page


def get_visible_edition(request: HttpRequest, pk: int) -> Edition:
    """
    Return the edition `pk` with its page and open comments for an officer of its branch. 1 query.

    Raises OutsideYourBranches, or Edition.DoesNotExist where it was never public: others do not
    learn of drafts and bookings, whatever else of the page is public.
    """
    editions = Edition.objects.with_page().with_target().with_publicity()
    edition: Edition = with_open_comments(editions).get(pk=pk)
    require_visible(request, edition)
    return edition


def require_visible(request: HttpRequest, edition: Edition) -> None:
    """Raise as `get_visible_edition` does, for an edition that was read with its page."""
    if not request_grants(request).can_view(edition.page):
        if not edition.has_begun(timezone.now()):
            raise Edition.DoesNotExist
        raise OutsideYourBranches(edition.page)


def outside_blocker(page: Page, state: PageState) -> Blocker:
    """Name the managers of the page, whom all officers may know; the writers are not named."""
    managers = [each for each in role_holders_of(page) if each.role == Role.MANAGER]
    names = join_names(name for each in managers for name in each.people)
    contact = f"管理者（{names}）" if names else "運用の担当者"
    return Blocker(
        BlockerCode.ROLE,
        f"「{state.title}」を担当していないので、公開前の内容や記録は見られません。"
        f"見たいときは、{contact}に依頼してください。",
    )


# What the officer may not do, whatever the state is and whatever they send.
ACCESS_CODES = frozenset(
    {
        BlockerCode.ROLE,
        BlockerCode.APPROVER,
        BlockerCode.AUTHOR,
        BlockerCode.OWN_TEXT,
        BlockerCode.OWN_ACCOUNT,
        BlockerCode.OWN_PROPOSAL,
        BlockerCode.FOREIGN_FILE,
    }
)
# What the same officer can correct in what they sent.
INPUT_CODES = frozenset(
    {
        BlockerCode.COMMENT,
        BlockerCode.FEW,
        BlockerCode.FILE,
        BlockerCode.FOREIGN_SOURCE,
        BlockerCode.INVALID_FILE,
        BlockerCode.LONG,
        BlockerCode.MANY,
        BlockerCode.MOMENT,
        BlockerCode.NAME,
        BlockerCode.NOTE,
        BlockerCode.NOTHING,
        BlockerCode.NOT_SEEN,
        BlockerCode.OTHER_FORMAT,
        BlockerCode.PAGE_TITLE,
        BlockerCode.PASSAGE,
        BlockerCode.PAST,
        BlockerCode.REASON,
        BlockerCode.SLUG,
        BlockerCode.SOURCE,
        BlockerCode.TARGET,
        BlockerCode.WHEN,
    }
)


def status_for(blockers: Iterable[Blocker]) -> HTTPStatus:
    """
    Return 403 where access is missing, else 409 where the state is in the way, else 422.

    Without blockers it is 422: the form itself was invalid. What has been deleted is a 404.
    """
    codes = {blocker.code for blocker in blockers}
    if BlockerCode.DELETED in codes:
        return HTTPStatus.NOT_FOUND
    if codes & ACCESS_CODES:
        return HTTPStatus.FORBIDDEN
    return HTTPStatus.UNPROCESSABLE_ENTITY if codes <= INPUT_CODES else HTTPStatus.CONFLICT

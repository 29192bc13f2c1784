"""Django's admin site with the officers' screens first. `bureaus.admin` registers with it."""

from functools import wraps
from http import HTTPStatus
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.contenttypes.views import shortcut
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

SHORTCUT = "view_on_site"


class MinistryAdminSite(AdminSite):
    site_header = site_title = "サイトの管理"
    index_title = "ホーム"
    enable_nav_sidebar = False

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Return the officers' screens before Django's; all of them require a login."""
        from bureaus.admin.urls import admin_urls

        to_site = self.admin_view(self.view_on_site)
        shortcut_url = path("r/<int:content_type_id>/<path:object_id>/", to_site, name=SHORTCUT)
        django = [url for url in super().get_urls() if getattr(url, "name", "") != SHORTCUT]
        return [*admin_urls(self.admin_view), shortcut_url, *django]

    def view_on_site(
        self, request: HttpRequest, content_type_id: int, object_id: str
    ) -> HttpResponse:
        """Allow operators only: Django's view reveals the addresses of unpublished pages."""
        if not getattr(request.user, "is_superuser", False):
            raise PermissionDenied
        return shortcut(request, content_type_id, object_id)

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Add the officer's grants, on which the navigation depends, and the end of the login."""
        from bureaus.admin.core.access import request_grants
        from bureaus.login.session_time import session_time

        context = super().each_context(request)
        if context["has_permission"]:
            context["grants"] = request_grants(request)
            context["session_time"] = session_time(request.session)
        return context

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:  # noqa: FBT001, FBT002 - Django's
        """Refuse a NUL in an address for all views: PostgreSQL cannot compare it."""
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if "%00" in request.META.get("QUERY_STRING", "") or "\0" in request.path_info:
                raise BadRequest("NUL")
            return inner(request, *args, **kwargs)

        return guarded

    @method_decorator(never_cache)
    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """Forbid caches to store this page and the next one, which name the officer."""
        from bureaus.security.log import SecurityEvent, record_event

        response = super().password_change(request, extra_context)
        if response.status_code == HTTPStatus.FOUND:
            record_event(SecurityEvent.PASSWORD_CHANGED)
        return response

    @method_decorator(never_cache)
    def password_change_done(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        return super().password_change_done(request, extra_context)

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        from bureaus.admin.dashboard import views

        del extra_context
        return views.dashboard(request)

    def get_app_list(
        self, request: HttpRequest, app_label: str | None = None
    ) -> list[dict[str, Any]]:
        """Return it only where it is displayed: on every page it would cost two queries."""
        return list(super().get_app_list(request, app_label)) if app_label else []

"""The officers' own rooms in Django's admin. `bureaus.admin` needs this site to register with."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver


class OfficersSite(AdminSite):
    site_header = site_title = "サイトの管理"
    index_title = "机"
    enable_nav_sidebar = False

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """The officers' screens before Django's; all of them behind the login."""
        from bureaus.admin import SCREENS

        screens = [address for screen in SCREENS for address in screen.addresses(self.admin_view)]
        return [*screens, *super().get_urls()]

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        from bureaus.admin import desk

        del extra_context
        return desk.show_desk(request)

    def get_app_list(
        self, request: HttpRequest, app_label: str | None = None
    ) -> list[dict[str, Any]]:
        """Only where it is shown: Django asks for it on every page, which costs two queries."""
        return list(super().get_app_list(request, app_label)) if app_label else []

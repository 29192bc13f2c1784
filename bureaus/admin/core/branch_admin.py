"""Django's change lists for officers, limited to their branches."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from bureaus.admin.core import access
from bureaus.admin.core.read_only import ReadOnly
from bureaus.models.placements import current_placements


class BranchScopedAdmin(ReadOnly, admin.ModelAdmin):
    """A read-only admin of records that belong to a page, for role holders of its branch."""

    show_full_result_count = False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        grants = access.request_grants(request)
        if obj is None or grants.is_unlimited:
            return grants.has_any_role
        return obj.page is not None and grants.can_view(obj.page)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        title = {"title": self.model._meta.verbose_name_plural}
        return super().changelist_view(request, {**(extra_context or {}), **title})

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        title = {"title": self.model._meta.verbose_name}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **title})

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        whole: QuerySet[Any] = super().get_queryset(request)
        own = whole.filter(access.request_grants(request).in_branches(prefix="page__"))
        return own.prefetch_related(current_placements("page__"))

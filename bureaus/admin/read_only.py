from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from bureaus.admin import doors


class ReadOnly(admin.options.BaseModelAdmin):
    """Whoever may view may view; nobody adds, changes or deletes, by form or by action."""

    def has_add_permission(self, *args: Any) -> bool:
        del args
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        del request, obj
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        del request, obj
        return False


class InOwnBranches(ReadOnly, admin.ModelAdmin):
    """What belongs to a page, for those who keep it, in any role: to look at, and nothing else."""

    show_full_result_count = False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        grants = doors.grants(request)
        if obj is None or grants.is_unlimited:
            return grants.is_unlimited or bool(grants.branches)
        return obj.page is not None and grants.sees(obj.page)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        whole: QuerySet[Any] = super().get_queryset(request)
        return whole.filter(doors.grants(request).branches_of(prefix="page__"))

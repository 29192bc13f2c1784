from typing import Any

from django.contrib import admin
from django.http import HttpRequest


def is_operator(request: HttpRequest) -> bool:
    return bool(request.user.is_active and getattr(request.user, "is_superuser", False))


class OperatorsOnly(admin.options.BaseModelAdmin):
    """
    Open Django's own screens to operators only. Officers have branch roles.

    Django's permissions grant nothing, however an account got them: with `auth.change_user` an
    officer could become an operator.
    """

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_operator(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        del obj
        return is_operator(request)

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        del args
        return is_operator(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        del obj
        return is_operator(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        del obj
        return is_operator(request)


class ReadOnly(OperatorsOnly):
    """Let operators view; nobody adds, changes or deletes, by form or by action."""

    def has_add_permission(self, *args: Any) -> bool:
        del args
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        del request, obj
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        del request, obj
        return False

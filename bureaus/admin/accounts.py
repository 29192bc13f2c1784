"""The login of the admin, the accounts, and what packages put here that nobody should read."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group, User
from django.http import HttpRequest
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from bureaus.admin.read_only import OperatorsOnly, ReadOnly
from bureaus.login.forms import LoginForm
from bureaus.models import Stewardship

KEYS_OF_SECOND_FACTORS = (StaticDevice, TOTPDevice)

admin.site.login_form = LoginForm
admin.site.unregister(KEYS_OF_SECOND_FACTORS)
admin.site.unregister((User, Group))


@admin.register(User)
class Accounts(OperatorsOnly, UserAdmin):
    """
    Accounts, for the operators: who logs in, until when, with which password.

    Roles are given on the officers' page, where each leaves a record. An account that has ended
    stays, for the records name it.
    """

    list_display = ("username", "last_name", "first_name", "is_active", "is_superuser", "last_login")
    list_filter = ("is_active", "is_superuser")
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("氏名とメール", {"fields": ("last_name", "first_name", "email")}),
        ("利用", {"fields": ("is_active", "is_staff", "is_superuser", "groups")}),
        ("日時", {"fields": ("last_login", "date_joined")}),
    )
    readonly_fields = ("groups", "last_login", "date_joined")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        del request, obj
        return False


class Kept(ReadOnly, admin.TabularInline):
    model = Stewardship
    fields = ("page", "role")
    extra = 0


@admin.register(Group)
class Groups(ReadOnly, admin.ModelAdmin):
    """Which group keeps what, to look at: the officers' page makes and fills them."""

    search_fields = ("name",)
    fields = ("name",)
    inlines = (Kept,)

"""The admin of accounts and groups, and the login form of the admin."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, UserCreationForm
from django.contrib.auth.models import Group, User
from django.http import HttpRequest
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from bureaus.admin.core.read_only import OperatorsOnly, ReadOnly
from bureaus.admin.core.users import request_user
from bureaus.login.forms import LoginForm
from bureaus.models import BranchRole
from bureaus.publishing.actions.branch_roles import record_account, record_operator

KEYS_OF_SECOND_FACTORS = (StaticDevice, TOTPDevice)

admin.site.login_form = LoginForm
admin.site.unregister(KEYS_OF_SECOND_FACTORS)
admin.site.unregister((User, Group))


class PasswordForm(AdminPasswordChangeForm):
    """A password form without the choice of no password: there is no other login."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("usable_password", None)


@admin.register(User)
class Accounts(OperatorsOnly, UserAdmin):
    """
    The accounts, for operators.

    Roles are assigned on the screen of role holders, which writes an audit entry. An inactive
    account stays, since audit entries name it.
    """

    list_display = ("username", "last_name", "first_name", "use", "last_login")
    list_filter = ("is_active", "is_superuser")
    filter_horizontal = ()
    add_form = UserCreationForm
    add_fieldsets = ((None, {"fields": ("username", "password1", "password2")}),)
    change_password_form = PasswordForm
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("氏名とメール", {"fields": ("last_name", "first_name", "email")}),
        ("利用", {"fields": ("is_active", "is_staff", "is_superuser", "groups")}),
        ("日時", {"fields": ("last_login", "date_joined")}),
    )
    readonly_fields = ("groups", "last_login", "date_joined")

    @admin.display(description="利用", ordering="is_active")
    def use(self, account: User) -> str:
        if not account.is_active:
            return "停止中"
        return "運用の担当者" if account.is_superuser else "利用中"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Fix the user name of an account: audit entries name the account by it."""
        del request
        return self.readonly_fields if obj is None else ("username", *self.readonly_fields)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: Any) -> None:
        super().save_model(request, obj, form, change)
        if not change:
            record_account(obj, request_user(request))
        if obj.is_superuser and "is_superuser" in form.changed_data:
            record_operator(obj, request_user(request))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        del request, obj
        return False


class BranchRoleInline(ReadOnly, admin.TabularInline):
    model = BranchRole
    fields = ("page", "role")
    extra = 0


@admin.register(Group)
class Groups(ReadOnly, admin.ModelAdmin):
    """The roles of a group, read-only: the screen of role holders creates and fills groups."""

    search_fields = ("name",)
    fields = ("name",)
    inlines = (BranchRoleInline,)

"""The admin of accounts and groups, and the login form of the admin."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from bureaus.admin.core.cleaning import parse_key
from bureaus.admin.core.read_only import OperatorsOnly, ReadOnly
from bureaus.admin.core.users import request_user
from bureaus.login.forms import LoginForm
from bureaus.login.invitations import invitation_sentence
from bureaus.models import BranchRole
from bureaus.publishing.actions.branch_roles import record_account, record_operator

KEYS_OF_SECOND_FACTORS = (StaticDevice, TOTPDevice)

admin.site.login_form = LoginForm
admin.site.unregister(KEYS_OF_SECOND_FACTORS)
admin.site.unregister((User, Group))


class NewAccountForm(forms.ModelForm):
    """The name of a new account, whose owner chooses the password."""

    class Meta:
        model = User
        fields = ("username",)

    def save(self, commit: bool = True) -> User:  # noqa: FBT001, FBT002 - Django's
        self.instance.set_unusable_password()
        account: User = super().save(commit)
        return account


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
    add_form = NewAccountForm
    add_fieldsets = ((None, {"fields": ("username",)}),)
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
            messages.info(request, invitation_sentence(request, obj))
        if obj.is_superuser and "is_superuser" in form.changed_data:
            record_operator(obj, request_user(request))

    @method_decorator(never_cache)
    def user_change_password(
        self,
        request: HttpRequest,
        id: str,  # noqa: A002 - Django's
        form_url: str = "",
    ) -> HttpResponse:
        """Create an invitation: no operator chooses or knows the password of somebody else."""
        del form_url
        account = get_object_or_404(User, pk=parse_key(id))
        if not self.has_change_permission(request, account):
            raise PermissionDenied
        if request.method == "POST":
            messages.info(request, invitation_sentence(request, account))
            self.log_change(request, account, "招待リンクを作りました。")
            return redirect("admin:auth_user_change", account.pk)
        context = {"title": f"招待リンク：{account}", "account": account, "opts": self.opts}
        return render(
            request,
            "admin/people/invite.html",
            {**self.admin_site.each_context(request), **context},
        )

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

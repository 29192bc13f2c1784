"""The forms of the login: name and password, then a code."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.http import HttpRequest
from django_otp.plugins.otp_totp.models import TOTPDevice

from bureaus.login.failed_logins import log_refusal
from bureaus.login.models import BackupCodes
from bureaus.login.second_factor import accepts, device_for, locked_until, normalize_code
from bureaus.text.formatting import japanese_time_with_seconds

WRONG = "コードが違います。認証アプリに今出ている6けたの数字を、もう一度入力してください。"
WRONG_BACKUP = (
    "コードが違います。認証アプリに出ている6けたの数字か、"
    "まだ使っていない予備コードを入力してください。"
)
TYPE_AGAIN = (
    "パスワードが違います。大文字と小文字を確かめて、もう一度入力してください。"
    "続けて間違えると、しばらく受け付けません。"
)
WAIT = "コードを続けて間違えたため、{}まで受け付けません。そのあとで、もう一度入力してください。"


class LoginForm(AdminAuthenticationForm):
    error_messages = {
        **AdminAuthenticationForm.error_messages,
        "invalid_login": "ユーザー名かパスワードが違います。大文字と小文字を確かめて、"
        "もう一度入力してください。続けて間違えると、しばらくログインできなくなります。",
    }

    def confirm_login_allowed(self, user: Any) -> None:
        try:
            super().confirm_login_allowed(user)
        except forms.ValidationError:
            if self.request:
                log_refusal(self.request, user.get_username(), "not-staff")
            raise


class CodeForm(forms.Form):
    code = forms.CharField(
        label="コード",
        max_length=30,
        error_messages={"required": "コードを入力してください。"},
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "autocapitalize": "none",
                "spellcheck": "false",
                "autofocus": True,
            }
        ),
    )

    def clean_code(self) -> str:
        return normalize_code(self.cleaned_data["code"])


class PasswordForm(forms.Form):
    """The officer's password once more; failures count towards the limit of the login."""

    password = forms.CharField(
        label="パスワード",
        strip=False,
        error_messages={"required": "パスワードを入力してください。"},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, request: HttpRequest, data: Any = None) -> None:
        super().__init__(data)
        self.request = request

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        name = self.request.user.get_username()
        if authenticate(self.request, username=name, password=password) is None:
            raise forms.ValidationError(TYPE_AGAIN)
        return password


class SetUpForm(CodeForm, PasswordForm):
    """The first code of a new authenticator, and the password unless the login is recent."""

    field_order = ("code", "password")

    def __init__(self, request: HttpRequest, data: Any = None, *, requires_password: bool) -> None:
        super().__init__(request, data)
        if not requires_password:
            del self.fields["password"]


class VerifyForm(CodeForm):
    """A code of a device of `officer`; `device` is the one that accepted it."""

    def __init__(self, officer: User, data: Any = None) -> None:
        super().__init__(data)
        self.officer = officer
        self.device: TOTPDevice | BackupCodes | None = None
        self.until: datetime | None = None

    def clean_code(self) -> str:
        code = super().clean_code()
        device = device_for(self.officer, code)
        if device is None:
            raise forms.ValidationError(WRONG)
        self.until = locked_until(device)
        if self.until:
            raise forms.ValidationError(WAIT.format(japanese_time_with_seconds(self.until)))
        if not accepts(device, self.officer, code):
            raise forms.ValidationError(WRONG_BACKUP)
        self.device = device
        return code

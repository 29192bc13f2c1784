"""The account's own factors: one more authenticator, and one factor less."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from bureaus.login import second_factor
from bureaus.login.forms import WRONG, PasswordForm, SetUpForm
from bureaus.login.middleware import CODE, SET_UP
from bureaus.login.views import KEY, officer_view, step

UNKNOWN = "外す方法を選んでください。"
LAST = "最後の1つなので、外せません。先に、ほかの方法を登録してください。"


@officer_view
@require_http_methods(["GET", "POST"])
def add_authenticator(request: HttpRequest) -> HttpResponse:
    """Store an authenticator of a verified officer who has none and types the password again."""
    officer: Any = request.user
    if not officer.is_verified():
        return redirect(CODE)
    if second_factor.has_authenticator(officer):
        return redirect(SET_UP)
    key = request.session.setdefault(KEY, second_factor.new_key())
    form = SetUpForm(request, request.POST or None, requires_password=True)
    if form.is_valid():
        if second_factor.set_up(officer, key, form.cleaned_data["code"], is_first=False):
            del request.session[KEY]
            messages.success(request, "認証アプリを登録しました。")
            return redirect(SET_UP)
        form.add_error("code", WRONG)
    secret = second_factor.secret(officer, key)
    return step(
        request, "login/authenticator.html", title="認証アプリの登録", form=form, secret=secret
    )


@officer_view
@require_POST
def remove_factor(request: HttpRequest) -> HttpResponse:
    """Remove one factor of a verified officer who has another and types the password again."""
    officer: Any = request.user
    if not officer.is_verified():
        return redirect(CODE)
    form = PasswordForm(request, request.POST)
    if not form.is_valid():
        messages.error(request, str(form.errors["password"][0]))
        return redirect(SET_UP)
    device = second_factor.device_named(officer, request.POST.get("factor", ""))
    if device is None:
        messages.error(request, UNKNOWN)
    elif second_factor.remove_one(officer, device):
        messages.success(request, f"{device.name}を外しました。")
    else:
        messages.error(request, LAST)
    return redirect(SET_UP)

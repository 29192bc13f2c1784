"""The pages between the password and the admin."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from http import HTTPStatus
from typing import Any

import django_otp
from django.contrib import admin, messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.models import User
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from django_otp.plugins.otp_static.models import StaticDevice

from bureaus.login import second_factor
from bureaus.login.failed_logins import log_refusal
from bureaus.login.forms import WRONG, PasswordForm, SetUpForm, VerifyForm
from bureaus.login.middleware import ADMIN, BEGAN, CODE, LOGIN

PASSWORD_LASTS = 10 * 60  # seconds in which the set-up does not ask for it again
KEY = "second_factor_key"  # in the session: nobody who logs in later is shown the same one
View = Callable[[HttpRequest], HttpResponse]


def for_officers(view: View) -> View:
    """Whoever has shown his password; what else he owes, the middleware knows."""

    @never_cache
    @sensitive_post_parameters("code", "password")
    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if not admin.site.has_permission(request):
            return redirect_to_login(request.get_full_path(), LOGIN)
        return view(request)

    return guarded


@for_officers
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Ask for the code of the device that there is."""
    officer: Any = request.user
    if officer.is_verified() or not second_factor.has_authenticator(officer):
        return HttpResponseRedirect(way_on(request))
    form = VerifyForm(officer, request.POST or None)
    if form.is_valid():
        let_in(request, form.device)
        return HttpResponseRedirect(way_on(request))
    if form.errors:
        log_refusal(request, officer.get_username(), "second-factor")
    response = step(request, "login/code.html", title="コードの入力", form=form)
    if form.until:
        response.status_code = HTTPStatus.TOO_MANY_REQUESTS
        response.headers["Retry-After"] = str(seconds_until(form.until))
    return response


@for_officers
@require_http_methods(["GET", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """Hand over a key, and believe that it has arrived when its code comes back."""
    officer: Any = request.user
    if officer.is_verified():
        return already_set_up(request, PasswordForm(request))
    key = request.session.setdefault(KEY, second_factor.new_key())
    is_old = time.time() - request.session[BEGAN] > PASSWORD_LASTS
    form = SetUpForm(request, request.POST or None, asks_password=is_old)
    if form.is_valid():
        if device := second_factor.set_up(officer, key, form.cleaned_data["code"]):
            del request.session[KEY]
            let_in(request, device)
            return shown_once(request, officer)
        form.add_error("code", WRONG)
    context = {"form": form, "secret": second_factor.secret(officer, key)}
    return step(request, "login/set_up.html", title="2段階認証の準備", **context)


@for_officers
@require_POST
def backup_codes(request: HttpRequest) -> HttpResponse:
    """Make new ones for an officer who has shown the second factor and types the password again."""
    officer: Any = request.user
    if not officer.is_verified():
        return redirect(CODE)
    form = PasswordForm(request, request.POST)
    return shown_once(request, officer) if form.is_valid() else already_set_up(request, form)


def already_set_up(request: HttpRequest, form: PasswordForm) -> HttpResponse:
    officer: Any = request.user
    left = second_factor.backup_codes_left(officer)
    return step(request, "login/set_up_already.html", title="2段階認証", left=left, form=form)


def let_in(request: HttpRequest, device: Any) -> None:
    request.session.cycle_key()
    django_otp.login(request, device)
    if isinstance(device, StaticDevice):
        left = device.token_set.count()
        messages.info(request, f"予備コードを1つ使いました。残りは{left}個です。")


def shown_once(request: HttpRequest, officer: User) -> HttpResponse:
    codes = second_factor.renew_backup_codes(officer)
    return step(request, "login/backup_codes.html", title="予備コード", codes=codes)


def step(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    """A page without the admin's menus, which are not for this officer yet."""
    names = {"site_header": admin.site.site_header, "site_title": admin.site.site_title}
    return render(request, template, {**names, "next": way_on(request), **context})


def way_on(request: HttpRequest) -> str:
    """Return the address in `next` if it is a path of this site, otherwise the admin's."""
    wanted = request.POST.get(REDIRECT_FIELD_NAME) or request.GET.get(REDIRECT_FIELD_NAME) or ADMIN
    hosts = {request.get_host()}
    is_ours = url_has_allowed_host_and_scheme(wanted, hosts, require_https=request.is_secure())
    return wanted if wanted.startswith("/") and is_ours else ADMIN


def seconds_until(moment: datetime) -> int:
    return max(1, -((timezone.now() - moment) // timedelta(seconds=1)))

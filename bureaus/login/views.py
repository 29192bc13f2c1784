"""The pages of the second factor, between the password and the admin."""

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

from bureaus.login import passkeys, second_factor
from bureaus.login.failed_logins import log_refusal
from bureaus.login.forms import WRONG, PasswordForm, SetUpForm, VerifyForm
from bureaus.login.middleware import ADMIN, CODE, LOGIN, SET_UP
from bureaus.login.models import BackupCodes, Passkey
from bureaus.login.sessions import BEGAN
from bureaus.security.log import SecurityEvent, record_event

PASSWORD_VALID = 10 * 60  # seconds after a login in which the set-up needs no password
KEY = "second_factor_key"  # in the session: a later login gets another key
View = Callable[..., HttpResponse]


def officer_view(view: View) -> View:
    """Require a login of an officer; the middleware requires the second factor."""

    @never_cache
    @sensitive_post_parameters("code", "password")
    @wraps(view)
    def guarded(request: HttpRequest, **address: Any) -> HttpResponse:
        if not admin.site.has_permission(request):
            return redirect_to_login(request.get_full_path(), LOGIN)
        return view(request, **address)

    return guarded


@officer_view
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Require a code of the officer's device."""
    officer: Any = request.user
    if officer.is_verified() or not second_factor.has_factor(officer):
        return HttpResponseRedirect(next_address(request))
    if credential := request.POST.get("credential"):
        return code_by_passkey(request, officer, credential)
    form = VerifyForm(officer, request.POST or None)
    if form.is_valid():
        log_in_device(request, form.device)
        return HttpResponseRedirect(next_address(request))
    if form.errors:
        log_refusal(request, officer.get_username(), "second-factor")
    response = code_step(request, officer, form)
    if form.until:
        response.status_code = HTTPStatus.TOO_MANY_REQUESTS
        response.headers["Retry-After"] = str(seconds_until(form.until))
    return response


def code_by_passkey(request: HttpRequest, officer: Any, credential: str) -> HttpResponse:
    if passkey := passkeys.verify(request, officer, credential):
        log_in_device(request, passkey)
        return HttpResponseRedirect(next_address(request))
    log_refusal(request, officer.get_username(), "second-factor")
    messages.error(request, passkeys.REFUSED)
    return code_step(request, officer, VerifyForm(officer))


def code_step(request: HttpRequest, officer: Any, form: VerifyForm) -> HttpResponse:
    options = passkeys.authentication_options(request, officer)
    return step(request, "login/code.html", title="コードの入力", form=form, options=options)


@officer_view
@require_http_methods(["GET", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """Display a key, and store the authenticator once its code is typed."""
    officer: Any = request.user
    if credential := request.POST.get("credential"):
        return set_up_passkey(request, officer, credential)
    if officer.is_verified():
        return already_set_up(request, PasswordForm(request))
    key = request.session.setdefault(KEY, second_factor.new_key())
    is_old = is_old_login(request)
    form = SetUpForm(request, request.POST or None, requires_password=is_old)
    if form.is_valid():
        if device := second_factor.set_up(officer, key, form.cleaned_data["code"]):
            del request.session[KEY]
            log_in_device(request, device)
            return show_backup_codes(request, officer)
        form.add_error("code", WRONG)
    context = {
        "form": form,
        "secret": second_factor.secret(officer, key),
        "options": passkeys.registration_options(request, officer),
        "password": password_form(request, "passkey_%s") if is_old else None,
    }
    return step(request, "login/set_up.html", title="2段階認証の準備", **context)


def is_old_login(request: HttpRequest) -> bool:
    return bool(time.time() - request.session[BEGAN] > PASSWORD_VALID)


def password_form(request: HttpRequest, identifier: str) -> PasswordForm:
    """Return one more field of a password on a page, with an id of its own."""
    form = PasswordForm(request)
    form.auto_id = identifier
    return form


def set_up_passkey(request: HttpRequest, officer: Any, credential: str) -> HttpResponse:
    """Store a passkey: the first factor, or one more for a verified officer with the password."""
    is_first = not officer.is_verified()
    form = PasswordForm(request, request.POST)
    if (not is_first or is_old_login(request)) and not form.is_valid():
        messages.error(request, str(form.errors["password"][0]))
        return redirect(SET_UP)
    passkey = passkeys.register(request, officer, credential)
    if passkey is None:
        messages.error(request, passkeys.REFUSED)
        return redirect(SET_UP)
    if not is_first:
        messages.success(request, "パスキーを登録しました。")
        return redirect(SET_UP)
    log_in_device(request, passkey)
    return show_backup_codes(request, officer)


@officer_view
@require_POST
def backup_codes(request: HttpRequest) -> HttpResponse:
    """Create new codes for a verified officer who types the password again."""
    officer: Any = request.user
    if not officer.is_verified():
        return redirect(CODE)
    form = PasswordForm(request, request.POST)
    return show_backup_codes(request, officer) if form.is_valid() else already_set_up(request, form)


def already_set_up(request: HttpRequest, form: PasswordForm) -> HttpResponse:
    officer: Any = request.user
    context = {
        "left": second_factor.backup_codes_left(officer),
        "passkeys": Passkey.objects.filter(user=officer.pk).order_by("pk"),
        "has_authenticator": second_factor.has_authenticator(officer),
        "options": passkeys.registration_options(request, officer),
        "form": form,
        "password": password_form(request, "passkey_%s"),
        "removal_password": password_form(request, "removal_%s"),
    }
    return step(request, "login/set_up_already.html", title="2段階認証", **context)


def log_in_device(request: HttpRequest, device: Any) -> None:
    request.session.cycle_key()
    django_otp.login(request, device)
    record_event(SecurityEvent.SECOND_FACTOR, kind=device.name, request=request)
    if isinstance(device, BackupCodes):
        left = device.codes.count()
        messages.info(request, f"予備コードを1つ使いました。残りは{left}個です。")


def show_backup_codes(request: HttpRequest, officer: User) -> HttpResponse:
    codes = second_factor.renew_backup_codes(officer)
    return step(request, "login/backup_codes.html", title="予備コード", codes=codes)


def step(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    """Render a page without the menus of the admin, which need the second factor."""
    names = {"site_header": admin.site.site_header, "site_title": admin.site.site_title}
    return render(request, template, {**names, "next": next_address(request), **context})


def next_address(request: HttpRequest) -> str:
    """Return the address in `next` if it is a path of this site, otherwise the admin's."""
    target = request.POST.get(REDIRECT_FIELD_NAME) or request.GET.get(REDIRECT_FIELD_NAME) or ADMIN
    hosts = {request.get_host()}
    is_ours = url_has_allowed_host_and_scheme(target, hosts, require_https=request.is_secure())
    return target if target.startswith("/") and is_ours else ADMIN


def seconds_until(moment: datetime) -> int:
    return max(1, -((timezone.now() - moment) // timedelta(seconds=1)))

"""Where an officer is logged in: for the officer, and for operators."""

import time
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from bureaus.login.forms import PasswordForm
from bureaus.login.session_time import session_time
from bureaus.login.sessions import SEEN, end_logins, logins_of
from bureaus.login.views import officer_view, step

OTHERS = "others"
MAX_KEY = 2**31 - 1


@officer_view
@require_http_methods(["GET", "POST"])
def remaining_time(request: HttpRequest) -> HttpResponse:
    """Say in JSON when the login ends. GET is no activity; POST prolongs the login. 0 queries."""
    if request.method == "POST":
        request.session[SEEN] = int(time.time())
    left = session_time(request.session)
    return JsonResponse(
        {
            "left": left.left,
            "is_final": left.is_final,
            "sentence": left.sentence,
            "officer": request.user.pk,
            "token": get_token(request),
        }
    )


@officer_view
@require_http_methods(["GET", "POST"])
def own_sessions(request: HttpRequest) -> HttpResponse:
    officer: Any = request.user
    return sessions_page(request, officer, keep=request.session.session_key)


@officer_view
@require_http_methods(["GET", "POST"])
def sessions_of_account(request: HttpRequest, pk: int) -> HttpResponse:
    """For operators, who end sessions of an account that was lost or stolen."""
    if not getattr(request.user, "is_superuser", False):
        raise PermissionDenied
    account = get_object_or_404(User, pk=min(pk, MAX_KEY))
    is_own = account.pk == request.user.pk
    return sessions_page(request, account, keep=request.session.session_key if is_own else None)


def sessions_page(request: HttpRequest, account: User, *, keep: str | None) -> HttpResponse:
    """List the sessions; POST ends one or all others, after the password."""
    form = PasswordForm(request, request.POST or None)
    if form.is_valid():
        chosen = request.POST.get("session", "")
        reason = "owner" if account == request.user else "operator"
        only = "" if chosen in {"", OTHERS} else chosen
        count = end_logins(account, only=only, keep=keep, reason=reason)
        messages.success(request, f"{count}件のログインを終わりました。")
        return redirect(request.path)
    context = {"account": account, "rows": logins_of(account, keep), "form": form}
    return step(request, "login/sessions.html", title="ログイン中の端末", **context)

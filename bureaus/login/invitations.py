"""Invitations: a signed link with which the owner of an account chooses the password."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.models import User
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.contrib.auth.views import PasswordResetConfirmView
from django.http import HttpRequest, HttpResponse
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.html import format_html
from django.utils.http import urlsafe_base64_encode
from django.utils.safestring import SafeString

from bureaus.security.log import SecurityEvent, record_event
from bureaus.text.formatting import japanese_moment

CHOSEN = "パスワードを決めました。ユーザー名「{}」と、そのパスワードでログインしてください。"


class InvitationTokens(PasswordResetTokenGenerator):
    """Django's tokens: they end with their time, with a login and with any new password."""

    key_salt = "bureaus.login.invitations"


tokens = InvitationTokens()


def invite(account: User) -> str:
    """
    Return the path of a new link for `account`, whose password and sessions end.

    Earlier links end too, since each unusable password is another one.
    """
    account.set_unusable_password()
    account.save(update_fields=["password"])
    record_event(SecurityEvent.INVITED, target=account.get_username())
    number = urlsafe_base64_encode(force_bytes(account.pk))
    return reverse("invitation", args=[number, tokens.make_token(account)])


def last_moment() -> datetime:
    return timezone.now() + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)


def invitation_sentence(request: HttpRequest, account: User) -> SafeString:
    """Invite `account`, and return what the administrator reads: the link is shown once."""
    address = request.build_absolute_uri(invite(account))
    return format_html(
        "次の招待リンクを、「{}」の本人だけに渡してください。本人がパスワードを決めます。"
        "{}まで、1回だけ使えます。この画面を離れると、もう表示されません。 <code>{}</code>",
        account,
        japanese_moment(last_moment()),
        address,
    )


class InvitationForm(SetPasswordForm):  # type: ignore[type-arg]  # not subscriptable at run time
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].label = "パスワード"
        self.fields["new_password2"].label = "もう一度、同じパスワード"


class InvitationView(PasswordResetConfirmView):
    """
    The page of the link. Django moves the token into the session and out of the address.

    Nobody is logged in by it: the password and the second factor follow at the login.
    """

    template_name = "login/invitation.html"
    form_class = InvitationForm
    token_generator = tokens
    reset_url_token = "choose"  # noqa: S105 - a part of the address
    success_url = reverse_lazy("admin:login")
    title = "パスワードを決める"

    def get_user(self, uidb64: str) -> Any:
        account = super().get_user(uidb64)
        return account if account is not None and account.is_active else None

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        name = form.user.get_username()
        record_event(SecurityEvent.PASSWORD_CHANGED, account=name, request=self.request)
        messages.success(self.request, CHOSEN.format(name))
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if not self.validlink:
            context["title"] = "使えない招待リンク"
        names = {"site_header": admin.site.site_header, "site_title": admin.site.site_title}
        return {**context, **names, "officer": self.user}

    def render_to_response(self, context: dict[str, Any], **options: Any) -> HttpResponse:
        return super().render_to_response(context, status=200 if self.validlink else 404, **options)

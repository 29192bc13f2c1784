"""What officers hold in their hands: an authenticator that knows a key, and a form to fill in."""

import re
import time
from base64 import b32decode
from http import HTTPStatus
from typing import Any

from django.contrib.auth.models import User
from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from bureaus.login.second_factor import AUTHENTICATOR

LOGIN, CODE, SET_UP = "/admin/login/", "/admin/second-factor/", "/admin/second-factor/set-up/"
STEP = 30


def code_of(key: bytes, *, later: int = 0) -> str:
    """What the authenticator shows so many steps from now: no code is accepted twice."""
    totp = TOTP(key, step=STEP)
    totp.time = time.time() + later * STEP
    return f"{totp.token():06}"


def key_on(page: str) -> bytes:
    """The key that a page shows, typed over as an officer does."""
    groups = page.partition("<code>")[2].partition("</code>")[0]
    return b32decode(groups.replace(" ", ""))


def wrong(code: str) -> str:
    return f"{(int(code) + 500_000) % 1_000_000:06}"


def password_of(officer: User) -> str:
    return {"田中": "ひみつ-tanaka-2013"}.get(officer.username, f"ひみつ-{officer.username}-2013")


def log_in(client: Client, officer: User, *, way: str = "/admin/", **headers: Any) -> Any:
    data = {"username": officer.username, "password": password_of(officer), "next": way}
    return client.post(LOGIN, data, **headers)


def fail(client: Client, name: str, *, times: int = 1, **headers: Any) -> Any:
    for _ in range(times):
        answer = client.post(LOGIN, {"username": name, "password": "まちがい"}, **headers)
    return answer


def give_authenticator(officer: User) -> TOTPDevice:
    device: TOTPDevice = TOTPDevice.objects.create(user=officer, name=AUTHENTICATOR)
    return device


def is_inside(client: Client, **headers: Any) -> bool:
    return bool(client.get("/admin/", **headers).status_code == HTTPStatus.OK)


def browser(**headers: Any) -> Client:
    """Another browser, with no cookies yet."""
    return Client(HTTP_HOST="localhost", **headers)


def accept_invitation(text: str, password: str) -> Any:
    """Follow the link in `text`, where there is one, and choose the password as its owner."""
    link = re.search(r"/admin/invitation/[^\s<]+", text)
    if link is None:
        return None
    owner = browser()
    form = owner.get(link[0], follow=True).redirect_chain[-1][0]
    return owner.post(form, {"new_password1": password, "new_password2": password})

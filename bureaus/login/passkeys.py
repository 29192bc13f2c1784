"""Passkeys by WebAuthn: options for the browser, and the check of what it answers."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url
from webauthn.helpers.structs import PublicKeyCredentialDescriptor
from webauthn.registration.verify_registration_response import VerifiedRegistration

from bureaus.login.models import Passkey
from bureaus.login.second_factor import has_factor
from bureaus.security.log import SecurityEvent, record_event

CHALLENGE = "passkey_challenge"  # in the session, for one answer
NAME = "パスキー"
REFUSED = "パスキーを確かめられませんでした。もう一度、ボタンを押してください。"


def host_of(request: HttpRequest) -> str:
    """Return the name to which passkeys are bound, which is the name in the address bar."""
    return request.get_host().rpartition(":")[0] or request.get_host()


def origin(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"


def keys_of(officer: User) -> list[PublicKeyCredentialDescriptor]:
    """1 query."""
    identifiers = Passkey.objects.filter(user=officer.pk).values_list("credential_id", flat=True)
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(each)) for each in identifiers]


def registration_options(request: HttpRequest, officer: User) -> str:
    """Return what navigator.credentials.create() is asked, as JSON. 1 query."""
    options = generate_registration_options(
        rp_id=host_of(request),
        rp_name=settings.OTP_TOTP_ISSUER,
        user_name=officer.get_username(),
        user_id=f"officer-{officer.pk}".encode(),
        exclude_credentials=keys_of(officer),
    )
    request.session[CHALLENGE] = bytes_to_base64url(options.challenge)
    return str(options_to_json(options))


def register(request: HttpRequest, officer: User, credential: str) -> Passkey | None:
    """
    Store the new passkey that answers the last challenge; None for any other.

    A session that has not shown a second factor stores the first one only.
    """
    challenge = used_challenge(request)
    if not challenge:
        return None
    try:
        made = verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=host_of(request),
            expected_origin=origin(request),
        )
    except Exception:  # noqa: BLE001 - its readers of CBOR, JSON and keys raise their own
        return None
    user: Any = request.user
    return stored(made, officer, is_first=not user.is_verified())


@transaction.atomic
def stored(made: VerifiedRegistration, officer: User, *, is_first: bool) -> Passkey | None:
    User.objects.select_for_update().get(pk=officer.pk)  # one at a time
    if is_first and has_factor(officer):
        return None
    identifier = bytes_to_base64url(made.credential_id)
    passkey: Passkey
    passkey, is_new = Passkey.objects.get_or_create(
        credential_id=identifier,
        defaults={
            "user": officer,
            "name": NAME,
            "public_key": made.credential_public_key,
            "sign_count": made.sign_count,
        },
    )
    if not is_new:
        return None
    record_event(SecurityEvent.FACTOR_ADDED, kind="passkey", target=officer.get_username())
    return passkey


def authentication_options(request: HttpRequest, officer: User) -> str:
    """Return what navigator.credentials.get() is asked, or an empty text without a passkey."""
    keys = keys_of(officer)
    if not keys:
        return ""
    options = generate_authentication_options(rp_id=host_of(request), allow_credentials=keys)
    request.session[CHALLENGE] = bytes_to_base64url(options.challenge)
    return str(options_to_json(options))


def verify(request: HttpRequest, officer: User, credential: str) -> Passkey | None:
    """Return the passkey of `officer` that signed the last challenge; None for any other."""
    challenge = used_challenge(request)
    if not challenge:
        return None
    with transaction.atomic():
        passkey: Passkey
        for passkey in Passkey.objects.select_for_update().filter(user=officer.pk):
            try:
                signed = verify_authentication_response(
                    credential=credential,
                    expected_challenge=challenge,
                    expected_rp_id=host_of(request),
                    expected_origin=origin(request),
                    credential_public_key=bytes(passkey.public_key),
                    credential_current_sign_count=passkey.sign_count,
                )
            except Exception:  # noqa: BLE001, S112 - as in `register`
                continue
            if bytes_to_base64url(signed.credential_id) == passkey.credential_id:
                passkey.sign_count = signed.new_sign_count
                passkey.set_last_used_timestamp(commit=False)
                passkey.save()
                return passkey
    return None


def used_challenge(request: HttpRequest) -> bytes:
    """Return the challenge of this session, or none, and forget it: it is answered once."""
    return base64url_to_bytes(request.session.pop(CHALLENGE, ""))

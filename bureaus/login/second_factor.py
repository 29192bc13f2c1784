"""An officer's second factor: one authenticator, and backup codes for its loss."""

import re
import unicodedata
from base64 import b32encode
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.db import transaction
from django_otp import verify_token
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice, default_key
from segno import make

from bureaus.login.models import BackupCode, BackupCodes, Passkey
from bureaus.security.log import SecurityEvent, record_event

AUTHENTICATOR = "認証アプリ"
BACKUP = "予備コード"
BACKUP_CODES = 10
MARGIN = 4  # modules of white around a QR code, as the standard requires
SHAPE_OF_CODE = re.compile(r"[0-9]{6}")
GROUP = 4
MORE = 2  # factors, of which one can go
DIGITS = 18  # of a key


@dataclass(frozen=True, slots=True)
class Secret:
    """A key in the forms in which an authenticator receives it."""

    groups: str
    address: str
    square: str
    size: int


def new_key() -> str:
    return str(default_key())


def secret(officer: User, key: str) -> Secret:
    device = TOTPDevice(user=officer, key=key)
    text = b32encode(device.bin_key).decode()
    groups = " ".join(text[start : start + GROUP] for start in range(0, len(text), GROUP))
    rows = make(device.config_url, micro=False, error="m").matrix
    dark = (
        f"M{MARGIN + across} {MARGIN + down}h1v1h-1z"
        for down, row in enumerate(rows)
        for across, module in enumerate(row)
        if module
    )
    return Secret(groups, device.config_url, "".join(dark), len(rows) + 2 * MARGIN)


def has_factor(officer: User) -> bool:
    """Tell whether the officer has an authenticator or a passkey. 1 query."""
    mine = {"user": officer.pk, "confirmed": True}
    authenticators = TOTPDevice.objects.filter(**mine).values("pk")
    return bool(authenticators.union(Passkey.objects.filter(**mine).values("pk"), all=True)[:1])


def normalize_code(text: str) -> str:
    """Return a code without differences of width, case, spaces and hyphens."""
    return re.sub(r"[\s\-‐-―ー−]", "", unicodedata.normalize("NFKC", text)).lower()


def device_for(officer: User, code: str) -> TOTPDevice | BackupCodes | None:
    """
    Return the device that a code of this form is for.

    A wrong code then delays that device alone: after mistyped digits a backup code still works.
    """
    model = TOTPDevice if SHAPE_OF_CODE.fullmatch(code) else BackupCodes
    device: TOTPDevice | BackupCodes | None = (
        model.objects.filter(user=officer.pk, confirmed=True).order_by("pk").first()
    )
    return device


def locked_until(device: TOTPDevice | BackupCodes) -> datetime | None:
    is_allowed, reason = device.verify_is_allowed()
    return None if is_allowed else reason["locked_until"]


def accepts(device: TOTPDevice | BackupCodes, officer: User, code: str) -> bool:
    """Tell whether it is a code of `device`, and use it up; a wrong one is counted."""
    return verify_token(officer, device.persistent_id, code) is not None


def has_authenticator(officer: User) -> bool:
    return bool(TOTPDevice.objects.filter(user=officer.pk, confirmed=True).exists())


def set_up(officer: User, key: str, code: str, *, is_first: bool = True) -> TOTPDevice | None:
    """
    Create the authenticator with this key if `code` is its code; None otherwise.

    `is_first`: the officer has not shown another factor, and so must have none.
    """
    with transaction.atomic():
        User.objects.select_for_update().get(pk=officer.pk)  # one at a time
        if has_factor(officer) if is_first else has_authenticator(officer):
            return None
        device: TOTPDevice = TOTPDevice.objects.create(user=officer, key=key, name=AUTHENTICATOR)
        if not device.verify_token(code):
            device.delete()
            return None
    record_event(SecurityEvent.FACTOR_ADDED, kind="authenticator", target=officer.get_username())
    return device


def renew_backup_codes(officer: User) -> list[str]:
    """Return ten new codes, of which the hashes are stored; earlier ones are no longer valid."""
    codes = [str(StaticToken.random_token()) for _ in range(BACKUP_CODES)]
    hashes = [make_password(code) for code in codes]
    with transaction.atomic():
        User.objects.select_for_update().get(pk=officer.pk)
        delete_backup_codes(officer)
        device = BackupCodes.objects.create(user=officer, name=BACKUP)
        BackupCode.objects.bulk_create(BackupCode(device=device, hash=hash_) for hash_ in hashes)
    record_event(SecurityEvent.CODES_RENEWED, target=officer.get_username())
    return [f"{code[:GROUP]}-{code[GROUP:]}" for code in codes]


def delete_backup_codes(officer: User) -> None:
    """Delete the codes, and those that the version before this one still accepts."""
    BackupCodes.objects.filter(user=officer.pk).delete()
    StaticDevice.objects.filter(user=officer.pk).delete()


def backup_codes_left(officer: User) -> int:
    return BackupCode.objects.filter(device__user=officer.pk).count()


def device_named(officer: User, factor: str) -> TOTPDevice | Passkey | None:
    """Return the officer's authenticator, or their passkey with this key. 1 query."""
    mine = {"user": officer.pk, "confirmed": True}
    device: TOTPDevice | Passkey | None = None
    if factor == "authenticator":
        device = TOTPDevice.objects.filter(**mine).order_by("pk").first()
    elif factor.isdecimal():
        device = Passkey.objects.filter(**mine, pk=int(factor[:DIGITS])).first()
    return device


def remove_one(officer: User, device: TOTPDevice | Passkey) -> bool:
    """Remove `device` unless it is the last factor of the officer; return whether it was not."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=officer.pk)  # one at a time
        mine = {"user": officer.pk, "confirmed": True}
        passkeys, authenticators = Passkey.objects.filter(**mine), TOTPDevice.objects.filter(**mine)
        if passkeys.count() + bool(authenticators) < MORE:
            return False
        if isinstance(device, Passkey):
            device.delete()
        else:
            TOTPDevice.objects.filter(user=officer.pk).delete()
    kind = "passkey" if isinstance(device, Passkey) else "authenticator"
    record_event(SecurityEvent.FACTOR_REMOVED, kind=kind, target=officer.get_username())
    return True


def remove(officer: User) -> tuple[int, int]:
    """Remove all devices; return the numbers of authenticators and passkeys, and of codes."""
    with transaction.atomic():
        codes = backup_codes_left(officer)
        delete_backup_codes(officer)
        authenticators, _ = TOTPDevice.objects.filter(user=officer.pk).delete()
        passkeys, _ = Passkey.objects.filter(user=officer.pk).delete()
    record_event(SecurityEvent.FACTOR_REMOVED, target=officer.get_username())
    return authenticators + passkeys, codes

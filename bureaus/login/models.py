"""What the login stores besides Django's accounts: second factors, and whose a session is."""

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.db import models
from django_otp.models import Device, ThrottlingMixin, TimestampMixin


class BackupCodes(TimestampMixin, ThrottlingMixin, Device):
    """
    The backup codes of an officer, for the loss of the authenticator.

    They are django-otp's static device with hashes in place of the codes: a code has 40 bits, so
    that it is hashed as a password is (ASVS 6.5.2).
    """

    class Meta:
        verbose_name = verbose_name_plural = "予備コード"

    def get_throttle_factor(self) -> int:
        return 1

    def verify_token(self, token: str) -> bool:
        """Use up the code `token`. Up to ten hashes are compared, a quarter of a second."""
        is_allowed, _ = self.verify_is_allowed()
        if not is_allowed:
            return False
        found = next((code for code in self.codes.all() if check_password(token, code.hash)), None)
        if found is None:
            self.throttle_increment()
            return False
        found.delete()
        self.throttle_reset(commit=False)
        self.set_last_used_timestamp(commit=False)
        self.save()
        return True


class BackupCode(models.Model):
    device = models.ForeignKey(BackupCodes, on_delete=models.CASCADE, related_name="codes")
    hash = models.CharField("コードの要約", max_length=128)

    class Meta:
        verbose_name = verbose_name_plural = "予備コード（1つ）"

    def __str__(self) -> str:
        return f"{self.device} {self.pk}"


class Passkey(TimestampMixin, Device):
    """
    The public key of a passkey: a second factor that signs for this address alone.

    A code can be typed into a forged page; the browser gives a signature to none.
    """

    credential_id = models.CharField("識別子", max_length=1400, unique=True)
    public_key = models.BinaryField("公開鍵")
    sign_count = models.PositiveBigIntegerField("署名の回数", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "パスキー"


class OfficerSession(models.Model):
    """Whose a session is: Django's table of sessions does not tell."""

    session_key = models.CharField("セッション", max_length=40, primary_key=True)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, verbose_name="担当者"
    )

    class Meta:
        verbose_name = verbose_name_plural = "ログイン中の端末"

    def __str__(self) -> str:
        return f"{self.officer}"

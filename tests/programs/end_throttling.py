"""Move the last failure of every one-time password a minute into the past."""

from datetime import timedelta

from django.db.models import F
from django_otp.plugins.otp_totp.models import TOTPDevice


def main() -> None:
    earlier = F("throttling_failure_timestamp") - timedelta(minutes=1)
    TOTPDevice.objects.update(throttling_failure_timestamp=earlier)

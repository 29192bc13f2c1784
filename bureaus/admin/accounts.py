"""The login of the admin, and what packages put into it that nobody should read there."""

from django.contrib import admin
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from bureaus.login.forms import LoginForm

KEYS_OF_SECOND_FACTORS = (StaticDevice, TOTPDevice)

admin.site.login_form = LoginForm
admin.site.unregister(KEYS_OF_SECOND_FACTORS)

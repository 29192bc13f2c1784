from collections.abc import Callable
from typing import Any

from django.urls import URLPattern

from bureaus.admin import compare


def addresses(admin_view: Callable[..., Any]) -> list[URLPattern]:
    return compare.addresses(admin_view)

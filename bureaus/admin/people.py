from collections.abc import Callable
from typing import Any

from django.urls import URLPattern


def addresses(admin_view: Callable[..., Any]) -> list[URLPattern]:
    del admin_view
    return []

"""
Django's JSON, in which nothing refers to an account.

Another site has other accounts: a name may be missing there, and a number somebody else's.
"""

from typing import Any

from django.conf import settings
from django.core.serializers import json
from django.db.models import ForeignKey, Model

FORMAT = "json-without-accounts"


class Serializer(json.Serializer):
    def handle_fk_field(self, obj: Model, field: "ForeignKey[Any, Any]") -> None:
        if field.related_model._meta.label == settings.AUTH_USER_MODEL:
            self._current[field.name] = None  # type: ignore[attr-defined]
        else:
            super().handle_fk_field(obj, field)


Deserializer = json.Deserializer

"""
Django's JSON serializer without references to accounts.

On another site the same user name may be missing, and the same key belong to somebody else.
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

"""
The JSON serializer without references to accounts.

On another site the same user name may be missing, and the same key belong to somebody else.
"""

from typing import Any

from django.conf import settings
from django.db.models import ForeignKey, Model

from bureaus.loading import ordered_json

FORMAT = "json-without-accounts"


class Serializer(ordered_json.Serializer):
    def handle_fk_field(self, obj: Model, field: "ForeignKey[Any, Any]") -> None:
        if field.related_model._meta.label == settings.AUTH_USER_MODEL:
            self._current[field.name] = None  # type: ignore[attr-defined]
        else:
            super().handle_fk_field(obj, field)


Deserializer = ordered_json.Deserializer

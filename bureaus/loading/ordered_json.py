"""
Django's JSON serializer, with the same bytes from either database.

PostgreSQL stores the keys of a JSON value in an order of its own, and neither database orders the
groups of an account.
"""

from typing import Any

from django.core.serializers import json
from django.db.models import Field, JSONField, ManyToManyField, Model

FORMAT = "ordered-json"


class Serializer(json.Serializer):
    def handle_field(self, obj: Model, field: "Field[Any, Any]") -> None:
        super().handle_field(obj, field)
        if isinstance(field, JSONField):
            self._current[field.name] = in_order(self._current[field.name])  # type: ignore[attr-defined]

    def handle_m2m_field(self, obj: Model, field: "ManyToManyField[Any, Any]") -> None:
        super().handle_m2m_field(obj, field)
        self._current[field.name].sort()  # type: ignore[attr-defined]


def in_order(value: object) -> object:
    """Return a JSON value with the keys of its objects in order."""
    if isinstance(value, dict):
        return {name: in_order(value[name]) for name in sorted(value)}
    return [in_order(each) for each in value] if isinstance(value, list) else value


Deserializer = json.Deserializer

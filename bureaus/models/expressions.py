"""Expressions of the database that Django lacks."""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.functions import Coalesce


class StoredInteger(Coalesce):
    """A `Coalesce` of integers, which Django would convert to integers again, row by row."""

    def get_db_converters(self, connection: BaseDatabaseWrapper) -> list[Any]:
        del connection
        return []

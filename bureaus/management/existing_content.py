"""What a database holds already, read without the tables that it may lack."""

from django.contrib.auth.models import User
from django.db import connection
from django.db.models import Model

from bureaus.models import Page


def page_count() -> int:
    return count(Page)


def account_count() -> int:
    return count(User)


def count(model: type[Model]) -> int:
    """Return the number of rows; 0 where the database has no such table yet."""
    if model._meta.db_table not in connection.introspection.table_names():
        return 0
    return model._default_manager.count()

"""What Django's support for tests does for every test and no test here needs."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from django.core.management.commands import flush
from django.test import client as test_client

from tests.helpers.quick_login import force_login

client: Any = test_client  # its stubs leave out what is replaced here
KEPT = {"django_content_type", "auth_permission"}
record = client.store_rendered_templates


@contextmanager
def without_overhead() -> Iterator[None]:
    with (
        mock.patch.object(client, "store_rendered_templates", record_page),
        mock.patch.object(client.ClientMixin, "force_login", force_login),
        mock.patch.object(flush, "sql_flush", flush_rest),
        mock.patch.object(flush, "emit_post_migrate_signal", return_value=None),
    ):
        yield


def record_page(
    store: dict[str, Any], signal: Any, sender: Any, template: Any, context: Any, **rest: Any
) -> None:
    """
    Keep the contexts of whole templates only, not a copy for each template that they include.

    The copies are a tenth of what a page of the admin costs in a test.
    """
    if context.template is template:
        record(store, signal, sender, template, context, **rest)


def flush_rest(style: Any, connection: Any, **options: Any) -> list[str]:
    """Empty all tables but those that every migration fills: filling them takes longer."""
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    tables = [name for name in names if name not in KEPT]
    statements: list[str] = connection.ops.sql_flush(style, tables, **options)
    return statements

"""What the server makes of a request before Django sees it."""

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.db import connection

from ministry_site.serving.environ import environ_of

SCOPE = {
    "type": "http",
    "http_version": "2",
    "method": "GET",
    "scheme": "http",
    "raw_path": b"/%E6%94%BF/%ff/",
    "query_string": b"q=\xe6\x94\xbf",
    "server": ("127.0.0.1", "8000"),
    "client": ("192.0.2.1", "50000"),
    "headers": [],
}


def request_with(*headers: tuple[bytes, bytes]) -> WSGIRequest:
    return WSGIRequest(environ_of({**SCOPE, "headers": list(headers)}))


def test_an_address_in_any_encoding_is_one_that_django_reads() -> None:
    request = request_with()
    assert request.path_info == "/政/%FF/"
    assert request.GET["q"] == "政"
    assert request.META["REMOTE_ADDR"] == "192.0.2.1"


def test_cookies_that_come_one_by_one_are_all_read() -> None:
    request = request_with((b"cookie", b"a=1"), (b"cookie", b"b=2"))
    assert request.COOKIES == {"a": "1", "b": "2"}


@pytest.mark.parametrize("name", [b"x_forwarded_for", b"X_Forwarded_For", b"x-forwarded_for"])
def test_a_header_that_would_pass_for_another_is_dropped(name: bytes) -> None:
    request = request_with((b"x-forwarded-for", b"192.0.2.7"), (name, b"203.0.113.9"))
    assert request.META["HTTP_X_FORWARDED_FOR"] == "192.0.2.7"


def test_no_connection_maps_the_database_into_its_memory(db: None) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has memory of its own")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA mmap_size")
        assert cursor.fetchone() in {None, (0,)}

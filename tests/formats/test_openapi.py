"""The description of the JSON, held to the real answers."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, settings
from jsonschema import Draft202012Validator, FormatChecker
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from bureaus.formats.openapi import SCHEMAS, openapi_document
from bureaus.models import Page
from bureaus.reading.request_paths import json_address
from tests.helpers.storms import size

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.usefixtures("ministry")]
ORIGIN = "http://localhost"


def closed(schema: Any) -> Any:
    """Return the schema, which then allows no key that it does not name."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    named = {name: closed(each) for name, each in schema.items()}
    return named | ({"additionalProperties": False} if "properties" in named else {})


def faults(name: str, data: Any) -> list[str]:
    whole = {"$ref": f"#/components/schemas/{name}", "components": {"schemas": closed(SCHEMAS)}}
    validator = Draft202012Validator(whole, format_checker=FormatChecker())
    return [
        f"{'/'.join(map(str, error.path))}: {error.message}"
        for error in validator.iter_errors(data)
    ]


def test_every_page_is_as_it_is_described_and_has_no_other_key(citizen: Client) -> None:
    for key in Page.objects.values_list("key", flat=True):
        for address in (json_address(key), f"{json_address(key)}?at=2024-08-01"):
            response = citizen.get(address)
            name = "Page" if response.status_code == 200 else "Error"
            assert faults(name, response.json()) == [], address


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("NewsList", "/news.json"),
        ("NewsList", "/news.json?year=2013&category=press"),
        ("NewsList", "/main_sosiki/joho_kokusai/news.json"),
        ("EventList", "/events.json"),
        ("Error", "/nothing.json"),
        ("Error", "/news.json?at=never"),
    ],
)
def test_every_list_and_refusal_is_as_it_is_described(
    citizen: Client, name: str, address: str
) -> None:
    assert faults(name, citizen.get(address).json()) == []


def test_a_wrong_answer_would_be_found() -> None:
    assert faults("Address", {"url": 1, "json": "x", "other": ""}) != []


def test_the_document_is_served_to_programs_of_any_site(citizen: Client) -> None:
    response = citizen.get("/openapi.json")
    assert response.json() == openapi_document(ORIGIN)
    assert response.headers["Access-Control-Allow-Origin"] == "*"


@pytest.fixture
def open_connection() -> Iterator[None]:
    """The database of the test stays open from one request to the next, as for Django's client."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


schema = schemathesis.openapi.from_dict(openapi_document(ORIGIN))


@pytest.mark.usefixtures("open_connection")
@schema.parametrize()
@settings(max_examples=size(4, full=100), suppress_health_check=list(HealthCheck), deadline=None)
def test_schemathesis_finds_no_answer_that_is_not_described(case: Any) -> None:
    case.call_and_validate(
        app=get_wsgi_application(),
        base_url=ORIGIN,
        headers={"Accept-Encoding": "identity"},
        # Days are read as people write them, and no pattern knows those that are yet to come.
        excluded_checks=[positive_data_acceptance, negative_data_rejection],
    )

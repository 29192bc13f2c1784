"""The whole ministry as data, and what docs/json.md promises about it."""

import json
import re
from typing import Any

import pytest
from django.test import Client

from bureaus.models import CATEGORIES_OF, Kind, Page
from bureaus.reading.request_paths import json_address
from tests.helpers.paths import ROOT
from tests.helpers.reader import BUREAU, walk

DOCUMENT = (ROOT / "docs" / "json.md").read_text()
SITE = "http://localhost"

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("ministry"),
    pytest.mark.one_database_unless_long,
]


def fetch(client: Client, address: str) -> Any:
    response = client.get(address)
    assert response.status_code == 200, address
    return json.loads(response.content)


def test_every_public_page_and_list_is_there_as_data(citizen: Client) -> None:
    for address in walk(citizen).keys() - {"/data/"}:  # which lists the data
        if address.endswith("/history/"):
            timemap = fetch(citizen, f"{address}timemap.json")
            assert timemap["original_uri"] == f"{SITE}{address.removesuffix('history/')}"
            continue
        data = fetch(citizen, json_address(address))
        assert data["url"] == f"{SITE}{address}"
        assert data["title"]


def test_every_page_can_be_reached_from_its_parent(citizen: Client) -> None:
    waiting, reached = [f"{SITE}/index.json"], set()
    while waiting:
        address = waiting.pop()
        reached.add(address)
        children = fetch(citizen, address.removeprefix(SITE))["children"]
        waiting += [child["json"] for child in children]
    tree = Page.objects.exclude(kind=Kind.NEWS_ITEM).values_list("key", flat=True)
    assert reached == {f"{SITE}{json_address(address)}" for address in tree}


# What the document promises


def example(name: str) -> Any:
    found = re.search(rf"## {name}.*?```json\n(.*?)```", DOCUMENT, re.DOTALL)
    assert found
    return json.loads(found[1])


def shape(value: Any) -> Any:
    """The keys of `value` at every depth, of a list those of its first item."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    return [shape(value[0])] if isinstance(value, list) and value else None


def test_the_document_shows_the_keys_of_a_page(citizen: Client) -> None:
    section = f"{BUREAU}kenkyu_hyojun.json"
    actual, documented = shape(fetch(citizen, f"{BUREAU[:-1]}.json")), shape(example("ページ"))
    assert list(documented) == list(actual)
    for key, keys in actual.items():
        if keys and documented[key]:
            assert documented[key] == keys, key
    assert list(fetch(citizen, section)) == list(actual)


def test_the_document_shows_the_keys_of_a_list(citizen: Client) -> None:
    assert shape(example("新着情報の一覧")) == shape(fetch(citizen, "/news.json?page=1"))


def test_the_document_shows_the_keys_of_a_timemap(citizen: Client) -> None:
    timemap = fetch(citizen, "/terms/history/timemap.json")
    assert shape(example("過去の内容")) == shape(timemap)


def test_the_document_names_every_key_kind_and_category(citizen: Client) -> None:
    keys = {*example("ページ"), *example("新着情報の一覧")}
    kinds = {kind.value for kind in Kind}
    categories = {category.value for category in CATEGORIES_OF[Kind.NEWS_ITEM]}
    missing = {name for name in keys | kinds | categories if f"`{name}`" not in DOCUMENT}
    assert missing == set()

"""Between the branches: what an officer neither learns of another's, nor does to it."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from bureaus.models import Kind, Page
from tests.cast import Site, publish
from tests.editing import drafted

DAY = timedelta(days=1)


def of(officer: User) -> Client:
    client = Client()
    client.force_login(officer)
    return client


def screen(name: str, *args: int) -> str:
    return reverse(f"admin:{name}", args=args)


@pytest.fixture
def other(site: Site) -> Page:
    """A bureau that none of the officers of the other one keeps."""
    return publish(site.guide, "toukei", "統計局", kind=Kind.ORGANISATION, category="bureau")


# What there is


def test_a_foreign_draft_of_a_public_page_answers_as_one_that_is_not_there(
    site: Site, writer: User, outsider: User
) -> None:
    draft, client = drafted(site.bureau, writer), of(outsider)
    for number in (draft.pk, draft.pk + 1_000):
        for name in ("edition-review", "edition-view", "bureaus_edition_change"):
            assert client.get(screen(name, number)).status_code == HTTPStatus.NOT_FOUND
        asked = f"{screen('release')}?edition={number}"
        assert client.get(asked).status_code == HTTPStatus.NOT_FOUND


def test_what_has_been_public_is_refused_with_the_way_to_go(site: Site, outsider: User) -> None:
    public = site.bureau.editions.get()
    refused = of(outsider).get(screen("edition-view", public.pk))
    assert refused.status_code == HTTPStatus.FORBIDDEN
    assert "公開中の内容は、公開ページで見られます" in refused.content.decode()


# The link that is shown once


def test_a_head_does_not_use_up_the_link_that_is_shown_once(site: Site, writer: User) -> None:
    draft, client = drafted(site.bureau, writer), of(writer)
    client.post(screen("edition-share", draft.pk))
    view = screen("edition-view", draft.pk)
    client.head(view)
    assert 'id="shared-link"' in client.get(view).content.decode()
    assert 'id="shared-link"' not in client.get(view).content.decode()

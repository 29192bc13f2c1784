"""The words of visibility say the same as querysets, as conditions and as properties."""

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User

from bureaus.models import Edition, Page
from bureaus.models.visibility import ever_public, visible_pages
from bureaus.permissions import Grants, grants_of
from tests.helpers.cast import OPENING, Site, approve, place
from tests.helpers.editing import drafted

pytestmark = pytest.mark.django_db
LATER = OPENING + timedelta(days=100)
MOMENTS = [
    OPENING - timedelta(days=1),
    OPENING,
    LATER - timedelta(microseconds=1),
    LATER,
    LATER + timedelta(days=1),
]


@pytest.fixture
def mixed(site: Site, writer: User) -> Site:
    """Pages with a draft, with a later edition, with a later edition only."""
    drafted(site.bureau, writer)
    approve(site.guide, "改訂", live_from=LATER)
    approve(place(site.guide, "new"), "予約", live_from=LATER)
    return site


@pytest.mark.parametrize("at", MOMENTS)
def test_a_queryset_word_selects_what_the_property_says(mixed: Site, at: datetime) -> None:
    editions = list(Edition.objects.all())
    words = Edition.objects
    assert set(words.begun(at)) == {each for each in editions if each.has_begun(at)}
    assert set(words.booked(at)) == {each for each in editions if each.is_booked(at)}
    assert set(words.in_force(at)) == {each for each in editions if each.is_in_force(at)}
    assert set(words.not_ended(at)) == {
        each for each in editions if each.is_open or each.is_booked(at) or each.is_in_force(at)
    }
    assert set(words.open()) == {each for each in editions if each.is_open}


def test_approved_editions_are_those_with_a_start(mixed: Site) -> None:
    approved = set(Edition.objects.approved())
    assert approved == set(Edition.objects.with_start())
    assert approved == set(Edition.objects.all()) - set(Edition.objects.open())


@pytest.mark.parametrize("at", MOMENTS)
def test_a_page_is_visible_that_was_ever_public_or_is_in_a_branch(
    mixed: Site, writer: User, outsider: User, at: datetime
) -> None:
    public = {edition.page_id for edition in Edition.objects.begun(at)}
    assert {page.pk for page in Page.objects.ever_public(at)} == public
    assert {page.pk for page in Page.objects.filter(ever_public(at))} == public
    for user in (writer, outsider):
        grants = grants_of(user)
        own = {page.pk for page in Page.objects.all() if grants.can_view(page)}
        assert {page.pk for page in Page.objects.visible_to(grants, at)} == public | own
        assert {page.pk for page in Page.objects.filter(visible_pages(grants, at))} == public | own
        readable = {
            each for each in Edition.objects.all() if each.has_begun(at) or each.page_id in own
        }
        assert set(Edition.objects.visible_to(grants, at)) == readable


def test_everything_is_visible_to_the_operator_and_what_is_public_to_anybody(mixed: Site) -> None:
    before = OPENING - timedelta(days=1)
    operator, nobody = Grants(is_unlimited=True), Grants()
    assert set(Edition.objects.visible_to(operator, before)) == set(Edition.objects.all())
    assert set(Page.objects.visible_to(operator, before)) == set(Page.objects.all())
    assert not Edition.objects.visible_to(nobody, before)
    assert not Page.objects.visible_to(nobody, before)

"""What no keyboard types, sent to the admin: a sentence, and never an error of ours."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bureaus.admin.core.version_token import edition_version
from bureaus.models import AuditEntry, Edition, State
from bureaus.publishing import Blocked, return_
from tests.helpers.cast import Site, client_of
from tests.helpers.editing import drafted, submitted

NUMBERS = ["9" * 5_000, "9" * 19, "-1", "０", "1e9", ""]


@pytest.mark.parametrize("comment", ["\0年を直してください", "年を\u202e直してください\u200b"])
def test_what_cannot_be_seen_is_not_recorded(
    site: Site, writer: User, approver: User, comment: str
) -> None:
    edition = submitted(site.bureau, writer)
    data = {"decision": "return", "comment": comment, "version": edition_version(edition)}
    answer = client_of(approver).post(reverse("admin:edition-review", args=[edition.pk]), data)
    assert answer.status_code == 302
    note = AuditEntry.objects.filter(edition=edition, action="return").get().note
    assert note == "年を直してください"


def test_a_comment_of_nothing_visible_is_no_comment(
    site: Site, writer: User, approver: User
) -> None:
    edition = submitted(site.bureau, writer)
    with pytest.raises(Blocked) as caught:
        return_(edition=edition, actor=approver, comment="\u200b\u202e \0")
    assert [blocker.code for blocker in caught.value.blockers] == ["comment"]


def test_a_comment_that_nobody_reads_is_refused_and_nothing_is_done(
    site: Site, writer: User, approver: User
) -> None:
    edition = submitted(site.bureau, writer)
    with pytest.raises(Blocked) as caught:
        return_(edition=edition, actor=approver, comment="あ" * 2_001)
    assert "2,001文字あります" in str(caught.value)
    edition.refresh_from_db()
    assert edition.state == State.REVIEW


@pytest.mark.parametrize("number", NUMBERS)
def test_no_number_is_too_great(
    site: Site, writer: User, manager: User, approver: User, number: str
) -> None:
    draft = drafted(site.bureau, writer)
    form = reverse("admin:bureaus_edition_change", args=[draft.pk])
    figure = {"figures-TOTAL_FORMS": "1", "figures-INITIAL_FORMS": "0", "figures-0-image": number}
    assert client_of(writer).post(form, {"revision": number, **figure}).status_code < 500
    assert client_of(approver).get(f"/admin/bureaus/edition/{number}/submit/").status_code < 500
    people = client_of(manager)
    branch = {"name": "新人", "role": "writer", "branch": number}
    assert people.post(reverse("admin:people"), branch).status_code < 500
    ending = {"name": "新人", "role": "writer", "page": number}
    assert people.post(reverse("admin:people-dismiss"), ending).status_code < 500


@pytest.mark.parametrize("day", ["0001-01-01", "0001-01-02", "1887-01-01", "9999-12-31"])
def test_no_day_is_too_far(site: Site, approver: User, day: str) -> None:
    edition = Edition.objects.get(page=site.bureau)
    view = reverse("admin:edition-view", args=[edition.pk])
    answer = client_of(approver).get(f"{view}?date={day}&time=00:00")
    assert answer.status_code == 200
    assert "までの日付にしてください" in answer.content.decode()


def test_no_booking_is_made_for_the_end_of_time(site: Site, writer: User, approver: User) -> None:
    edition = submitted(site.bureau, writer)
    moment = {"date": "9999-12-31", "time": "23:59"}
    data = {"decision": "book", "version": edition_version(edition), **moment}
    answer = client_of(approver).post(reverse("admin:edition-review", args=[edition.pk]), data)
    assert answer.status_code in {400, 409, 422}
    assert not Edition.objects.filter(live_from__gt=timezone.now() + timedelta(days=1)).exists()


@pytest.mark.parametrize(
    "query",
    [
        "auditentry/?action__exact=%00",
        "edition/?state__exact=%00",
        "edition/?title=%00",
        "page/?q=%00",
        "event/?q=a%00b",
    ],
)
def test_a_nul_in_an_address_is_refused(site: Site, operator_client: Client, query: str) -> None:
    assert operator_client.get(f"/admin/bureaus/{query}").status_code == 400

"""What a body may link: what is public when it is, and nobody learns what else there is."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from bureaus import publishing
from bureaus.models import Action, Answer, Document, Edition, Link, Page, State
from bureaus.models.placements import parent_of
from bureaus.publishing import findings_report, submit
from tests.helpers.blockers import blockers_of
from tests.helpers.cast import Site, approve, place
from tests.helpers.editing import TOMORROW, drafted

pytestmark = pytest.mark.django_db
HIDDEN = "/main_sosiki/joho_kokusai/himitsu/"
BOOKED = "/main_sosiki/joho_kokusai/yoyaku/"
PAPER = "/documents/himitsu.pdf"


def linking(*addresses: str) -> str:
    return "".join(f'<p><a href="{address}">新しい制度の案内</a></p>' for address in addresses)


@pytest.fixture
def hidden(site: Site, writer: User) -> Page:
    """A page of the bureau that is a draft, one that is booked, and a paper of the draft."""
    page = place(site.bureau, "himitsu")
    draft = drafted(page, writer, title="新しい制度")
    paper = Document.objects.create(file=PAPER.removeprefix("/"), title="予算案", byte_size=9)
    Link.objects.create(edition=draft, text="予算案", document=paper)
    approve(place(site.bureau, "yoyaku"), "予約", live_from=timezone.now() + TOMORROW)
    return page


def messages_at(edition: Edition, actor: User, address: str, at: Any) -> str:
    """All that an officer learns from a body that links this address, without the address."""
    edition.body = linking(address)
    edition.state = State.REVIEW
    found = [finding.as_json() for finding in findings_report(edition).findings]
    blockers = [
        *blockers_of(Action.SUBMIT, edition=edition, actor=actor),
        *blockers_of(Action.APPROVE, editions=[edition], at=at, actor=actor),
    ]
    return repr((found, blockers)).replace(address, "")


@pytest.mark.parametrize(
    ("there", "nothing"),
    [
        (HIDDEN, HIDDEN.replace("himitsu", "nashi00")),
        (BOOKED, BOOKED.replace("yoyaku", "nashi0")),
        (PAPER, PAPER.replace("himitsu", "nashi00")),
    ],
    ids=["draft", "booked", "document"],
)
def test_an_outsider_learns_nothing_from_a_guessed_address(
    hidden: Page, outsider: User, there: str, nothing: str
) -> None:
    draft = drafted(Page.objects.get(key="/main_sosiki/toukei/"), outsider)
    later = timezone.now() + 2 * TOMORROW
    answers = [messages_at(draft, outsider, address, later) for address in (there, nothing)]
    assert answers[0] == answers[1]
    assert "link-dead" in answers[0]


def links_of(blockers: list[publishing.Blocker]) -> list[str]:
    codes = [blocker.rule or str(blocker.code) for blocker in blockers]
    return [code for code in codes if code.startswith("link")]


@pytest.mark.parametrize("address", [HIDDEN, PAPER])
def test_a_link_to_a_draft_is_warned_of_and_published_only_together_with_it(
    hidden: Page, writer: User, approver: User, citizen: Client, address: str
) -> None:
    bureau = parent_of(hidden)
    assert bureau is not None
    draft = drafted(bureau, writer, body=linking(address))
    assert "link-dead" in {finding.rule for finding in findings_report(draft).findings}
    draft = submit(edition=draft, actor=writer)
    alone = blockers_of(Action.APPROVE, editions=[draft], actor=approver)
    assert links_of(alone) == ["link-dead"]
    assert address in str(alone[0])
    other = submit(edition=Edition.objects.get(page=hidden), actor=writer)
    publishing.approve(editions=[draft, other], actor=approver)
    assert address in citizen.get(bureau.url_path).content.decode()
    assert citizen.get(HIDDEN).status_code == 200


def test_a_link_to_a_booked_page_may_be_public_from_then_on(
    site: Site, hidden: Page, writer: User, approver: User
) -> None:
    draft = submit(edition=drafted(site.bureau, writer, body=linking(BOOKED)), actor=writer)
    start = timezone.now() + TOMORROW
    early, late = (
        links_of(blockers_of(Action.APPROVE, editions=[draft], at=at, actor=approver))
        for at in (start - timedelta(hours=1), start + timedelta(hours=1))
    )
    assert (early, late) == (["link-dead"], [])
    publishing.approve(editions=[draft], at=start + timedelta(hours=1), actor=approver)
    booked = Edition.objects.get(page__key=BOOKED)
    assert links_of(blockers_of(Action.CANCEL_BOOKING, edition=booked, actor=approver)) == ["link"]


def test_a_link_to_a_page_that_will_be_gone_by_then_is_refused(
    site: Site, writer: User, approver: User
) -> None:
    end = timezone.now() + TOMORROW
    approve(site.sections[0], "終了", live_from=end, answer=Answer.GONE)
    body = linking(site.sections[0].url_path)
    draft = submit(edition=drafted(site.bureau, writer, body=body), actor=writer)
    now, then = (
        links_of(blockers_of(Action.APPROVE, editions=[draft], at=at, actor=approver))
        for at in (None, end + timedelta(hours=1))
    )
    assert (now, then) == ([], ["link"])

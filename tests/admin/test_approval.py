"""The approval page: what is shown before, what can be decided, every refusal with blockers."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import product
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml.html import HtmlElement

from bureaus.admin.core.version_token import edition_version
from bureaus.admin.review.approval import FOUR_EYES_CODES
from bureaus.models import Action, Answer, AuditEntry, Edition, Kind, Link, Page, Part, Role, State
from bureaus.publishing import (
    add,
    approve,
    approve_urgently,
    edit,
    submit,
)
from bureaus.text.formatting import TOKYO
from tests.helpers import cast
from tests.helpers.cast import Site
from tests.helpers.editing import actions_of, codes, drafted, submitted, undone
from tests.helpers.generator import grow
from tests.helpers.review_screens import booked, enter, open_buttons, parsed
from tests.helpers.storms import MANY

pytestmark = pytest.mark.one_database

PEOPLE = ("writer", "approver", "second_approver", "manager", "outsider", "operator")
STATES = ("draft", "review", "booked", "urgent", "in force")


def review_url(edition: Edition) -> str:
    return f"/admin/bureaus/edition/{edition.pk}/review/"


def look(client: Client, edition: Edition) -> HtmlElement:
    response = client.get(review_url(edition))
    assert response.status_code == 200
    return parsed(response)


def decide(client: Client, edition: Edition, action: str, **fields: Any) -> HttpResponse:
    """Send the form of the approval page, as it was shown for this edition."""
    sent = {"decision": action, "version": edition_version(edition), **fields}
    response: Any = client.post(review_url(edition), sent)
    return response  # type: ignore[no-any-return]


def minute_later(days: int = 1) -> datetime:
    return (
        (timezone.now() + timedelta(days=days)).astimezone(TOKYO).replace(second=0, microsecond=0)
    )


def in_fields(moment: datetime) -> dict[str, str]:
    return {"date": f"{moment:%Y-%m-%d}", "time": f"{moment:%H:%M}"}


def edition_in(state: str, site: Site, writer: User, approver: User) -> Edition:
    makers: dict[str, Callable[[], Edition]] = {
        "draft": lambda: drafted(site.bureau, writer, lead="ひみつ"),
        "review": lambda: submitted(site.bureau, writer, lead="ひみつ"),
        "booked": lambda: booked(site.bureau, writer, approver, lead="ひみつ"),
        "urgent": lambda: approve_urgently(
            edition=drafted(site.bureau, writer), actor=approver, reason="災害"
        ),
        "in force": lambda: Edition.objects.get(page=site.bureau),
    }
    return makers[state]()


# What is seen


def test_before_and_after_are_shown_as_rendered(site: Site, writer: User, approver: User) -> None:
    before = Edition.objects.get(page=site.bureau)
    edition = submitted(site.bureau, writer)
    frames = [frame.get("src") for frame in look(enter(approver), edition).iterfind(".//iframe")]
    assert frames == [f"/admin/bureaus/edition/{each.pk}/preview/" for each in (before, edition)]


def test_a_new_page_has_no_before(site: Site, writer: User, approver: User) -> None:
    page = add(parent=site.bureau, kind=Kind.PAGE, slug="new", title="新しい課", actor=writer)
    draft = page.editions.get()
    draft = edit(edition=draft, actor=writer, changes={"lead": "要旨"}, revision=draft.revision)
    screen_text = look(enter(approver), submit(edition=draft, actor=writer))
    assert len(screen_text.findall(".//iframe")) == 1
    assert "まだ公開されたことのないページです" in screen_text.text_content()


def test_the_differences_and_what_the_writer_said_are_there(
    site: Site, writer: User, approver: User
) -> None:
    draft = drafted(site.bureau, writer, lead="新しい要旨。")
    edition = submit(edition=draft, actor=writer, note="会見の前にお願いします。")
    text = look(enter(approver), edition).text_content()
    for words in ("新しい要旨。", "要旨を直しました。", "会見の前にお願いします。", "鈴木"):
        assert words in text


def test_the_reasons_of_this_very_officer_stand_at_the_top(
    site: Site, second_approver: User, approver: User
) -> None:
    edition = submitted(site.bureau, second_approver)
    own = look(enter(second_approver), edition)
    assert "いまは承認できません" in own.findall(".//h2")[1].text_content()
    assert "書いたか確認を依頼した本人は承認できません" in own.text_content()
    assert open_buttons(own) == {"差し戻す", "緊急に公開する"}
    other = look(enter(approver), edition)
    assert "あなたが承認できます" in other.text_content()
    assert open_buttons(other) == {"いま公開する", "公開を予約する", "差し戻す", "緊急に公開する"}


def test_what_another_moment_would_mend_can_still_be_booked(
    site: Site, writer: User, approver: User
) -> None:
    parent = add(parent=site.bureau, kind=Kind.PAGE, slug="new", title="新しい課", actor=writer)
    page = add(parent=parent, kind=Kind.PAGE, slug="more", title="その下", actor=writer)
    editions = []
    for each in (parent, page):
        draft = each.editions.get()
        draft = edit(edition=draft, actor=writer, changes={"lead": "要旨"}, revision=draft.revision)
        editions.append(submit(edition=draft, actor=writer))
    client = enter(approver)
    approve(editions=editions[:1], actor=approver, at=minute_later(2))
    buttons = open_buttons(look(client, editions[1]))
    assert "いま公開する" not in buttons
    assert "公開を予約する" in buttons
    early = decide(client, editions[1], "book", **in_fields(minute_later(1)))
    assert early.status_code == 409
    assert "先に親を公開するか" in early.content.decode()
    assert decide(client, editions[1], "book", **in_fields(minute_later(3))).status_code == 302


@pytest.mark.parametrize("state", STATES)
def test_the_urgent_reasons_are_those_of_publishing(
    site: Site, writer: User, approver: User, state: str
) -> None:
    """The approval page asks once and derives them; here both are asked."""
    edition = edition_in(state, site, writer, approver)
    for actor in (writer, approver):
        derived = codes(Action.APPROVE, editions=[edition], actor=actor) - FOUR_EYES_CODES
        found_codes = codes(Action.APPROVE_URGENTLY, edition=edition, actor=actor, reason="。")
        assert derived == found_codes - {"state"}


@pytest.mark.parametrize("link", [True, False])
@pytest.mark.parametrize("size", [20, MANY])
def test_the_screen_costs_the_same_at_any_size(db: None, size: int, *, link: bool) -> None:
    grow(size)
    page = Page.objects.get(key="/main_sosiki/joho_kokusai/")
    writer = cast.officer("鈴木", {page: [Role.WRITER]})
    client = enter(cast.officer("佐藤", {page: [Role.APPROVER]}))
    draft = drafted(page, writer)
    pages = Page.objects.exclude(pk=page.pk)[: 12 if link else 1]
    parts: dict[type[Part], list[Link]] = {Link: [Link(text="報告書", page=each) for each in pages]}
    draft = edit(edition=draft, actor=writer, changes={}, revision=draft.revision, parts=parts)
    edition = submit(edition=draft, actor=writer)
    client.get("/admin/")
    with CaptureQueriesContext(connection) as queries:
        assert client.get(review_url(edition)).status_code == 200
    assert len(queries) == 14, [query["sql"] for query in queries]


@pytest.mark.parametrize("answer", [Answer.GONE, Answer.MOVED])
def test_an_end_does_not_cost_more_than_the_budget(
    site: Site, writer: User, approver: User, answer: Answer
) -> None:
    target = site.guide if answer == Answer.MOVED else None
    edition = submitted(site.bureau, writer, answer=answer, moved_to=target)
    client = enter(approver)
    client.get("/admin/")
    with CaptureQueriesContext(connection) as queries:
        assert client.get(review_url(edition)).status_code == 200
    assert len(queries) <= 15


# Who may look and decide


@pytest.fixture
def people(request: pytest.FixtureRequest) -> dict[str, User]:
    return {name: request.getfixturevalue(name) for name in PEOPLE}


@pytest.mark.parametrize("state", STATES)
def test_who_may_look(
    site: Site, people: dict[str, User], subtests: pytest.Subtests, state: str
) -> None:
    edition = edition_in(state, site, people["writer"], people["approver"])
    before = AuditEntry.objects.count()
    has_begun = edition.live_from is not None and edition.live_from <= timezone.now()
    hidden = 403 if has_begun else 404
    for name, user in people.items():
        with subtests.test(person=name):
            response = enter(user).get(review_url(edition))
            assert response.status_code == (hidden if name == "outsider" else 200)
            if name == "outsider":
                assert "ひみつ" not in response.content.decode()
            assert AuditEntry.objects.count() == before


# Which decisions are done in which state, by whom; everything else is refused and changes nothing.
DONE = {
    ("review", "approve"): {"approver", "second_approver", "operator"},
    ("review", "book"): {"approver", "second_approver", "operator"},
    ("review", "return"): {"writer", "approver", "second_approver", "operator"},
    ("review", "urgent"): {"approver", "second_approver", "operator"},
    ("draft", "urgent"): {"approver", "second_approver", "operator"},
    ("urgent", "confirm"): {"second_approver", "operator"},
}
FIELDS = {
    "approve": {"seen": "1"},
    "book": in_fields(minute_later()),
    "return": {"comment": "年を直してください。"},
    "urgent": {"reason": "災害"},
    "confirm": {},
}


def recorded() -> tuple[int, list[Any]]:
    return AuditEntry.objects.count(), list(Edition.objects.order_by("pk").values())


@pytest.mark.parametrize("state", STATES)
def test_what_is_allowed_is_done_and_all_else_refused(
    site: Site, people: dict[str, User], subtests: pytest.Subtests, state: str
) -> None:
    edition = edition_in(state, site, people["writer"], people["approver"])
    before = recorded()
    clients = {name: enter(user) for name, user in people.items()}
    for (name, client), (action, fields) in product(clients.items(), FIELDS.items()):
        with subtests.test(person=name, action=action), undone():
            response = decide(client, edition, action, **fields)
            if name in DONE.get((state, action), set()):
                assert response.status_code == 302
                assert response["Location"] == f"/admin/bureaus/page/{site.bureau.pk}/change/"
                assert AuditEntry.objects.count() == before[0] + 1
                continue
            hidden = {403, 404} if name == "outsider" else set()
            assert response.status_code in (hidden or {400, 403, 409})
            assert recorded() == before


def test_a_page_never_public_is_not_there_for_others(site: Site, outsider: User) -> None:
    page = cast.place(site.bureau, "new")
    draft = Edition(page=page, number=1, title="ひみつ", category="general", state=State.REVIEW)
    draft.save()
    client = enter(outsider)
    assert client.get(review_url(draft)).status_code == 404
    assert decide(client, draft, "approve", seen="1").status_code == 404
    assert client.get("/admin/bureaus/edition/999999/review/").status_code == 404


def test_deciding_takes_a_token(site: Site, writer: User, approver: User) -> None:
    edition = submitted(site.bureau, writer)
    client = Client(HTTP_HOST="localhost", enforce_csrf_checks=True)
    client.force_login(approver)
    assert decide(client, edition, "approve", seen="1").status_code == 403
    assert actions_of(edition)[-1] == Action.SUBMIT


@pytest.mark.parametrize("action", ["", "discard", "approve_now"])
def test_there_are_no_other_actions(site: Site, writer: User, approver: User, action: str) -> None:
    assert decide(enter(approver), submitted(site.bureau, writer), action).status_code == 400

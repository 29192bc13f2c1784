"""Several editions as one release: all of them at one moment, or none."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bureaus.admin.core.version_token import edition_version
from bureaus.models import Action, AuditEntry, Edition, Kind, Page, Role, State
from bureaus.publishing import add, edit, return_, submit
from bureaus.text.formatting import TOKYO, japanese_moment
from tests.helpers import cast
from tests.helpers.cast import Site
from tests.helpers.editing import submitted
from tests.helpers.generator import grow
from tests.helpers.review_screens import booked, enter, open_buttons, parsed
from tests.helpers.storms import MANY

pytestmark = pytest.mark.one_database

HERE = "/admin/bureaus/release/"


def release_params(editions: Iterable[Edition], **more: str) -> dict[str, Any]:
    when = "later" if more.keys() & {"date", "time"} else "now"
    return {"edition": [edition.pk for edition in editions], "when": when, **more}


def decided(editions: Iterable[Edition], **more: str) -> dict[str, Any]:
    """What the form sends for the editions as they were shown."""
    editions = list(editions)
    versions = [edition_version(edition) for edition in editions]
    return {"version": versions, "seen": "1", **release_params(editions, **more)}


def tomorrow() -> dict[str, str]:
    moment = (timezone.now() + timedelta(days=1)).astimezone(TOKYO)
    return {"date": f"{moment:%Y-%m-%d}", "time": f"{moment:%H:%M}"}


@pytest.fixture
def pair(site: Site, writer: User) -> list[Edition]:
    """The bureau and a section of it, both waiting."""
    return [
        submitted(site.bureau, writer, title="新しい局"),
        submitted(site.sections[0], writer, title="新しい政策"),
    ]


def test_each_is_listed_with_its_state_and_a_preview_at_that_moment(
    pair: list[Edition], approver: User
) -> None:
    page = parsed(enter(approver).get(HERE, release_params(pair, date="2031-07-01", time="14:00")))
    frames = [str(frame.get("src")) for frame in page.iterfind(".//iframe")]
    assert frames == [
        f"/admin/bureaus/edition/{each.pk}/preview/?at=2031-07-01T14%3A00%3A00%2B09%3A00"
        for each in pair
    ]
    text = page.text_content()
    for words in ("新しい局 第2版", "新しい政策 第2版", "確認待ち", "2031年7月1日14時00分"):
        assert words in text


def test_what_else_waits_can_be_chosen(pair: list[Edition], approver: User, site: Site) -> None:
    page = parsed(enter(approver).get(HERE))
    boxes = {box.get("value") for box in page.iterfind(".//input[@name='edition']")}
    assert boxes == {str(each.pk) for each in pair}
    assert page.findall(".//input[@checked]") == []


def test_others_drafts_are_not_offered(pair: list[Edition], writer: User, outsider: User) -> None:
    for person in (writer, outsider):  # no approver, or not of this bureau
        text = enter(person).get(HERE).content.decode()
        assert "新しい局" not in text
        assert "確認待ちの版はありません" in text


def test_they_start_together(pair: list[Edition], approver: User) -> None:
    when = tomorrow()
    response = enter(approver).post(HERE, decided(pair, **when))
    assert response.status_code == 302
    stored = Edition.objects.filter(pk__in=[each.pk for each in pair])
    assert len({each.live_from for each in stored}) == 1
    assert len({each.release for each in stored} - {""}) == 1
    moment = stored[0].live_from
    assert moment is not None
    assert f"{moment.astimezone(TOKYO):%Y-%m-%d %H:%M}" == f"{when['date']} {when['time']}"


def test_the_message_says_when(pair: list[Edition], approver: User) -> None:
    client = enter(approver)
    client.post(HERE, decided(pair, **tomorrow()))
    moment = Edition.objects.get(pk=pair[0].pk).live_from
    assert moment is not None
    content = client.get("/admin/password_change/").content.decode()
    assert f"2ページを一括公開で承認しました。{japanese_moment(moment)}に公開されます" in content


def test_now_is_now_for_all(pair: list[Edition], approver: User, citizen: Client) -> None:
    assert enter(approver).post(HERE, decided(pair)).status_code == 302
    text = citizen.get(pair[0].page.url_path).content.decode()
    assert "新しい局" in text
    assert "新しい政策" in text


def test_a_parent_and_its_child_go_together(site: Site, writer: User, approver: User) -> None:
    parent = add(parent=site.bureau, kind=Kind.PAGE, slug="new", title="新しい課", actor=writer)
    child = add(parent=parent, kind=Kind.PAGE, slug="more", title="その下", actor=writer)
    both = []
    for page in (parent, child):
        draft = page.editions.get()
        draft = edit(edition=draft, actor=writer, changes={"lead": "要旨"}, revision=draft.revision)
        both.append(submit(edition=draft, actor=writer))
    client = enter(approver)
    alone = parsed(client.get(HERE, release_params(both[1:])))
    assert "先に親を公開するか、一緒に公開してください" in alone.text_content()
    assert "1ページを、いま公開する" not in open_buttons(alone)
    assert "2ページを、いま公開する" in open_buttons(parsed(client.get(HERE, release_params(both))))
    assert client.post(HERE, decided(both)).status_code == 302


@pytest.mark.parametrize("state", ["draft", "own hand", "booked", "foreign"])
def test_all_or_none_with_each_one_s_reasons(
    pair: list[Edition],
    site: Site,
    request: pytest.FixtureRequest,
    state: str,
) -> None:
    writer, second = (request.getfixturevalue(name) for name in ("writer", "second_approver"))
    section = site.sections[1]
    other = {
        "draft": lambda: return_(edition=submitted(section, writer), actor=writer),
        "own hand": lambda: submitted(section, second),
        "booked": lambda: booked(section, writer, second),
        "foreign": lambda: Edition.objects.get(page=site.guide),
    }[state]()
    editions = [*pair, other]
    before = list(Edition.objects.order_by("pk").values()), AuditEntry.objects.count()
    response = enter(second).post(HERE, decided(editions, **tomorrow()))
    assert response.status_code in {403, 409}
    assert (list(Edition.objects.order_by("pk").values()), AuditEntry.objects.count()) == before


def test_the_reasons_stand_with_their_pages(
    pair: list[Edition], site: Site, second_approver: User
) -> None:
    own = submitted(site.sections[1], second_approver, title="自分の案")
    page = parsed(enter(second_approver).get(HERE, release_params([*pair, own])))
    blockers = {
        str(section.find("h3").text_content()).split()[0]: len(section.findall(".//li"))
        for section in page.iterfind(".//section/div/section")
    }
    assert blockers == {"新しい局": 0, "新しい政策": 0, "自分の案": 1}
    assert not any("公開する" in words for words in open_buttons(page))


def test_one_that_changed_meanwhile_stops_all(
    pair: list[Edition], writer: User, approver: User
) -> None:
    draft = return_(edition=pair[1], actor=writer)
    draft = edit(edition=draft, actor=writer, changes={"lead": "別の話"}, revision=draft.revision)
    submit(edition=draft, actor=writer)
    response = enter(approver).post(HERE, decided(pair))
    assert response.status_code == 409
    assert "見ている間に「新しい政策 第2版」の内容が変わりました" in response.content.decode()
    assert not AuditEntry.objects.filter(action=Action.APPROVE).exists()


def test_who_has_not_looked_is_asked_to(pair: list[Edition], approver: User) -> None:
    response = enter(approver).post(HERE, decided(pair, seen=""))
    assert response.status_code == 422
    assert "見え方を確かめて、印を付けてください" in response.content.decode()
    assert not AuditEntry.objects.filter(action=Action.APPROVE).exists()


def test_a_past_moment_is_refused_with_what_was_typed(pair: list[Edition], approver: User) -> None:
    client, past = enter(approver), {"date": "2013-05-23", "time": "10:05"}
    for response in (
        client.get(HERE, release_params(pair, **past)),
        client.post(HERE, decided(pair, **past)),
    ):
        text = response.content.decode()
        assert "は過去です" in text
        assert 'value="2013-05-23"' in text
    assert not AuditEntry.objects.filter(action=Action.APPROVE).exists()


@pytest.mark.parametrize(
    "half", [{"date": "2031-07-01"}, {"time": "10:05"}, {"date": "x", "time": "y"}]
)
def test_half_a_moment_is_not_now(
    pair: list[Edition], approver: User, half: dict[str, str]
) -> None:
    assert enter(approver).post(HERE, decided(pair, **half)).status_code == 422
    assert not AuditEntry.objects.filter(action=Action.APPROVE).exists()
    page = parsed(enter(approver).get(HERE, release_params(pair, **half)))
    assert not any("公開する" in words for words in open_buttons(page))


def test_nothing_is_now_because_it_is_empty(pair: list[Edition], approver: User) -> None:
    client = enter(approver)
    page = parsed(client.get(HERE, {"edition": [each.pk for each in pair]}))
    assert page.findall(".//input[@type='radio'][@name='when'][@checked]") == []
    assert open_buttons(page) == {"この組み合わせで確かめる"}
    assert "いつ公開するかを選んでください" not in page.text_content()
    for more in ({"when": ""}, {"when": "", **tomorrow()}, {"when": "soon"}):
        page = parsed(client.get(HERE, release_params(pair, **more)))
        assert open_buttons(page) == {"この組み合わせで確かめる"}
        assert "いつ公開するかを選んでください" in page.text_content()
        response = client.post(HERE, decided(pair, **more))
        assert response.status_code == 422
        assert "いつ公開するかを選んでください" in response.content.decode()
    assert not AuditEntry.objects.filter(action=Action.APPROVE).exists()


def test_the_decision_carries_and_says_what_was_looked_at(
    pair: list[Edition], approver: User
) -> None:
    client, typed = enter(approver), {"date": "2031-07-01", "time": "14:00"}
    page = parsed(client.get(HERE, release_params(pair, **typed)))
    assert "2ページを、2031年7月1日14時00分に公開する" in open_buttons(page)
    form = next(form for form in page.forms if form.method == "POST" and "seen" in form.fields)
    carried = {name: form.fields[name] for name in ("when", "date", "time")}
    assert carried == {"when": "later", **typed}
    both = parsed(client.get(HERE, release_params(pair, when="now", **typed)))
    assert "どちらか一方にしてください" in both.text_content()
    assert open_buttons(both) == {"この組み合わせで確かめる"}
    now = parsed(client.get(HERE, release_params(pair, date="", time="", when="now")))
    assert "2ページを、いま公開する" in open_buttons(now)
    form = next(form for form in now.forms if form.method == "POST" and "seen" in form.fields)
    assert (form.fields["when"], "date" in form.fields) == ("now", False)


def test_choosing_nothing_is_answered(pair: list[Edition], approver: User) -> None:
    page = parsed(enter(approver).get(HERE, {"when": "now", "date": "", "time": ""}))
    assert "一緒に公開する版を選んでください" in page.text_content()


@pytest.mark.parametrize("person", ["writer", "manager", "outsider"])
def test_nobody_else_can_release(
    pair: list[Edition], request: pytest.FixtureRequest, person: str
) -> None:
    client = enter(request.getfixturevalue(person))
    hidden = 404 if person == "outsider" else 403
    assert client.post(HERE, decided(pair)).status_code == hidden
    response = client.get(HERE, release_params(pair))
    assert response.status_code == (404 if person == "outsider" else 200)
    if person == "outsider":
        assert "新しい局" not in response.content.decode()
    assert Edition.objects.filter(state=State.REVIEW).count() == 2


@pytest.mark.parametrize("name", ["0", "999999", "x", "-1", "9" * 30])
def test_what_is_not_there_is_not_found(pair: list[Edition], approver: User, name: str) -> None:
    client = enter(approver)
    assert client.get(HERE, {"edition": [str(pair[0].pk), name]}).status_code == 404
    assert client.post(HERE, decided(pair) | {"edition": name}).status_code == 404


def test_a_page_never_public_is_not_there_for_others(site: Site, outsider: User) -> None:
    page = cast.place(site.bureau, "new")
    draft = Edition(page=page, number=1, title="ひみつ", category="general", state=State.REVIEW)
    draft.save()
    assert enter(outsider).get(HERE, release_params([draft])).status_code == 404


def test_too_many_are_refused(db: None, operator_client: Client) -> None:
    response = operator_client.get(HERE, {"edition": [str(number) for number in range(1, 60)]})
    assert response.status_code == 422
    assert "50版まで" in response.content.decode()


def test_releasing_nothing_is_refused(site: Site, approver: User) -> None:
    response = enter(approver).post(HERE, {"seen": "1", "when": "now"})
    assert response.status_code == 422
    assert "承認する版が選ばれていません" in response.content.decode()


def test_it_takes_a_token(pair: list[Edition], approver: User) -> None:
    client = Client(HTTP_HOST="localhost", enforce_csrf_checks=True)
    client.force_login(approver)
    assert client.post(HERE, decided(pair)).status_code == 403


@pytest.mark.parametrize("count", [2, 10])
@pytest.mark.parametrize("size", [100, MANY])
def test_it_costs_the_same_for_many(db: None, size: int, count: int) -> None:
    grow(size)
    root = Page.objects.get(key="/")
    writer = cast.officer("鈴木", {root: [Role.WRITER]})
    client = enter(cast.officer("佐藤", {root: [Role.APPROVER]}))
    pages = Page.objects.filter(kind=Kind.NEWS_ITEM)[:count]
    editions = [submitted(page, writer, issued_on=timezone.now().date()) for page in pages]
    client.get("/admin/")
    with CaptureQueriesContext(connection) as queries:
        assert client.get(HERE, release_params(editions)).status_code == 200
    assert len(queries) == 15, [query["sql"] for query in queries]

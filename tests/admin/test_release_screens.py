"""The screens of a release with changes of the tree: choose, try, decide, reschedule, cancel."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bureaus.admin.core.version_token import edition_version
from bureaus.models import (
    Action,
    AuditEntry,
    Edition,
    FileFinding,
    Kind,
    Link,
    Page,
    Placement,
    Role,
    State,
)
from bureaus.publishing import PlaceChange, ReleasePlan, add_document, approve_release, rename
from tests.helpers.cast import Site, officer, publish
from tests.helpers.editing import TOMORROW, submitted
from tests.helpers.hidden_pdfs import bar
from tests.helpers.review_screens import enter, open_buttons, parsed
from tests.helpers.tree_answers import dump

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
HERE = "/admin/bureaus/release/"
WHEN = {"when": "later", "date": "2031-07-01", "time": "14:00"}
TRY, DECIDE = "できるかどうかを確かめる", "全部を、2031年7月1日14時00分に始める"


@pytest.fixture
def head(site: Site) -> User:
    return officer("中村", {site.root: [Role.APPROVER, Role.MANAGER]})


@pytest.fixture
def waiting(site: Site, writer: User) -> Edition:
    return submitted(site.sections[0], writer, title="新しい政策")


@pytest.fixture
def target(site: Site) -> Page:
    return publish(site.guide, "kikaku", "企画局", kind=Kind.ORGANISATION)


def release_params(edition: Edition, *changes: str) -> dict[str, Any]:
    return {"edition": [edition.pk], "change": list(changes), **WHEN}


def sent(page: Any) -> dict[str, Any]:
    """What the second form carries."""
    form = next(form for form in page.forms if form.method == "POST" and form.fields.get("when"))
    return {
        name: form.xpath(f".//input[@name='{name}']/@value")
        for name in ("edition", "version", "change", "places", "when", "date", "time")
    }


@pytest.mark.usefixtures("media")
def test_what_was_accepted_in_a_file_is_shown_to_who_decides_a_release(
    waiting: Edition, head: User, writer: User
) -> None:
    added = add_document(upload=io.BytesIO(bar()[0]), name="名簿.pdf", actor=writer, title="名簿")
    FileFinding.objects.update(reason="公開している名簿です。")
    Link.objects.create(edition=waiting, document=added.document, text="名簿")
    page = parsed(enter(head).get(HERE, release_params(waiting))).text_content()
    assert "文書の隠れた内容" in page
    assert "公開している名簿です。" in page


def test_the_whole_is_shown_tried_and_decided(
    site: Site, waiting: Edition, target: Page, head: User
) -> None:
    client = enter(head)
    move = f"{site.sections[0].pk}-to-{target.pk}"
    page = parsed(client.get(HERE, release_params(waiting, move)))
    assert "/main_sosiki/kikaku/ict_seisaku/" in page.text_content()
    assert TRY in open_buttons(page)
    assert DECIDE not in open_buttons(page)

    before = dump()
    tried = parsed(client.post(HERE, {**sent(page), "step": "try"}))
    assert "全部を一緒に始められます" in tried.text_content()
    assert DECIDE in open_buttons(tried)
    assert dump() == before

    response = client.post(HERE, {**sent(tried), "seen": "1", "note": "組織改編"})
    assert response.status_code == 302
    whole = parsed(client.get(response["Location"])).text_content()
    for words in (
        "新しい政策",
        "企画局",
        "/main_sosiki/kikaku/ict_seisaku/",
        "2031年7月1日14時00分",
    ):
        assert words in whole
    assert AuditEntry.objects.filter(note="組織改編").count() == 2


def test_a_change_is_added_by_addresses(site: Site, target: Page, head: User) -> None:
    client, old = enter(head), site.sections[0].url_path
    typed = {"place": f"http://localhost{old}", "to": "/main_sosiki/kikaku", "slug": "ict"}
    page = parsed(client.get(HERE, typed))
    boxes = [box.get("value") for box in page.iterfind(".//input[@name='change'][@checked]")]
    key = site.sections[0].pk
    assert boxes == [f"{key}-to-{target.pk}", f"{key}-slug-ict"]
    assert "/main_sosiki/kikaku/ict/" in page.text_content()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"place": "/nowhere/", "slug": "a"}, "担当しているページが見つかりません"),
        (
            {"place": "/main_sosiki/", "to": "/nowhere/"},
            "移動先のアドレスに、ページ",
        ),
        ({"place": "/main_sosiki/"}, "どう変えるかを"),
        ({"place": "/main_sosiki/", "slug": "大"}, "「大」"),
    ],
)
def test_what_names_no_change_is_answered_with_what_was_typed(
    site: Site, head: User, typed: dict[str, str], sentence: str
) -> None:
    page = parsed(enter(head).get(HERE, typed))
    assert sentence in page.text_content()
    assert page.xpath(".//input[@name='place']/@value") == [typed["place"]]


def test_reasons_stand_beside_their_part_and_nothing_is_offered(
    site: Site, waiting: Edition, head: User
) -> None:
    client = enter(head)
    impossible = f"{site.bureau.pk}-to-{site.sections[0].pk}"
    page = parsed(client.get(HERE, release_params(waiting, impossible)))
    tried = parsed(client.post(HERE, {**sent(page), "step": "try"}))
    assert "それ自身またはその下の" in " ".join(tried.xpath(".//td//li/text()"))
    assert DECIDE not in open_buttons(tried)
    response = client.post(HERE, {**sent(page), "seen": "1"})
    assert response.status_code == 409
    assert Edition.objects.get(pk=waiting.pk).state == State.REVIEW


def test_a_place_that_changed_meanwhile_stops_all(
    site: Site, waiting: Edition, target: Page, head: User
) -> None:
    client = enter(head)
    page = parsed(
        client.get(HERE, release_params(waiting, f"{site.sections[0].pk}-to-{target.pk}"))
    )
    rename(page=target, slug="other", actor=None)
    response = client.post(HERE, {**sent(page), "seen": "1"})
    assert response.status_code == 409
    assert "場所が変わりました" in response.content.decode()
    assert not AuditEntry.objects.filter(action=Action.APPROVE).exists()


def test_an_address_that_another_bureau_has_booked_is_not_shown(site: Site, target: Page) -> None:
    rename(page=target, slug="himitsu", at=timezone.now() + TOMORROW, actor=None)
    manager = officer("木村", {site.bureau: [Role.MANAGER]})
    move = f"{site.sections[0].pk}-to-{target.pk}"
    page = parsed(enter(manager).get(HERE, {"change": move, **WHEN}))
    assert "/main_sosiki/kikaku/ict_seisaku/" in page.text_content()
    assert "himitsu" not in page.text_content()


def test_without_a_role_on_both_sides_nothing_is_done(
    site: Site, waiting: Edition, target: Page, approver: User
) -> None:
    client = enter(approver)
    page = parsed(
        client.get(HERE, release_params(waiting, f"{site.sections[0].pk}-to-{target.pk}"))
    )
    response = client.post(HERE, {**sent(page), "seen": "1"})
    assert response.status_code == 403
    assert Edition.objects.get(pk=waiting.pk).state == State.REVIEW


@pytest.fixture
def booked(site: Site, waiting: Edition, target: Page) -> str:
    change = PlaceChange(site.sections[0], to=target)
    plan = ReleasePlan([waiting], [change], timezone.now() + TOMORROW)
    return approve_release(plan=plan, actor=None)


def test_the_moment_of_all_is_changed(booked: str, head: User) -> None:
    address = f"{HERE}{booked}/"
    client = enter(head)
    for wrong, status in (({"date": "", "time": ""}, 422), ({"date": "2013-05-23"}, 422)):
        answer = client.post(address, {"decision": "reschedule", "time": "10:00", **wrong})
        assert answer.status_code == status
    moved = client.post(address, {"decision": "reschedule", **WHEN})
    assert moved["Location"] == address
    assert "2031年7月1日14時00分" in client.get(address).content.decode()
    [start] = set(Placement.objects.exclude(release="").values_list("live_from", flat=True))
    assert {start} == set(Edition.objects.exclude(release="").values_list("live_from", flat=True))


def test_cancelling_leads_back_to_the_same_choice(
    booked: str, waiting: Edition, target: Page, site: Site, head: User
) -> None:
    client = enter(head)
    response = client.post(f"{HERE}{booked}/", {"decision": "cancel", "note": "延期"})
    choice = f"edition={waiting.pk}&change={site.sections[0].pk}-to-{target.pk}"
    assert response["Location"] == f"{HERE}?{choice}"
    assert "もう一度決められます" in client.get(response["Location"]).content.decode()
    assert not Placement.objects.exclude(release="").exists()
    assert client.get(f"{HERE}{booked}/").status_code == 404


def test_who_lacks_a_role_reads_why(booked: str, writer: User, approver: User) -> None:
    for person in (writer, approver):
        client = enter(person)
        page = parsed(client.get(f"{HERE}{booked}/"))
        assert "場所" in page.text_content()
        assert not {"全部の日時を変える", "一括公開を取り消す"} & open_buttons(page)
        assert client.post(f"{HERE}{booked}/", {"decision": "cancel"}).status_code == 403


def test_what_others_put_into_a_release_is_a_number(
    site: Site, writer: User, head: User, outsider: User
) -> None:
    other = Page.objects.get(key="/main_sosiki/toukei/")
    theirs = submitted(other, officer("小林", {other: [Role.WRITER]}), title="ひみつの版")
    change = PlaceChange(site.sections[0], slug="ict")
    plan = ReleasePlan([theirs], [change], timezone.now() + timedelta(days=1))
    name = approve_release(plan=plan, actor=head)
    text = enter(writer).get(f"{HERE}{name}/").content.decode()
    assert "ひみつの版" not in text
    assert "担当していないページの版か場所の変更が1件" in text


def test_the_page_and_the_dashboard_lead_to_the_release(
    booked: str, site: Site, target: Page, head: User
) -> None:
    client, address = enter(head), f"{HERE}{booked}/"
    page = parsed(client.get(f"/admin/bureaus/page/{site.sections[0].pk}/change/"))
    assert page.xpath(f".//section[@aria-labelledby='places']//a[@href='{address}']")
    assert page.xpath(f".//section[@aria-labelledby='timeline']//a[@href='{address}']")
    assert not page.xpath(".//a[contains(@href, 'cancel-change')]")
    month = f"{timezone.localtime(timezone.now() + TOMORROW):%Y-%m}"
    assert parsed(client.get(f"/admin/?month={month}")).xpath(f".//a[@href='{address}']")
    alone = f"/admin/bureaus/page/{site.sections[1].pk}/move/?to={target.pk}"
    assert parsed(client.get(alone)).xpath(".//a[contains(@href, 'release/?change=')]")


@pytest.mark.parametrize("count", [2, 8])
def test_they_cost_the_same_for_many(site: Site, target: Page, head: User, count: int) -> None:
    pages = [publish(site.bureau, f"p{number}", f"{number}番") for number in range(count)]
    author = officer("小林", {site.bureau: [Role.WRITER]})
    editions = [submitted(page, author, title=page.key) for page in pages]
    changes = [PlaceChange(page, to=target) for page in pages]
    named: dict[str, Any] = {
        "edition": [each.pk for each in editions],
        "change": [f"{page.pk}-to-{target.pk}" for page in pages],
        **WHEN,
    }
    client = enter(head)
    client.get("/admin/")
    with CaptureQueriesContext(connection) as queries:
        assert client.get(HERE, named).status_code == 200
    assert len(queries) <= 15, [query["sql"] for query in queries]
    plan = ReleasePlan(editions, changes, timezone.now() + TOMORROW)
    name = approve_release(plan=plan, actor=None)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(f"{HERE}{name}/").status_code == 200
    assert len(queries) <= 15, [query["sql"] for query in queries]


def test_versions_that_were_shown_are_compared(
    site: Site, waiting: Edition, target: Page, head: User
) -> None:
    client = enter(head)
    page = parsed(
        client.get(HERE, release_params(waiting, f"{site.sections[0].pk}-to-{target.pk}"))
    )
    assert sent(page)["version"] == [edition_version(waiting)]
    old = {**sent(page), "version": [f"{waiting.pk}-1"], "seen": "1"}
    assert client.post(HERE, old).status_code == 409

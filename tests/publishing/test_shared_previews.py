"""A draft by its link, for somebody without an account: until it is over, and for nobody else."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.core import signing
from django.test import Client
from django.utils import timezone

from bureaus.models import Answer, Edition
from bureaus.publishing import (
    approve,
    approve_urgently,
    cancel_booking,
    discard,
    edit,
    return_,
    submit,
)
from bureaus.publishing.actions.sharing import SALT
from bureaus.publishing.actions.sharing import share as share_draft
from bureaus.text.formatting import japanese_moment
from tests.helpers.cast import Site
from tests.helpers.editing import TOMORROW, drafted, submitted
from tests.helpers.generator import grow
from tests.helpers.storms import MANY

SECRET = "まだ言えない要旨"
OVER = "この確認用リンクは使えません"
QUIET = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}


class Reader(Client):
    """A browser: it goes where the link leads, with the cookie that it gets on the way."""

    def get(self, *args: Any, **kwargs: Any) -> Any:
        return super().get(*args, **{"follow": True, **kwargs})

    def head(self, *args: Any, **kwargs: Any) -> Any:
        response = super().head(*args, **kwargs)
        return super().head(response["Location"]) if response.status_code == 302 else response


@pytest.fixture
def citizen() -> Client:
    return Reader(HTTP_HOST="localhost")


def share(edition: Edition, actor: User) -> str:
    return f"/preview/{share_draft(edition=edition, actor=actor).token}/"


def signed(*content: int) -> str:
    return f"/preview/{signing.dumps(list(content), salt=SALT)}/"


def in_a_week() -> int:
    return int((timezone.now() + timedelta(days=7)).timestamp())


def assert_over(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 404
    assert OVER in response.content.decode()
    assert SECRET not in response.content.decode()
    assert {name: response[name] for name in QUIET} == QUIET


@pytest.fixture
def draft(site: Site, writer: User) -> Edition:
    return drafted(site.bureau, writer, lead=SECRET)


def test_the_link_shows_the_whole_page_with_the_draft(
    draft: Edition, writer: User, citizen: Client
) -> None:
    link = share_draft(edition=draft, actor=writer)
    response = citizen.get(f"/preview/{link.token}/")
    text = response.content.decode()
    assert response.status_code == 200
    assert SECRET in text
    assert "情報通信国際戦略局の紹介" in text
    assert "公開前の案です。<time" in text
    assert f"{japanese_moment(link.until)}</time>まで見られます" in text


def test_it_is_kept_indexed_and_passed_on_nowhere(
    draft: Edition, writer: User, citizen: Client
) -> None:
    response = citizen.get(share(draft, writer))
    assert {name: response[name] for name in QUIET} == QUIET
    assert "ETag" not in response
    assert "Access-Control-Allow-Origin" not in response
    assert "Set-Cookie" not in response
    text = response.content.decode()
    assert '<meta name="robots" content="noindex, nofollow">' in text
    for leak in ("canonical", "atom+xml", ".json", "og:", "ld+json", "/preview/"):
        assert leak not in text


def test_it_is_a_page_whatever_form_is_asked_for(
    draft: Edition, writer: User, citizen: Client
) -> None:
    address = share(draft, writer)
    response = citizen.get(address, headers={"accept": "application/json"})
    assert response["Content-Type"].startswith("text/html")
    for other in (f"{address[:-1]}.json", f"{address}feed.xml", f"{address}history/"):
        assert SECRET not in citizen.get(other).content.decode()


def test_a_cut_off_stroke_at_the_end_is_forgiven(
    draft: Edition, writer: User, citizen: Client
) -> None:
    assert SECRET in citizen.get(share(draft, writer)[:-1]).content.decode()


def test_links_lead_where_they_say(draft: Edition, writer: User, citizen: Client) -> None:
    text = citizen.get(share(draft, writer)).content.decode()
    assert "<base" not in text
    assert 'href="/main_sosiki/"' in text


def test_it_is_only_read(draft: Edition, writer: User, citizen: Client) -> None:
    address = share(draft, writer)
    head = citizen.head(address)
    assert head.status_code == 200
    assert head.content == b""
    for method in ("post", "put", "delete"):
        response = getattr(citizen, method)(address)
        assert response.status_code == 405
        assert {name: response[name] for name in QUIET} == QUIET


def test_it_shows_what_is_saved_later(draft: Edition, writer: User, citizen: Client) -> None:
    address = share(draft, writer)
    edit(edition=draft, actor=writer, changes={"lead": "直した"}, revision=draft.revision)
    assert "直した" in citizen.get(address).content.decode()


def test_waiting_for_approval_and_coming_back_leaves_it_alive(
    draft: Edition, writer: User, approver: User, citizen: Client
) -> None:
    address = share(draft, writer)
    waiting = submit(edition=draft, actor=writer)
    assert citizen.get(address).status_code == 200
    return_(edition=waiting, actor=approver, comment="年を直してください。")
    assert citizen.get(address).status_code == 200


def test_approval_ends_it(draft: Edition, writer: User, approver: User, citizen: Client) -> None:
    address = share(draft, writer)
    approve(editions=[submit(edition=draft, actor=writer)], actor=approver)
    assert_over(citizen, address)


def test_a_booking_ends_it_and_its_cancelling_does_not_bring_it_back(
    draft: Edition, writer: User, approver: User, citizen: Client
) -> None:
    address = share(draft, writer)
    waiting = submit(edition=draft, actor=writer)
    booked = approve(editions=[waiting], actor=approver, at=timezone.now() + TOMORROW)[0]
    assert_over(citizen, address)
    cancel_booking(edition=booked, actor=approver)
    assert_over(citizen, address)
    assert SECRET in citizen.get(share(booked, writer)).content.decode()


def test_an_urgent_approval_ends_it(
    draft: Edition, writer: User, approver: User, citizen: Client
) -> None:
    address = share(draft, writer)
    approve_urgently(edition=draft, actor=approver, reason="災害")
    assert_over(citizen, address)


def test_discarding_ends_it(draft: Edition, writer: User, citizen: Client) -> None:
    address = share(draft, writer)
    discard(edition=draft, actor=writer)
    assert_over(citizen, address)


def test_time_ends_it(draft: Edition, writer: User, citizen: Client, settings: object) -> None:
    settings.SHARED_PREVIEWS_LAST = timedelta(seconds=-1)  # type: ignore[attr-defined]
    assert_over(citizen, share(draft, writer))


@pytest.mark.parametrize("bend", ["last", "first", "none", "long", "other salt"])
def test_a_forged_link_says_nothing_about_drafts(
    draft: Edition, writer: User, citizen: Client, bend: str
) -> None:
    token = share(draft, writer).split("/")[2]
    forged = {
        "last": token[:-1] + ("A" if token[-1] != "A" else "B"),
        "first": f"x{token[1:]}",
        "none": "x",
        "long": "A" * 5_000,
        "other salt": signing.dumps([draft.pk, 0, in_a_week()], salt="other"),
    }[bend]
    assert_over(citizen, f"/preview/{forged}/")


def test_what_is_over_and_what_is_forged_look_the_same(
    draft: Edition, citizen: Client, site: Site
) -> None:
    public = Edition.objects.get(page=site.guide)
    answers = {
        citizen.get(address).content
        for address in (
            "/preview/forged/",
            signed(draft.pk, 0, int(datetime(2013, 1, 1).timestamp())),  # noqa: DTZ001
            signed(draft.pk + 1_000, 0, in_a_week()),
            signed(public.pk, 0, in_a_week()),
        )
    }
    assert len(answers) == 1
    assert citizen.get(signed(draft.pk, 0, in_a_week())).status_code == 200


@pytest.mark.parametrize("answer", [Answer.GONE, Answer.MOVED])
def test_an_end_is_shown_with_the_notice(
    site: Site, writer: User, citizen: Client, answer: Answer
) -> None:
    target = site.sections[1] if answer == Answer.MOVED else None
    draft = drafted(site.sections[0], writer, answer=answer, moved_to=target, note="終わりました")
    response = citizen.get(share(draft, writer))
    assert response.status_code == 200
    text = response.content.decode()
    assert "公開前の案です" in text
    assert ("転送されます" if target else "終わりました") in text


def test_robots_may_not_fetch_it(db: None, citizen: Client) -> None:
    assert "Disallow: /preview/" in citizen.get("/robots.txt").content.decode()


def test_no_page_can_take_its_address(site: Site, operator: User) -> None:
    from bureaus.models import Action, Kind
    from tests.helpers.editing import codes

    arguments = {"parent": site.root, "kind": Kind.PAGE, "slug": "preview", "actor": operator}
    assert "slug" in codes(Action.ADD, **arguments)


@pytest.mark.parametrize("size", [20, MANY])
def test_it_costs_the_same_at_any_size(
    db: None, citizen: Client, size: int, django_assert_num_queries: object
) -> None:
    grow(size)
    edition = submitted_anywhere()
    link = share_draft(edition=edition, actor=None)
    with django_assert_num_queries(13):  # type: ignore[operator]
        assert citizen.get(f"/preview/{link.token}/").status_code == 200


def submitted_anywhere() -> Edition:
    from bureaus.models import Page

    page = Page.objects.get(key="/main_sosiki/joho_kokusai/")
    return submitted(page, None)


def test_the_token_leaves_the_address_at_the_first_visit(
    draft: Edition, writer: User, settings: LazySettings
) -> None:
    settings.HTTPS = True
    address, reader = share(draft, writer), Client(HTTP_HOST="localhost", headers={})
    answer = reader.get(address, secure=True)
    assert answer.status_code == 302
    assert {name: answer[name] for name in QUIET} == QUIET
    clean = answer["Location"]
    assert address.split("/")[2] not in clean
    cookie = answer.cookies["__Secure-preview"]
    assert (cookie["path"], cookie["max-age"]) == (clean, 12 * 60 * 60)
    assert cookie["httponly"]
    assert cookie["secure"]
    assert SECRET in reader.get(clean, secure=True).content.decode()


def test_the_clean_address_opens_nothing_for_somebody_else(
    draft: Edition, writer: User, citizen: Client
) -> None:
    clean = Client(HTTP_HOST="localhost").get(share(draft, writer))["Location"]
    assert_over(citizen, clean)

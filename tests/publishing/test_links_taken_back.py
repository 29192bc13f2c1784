"""A shared link is taken back: those who have it read no more."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client

from bureaus.models import Action, AuditEntry
from bureaus.publishing import Blocked, approve, open_shared_link, share, submit, take_back
from bureaus.publishing.shared_links import links_to
from tests.helpers.cast import Site, client_of
from tests.helpers.editing import drafted

pytestmark = pytest.mark.django_db


def test_one_link_is_taken_back_and_another_stays(
    site: Site, writer: User, approver: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = drafted(site.bureau, writer)
    first = share(edition=draft, actor=writer)
    from django.conf import settings

    monkeypatch.setattr(settings, "SHARED_PREVIEWS_LAST", timedelta(days=3))
    second = share(edition=draft, actor=approver)
    assert [link.until for link in links_to(draft)] == [second.until, first.until]
    take_back(edition=draft, until=first.until, actor=approver)
    assert open_shared_link(first.token) is None
    assert open_shared_link(second.token) is not None
    assert AuditEntry.objects.get(action=Action.UNSHARE).actor == approver
    with pytest.raises(Blocked, match="もう使えません"):
        take_back(edition=draft, until=first.until, actor=approver)


def test_who_has_it_open_reads_no_more_and_the_screen_lists_it_no_longer(
    site: Site, writer: User, outsider: User
) -> None:
    draft = drafted(site.bureau, writer)
    link, reader = share(edition=draft, actor=writer), Client(HTTP_HOST="localhost")
    assert reader.get(f"/preview/{link.token}/", follow=True).status_code == 200
    officer, view = client_of(writer), f"/admin/bureaus/edition/{draft.pk}/view/"
    sent = {"until": link.until.isoformat()}
    assert link.until.isoformat() in officer.get(view).content.decode()
    address = f"/admin/bureaus/edition/{draft.pk}/unshare/"
    assert client_of(outsider).post(address, sent).status_code == 404
    assert officer.post(address, {"until": "x"}).status_code == 409
    assert officer.post(address, sent).status_code == 302
    assert link.until.isoformat() not in officer.get(view).content.decode()
    assert reader.get(f"/preview/{link.token}/", follow=True).status_code == 404


def test_an_approval_leaves_no_link_to_take_back(site: Site, writer: User, approver: User) -> None:
    draft = drafted(site.bureau, writer)
    share(edition=draft, actor=writer)
    [approved] = approve(editions=[submit(edition=draft, actor=writer)], actor=approver)
    assert links_to(approved) == []

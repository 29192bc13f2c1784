"""The broken links of the site: foreign ones asked on a local server, those inside at once."""

import csv
import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.utils import timezone

from bureaus.links import collection, fetching
from bureaus.links.collection import addresses_in_body, collect_links
from bureaus.links.fetching import Checker, Refused, encoded, is_public, public_addresses
from bureaus.management.single_run import single_run
from bureaus.models import CheckedLink, Edition, Ground, Link, LinkUse, Page, Seal, SealKind
from bureaus.publishing import SealRequest, confirm_seal, propose_seal
from tests.helpers import cast
from tests.helpers.cast import Site, client_of
from tests.helpers.editing import drafted
from tests.helpers.libraries import document, link_in
from tests.helpers.query_plans import ON_SQLITE, plan_of, statements

pytestmark = pytest.mark.django_db
REPORT = "/admin/bureaus/links/"
STATUSES = {"/ok": 200, "/gone": 404, "/head": 405, "/secret": 200, "/busy": 503, "/loop": 302}


class Server(BaseHTTPRequestHandler):
    asked: list[str] = []

    def do_HEAD(self) -> None:
        self.answer()

    def do_GET(self) -> None:
        if self.path == "/robots.txt":
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"User-agent: *\nDisallow: /secret\n")
        else:
            self.answer()

    def answer(self) -> None:
        self.asked.append(f"{self.command} {self.path}")
        status = STATUSES.get(self.path, 404)
        if self.path == "/head" and self.command == "GET":
            status = 200
        self.send_response(status)
        if self.path == "/loop":
            self.send_header("Location", "http://10.0.0.1/inside")
        self.end_headers()

    def log_message(self, *_arguments: Any) -> None:
        """Write nothing to the output of the tests."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A server on this machine, which alone of all private addresses may be asked here."""
    monkeypatch.setattr(fetching, "DELAY", 0.0)
    monkeypatch.setattr(fetching, "OPEN_PORTS", range(65_536))
    monkeypatch.setattr(
        fetching, "is_public", lambda text: ip_address(text).is_loopback or is_public(text)
    )
    Server.asked = []
    with ThreadingHTTPServer(("127.0.0.1", 0), Server) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_address[1]}"
        running.shutdown()


def link(page: Page, *addresses: str) -> None:
    """Put links into the text that the page has had for years."""
    body = "".join(f'<p><a href="{address}">資料</a></p>' for address in addresses)
    Edition.objects.filter(page=page).update(body=body)


def reported(officer: User, query: str = "") -> dict[str, str]:
    """What the CSV file says of each target."""
    text = client_of(officer).get(f"{REPORT}?format=csv{query}").content.decode("utf-8-sig")
    return {row[2]: row[3] for row in list(csv.reader(io.StringIO(text)))[1:]}


def test_foreign_links_are_checked_and_stay_broken_since_the_first_time(
    site: Site, writer: User, server: str
) -> None:
    link(site.bureau, *(f"{server}{path}" for path in STATUSES))
    call_command("check_links")
    assert reported(writer) == {f"{server}/gone": "返事が404です"}
    assert "GET /gone" in Server.asked
    assert not any("secret" in asked for asked in Server.asked)
    since = CheckedLink.objects.get(address=f"{server}/gone").broken_since
    CheckedLink.objects.update(checked_at=timezone.now() - timedelta(days=2))
    call_command("check_links")
    assert CheckedLink.objects.get(address=f"{server}/gone").broken_since == since
    assert Server.asked.count("HEAD /gone") == 2
    assert Server.asked.count("HEAD /ok") == 1  # again after a week only


def test_a_redirect_into_a_private_network_is_not_followed(server: str) -> None:
    outcome = Checker().check(f"{server}/loop")
    assert "外から見られない" in outcome.problem
    assert not outcome.is_broken


@pytest.mark.one_database
@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0"),  # noqa: S104
        *("[::1]", "[fe80::1]", "[fc00::1]", "[::ffff:127.0.0.1]", "100.64.0.1", "2130706433"),
        *("[64:ff9b::a01:203]", "[64:ff9b:1::1]", "[2002:a01:203::1]", "[2001:0:a01:203::1]"),
        *("[fec0::1]", "[::a01:203]", "93.184.216.34:22"),
    ],
)
def test_no_private_address_is_asked(address: str) -> None:
    with pytest.raises((Refused, OSError)):
        public_addresses(encoded(f"http://{address}/"))


def test_without_a_network_nothing_is_called_broken(
    site: Site, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    link(site.bureau, "http://127.0.0.1:1/a")
    with pytest.raises(CommandError, match="外につながらない"):
        call_command("check_links")
    assert CheckedLink.objects.get().checked_at is None


def test_an_ending_inside_the_site_is_seen_at_once(
    site: Site, writer: User, outsider: User
) -> None:
    first, second = site.sections
    link(site.bureau, first.url_path, f"{second.url_path}#part", "/nowhere/", "/search/?q=1")
    Link.objects.bulk_create(
        [Link(edition=site.bureau.editions.get(), position=1, text="節", page=second)]
    )
    collect_links()
    assert reported(writer) == {"/nowhere/": "公開しているページがありません"}
    now = timezone.now()
    cast.approve(first, "終わり", live_from=now, answer="gone", note="終了")
    cast.approve(second, "保存版", live_from=now, answer="archived", note="終了")
    found = reported(writer)
    assert found[first.url_path] == "削除したページです"
    assert found[second.url_path] == "掲載を終了したページ（保存版）です"
    assert reported(outsider) == {}
    assert reported(writer, f"&under={site.sections[0].pk}") == {}
    assert "削除したページです" in client_of(writer).get(REPORT).content.decode()


def test_links_to_documents_in_sentences_are_judged_at_once(site: Site, writer: User) -> None:
    public, coming, hidden = (document(f"documents/{name}.pdf") for name in "abc")
    in_force = Edition.objects.get(page=site.bureau)
    for paper in (public, hidden):
        link_in(in_force, paper)
    link_in(drafted(site.guide, None), coming)
    link(site.bureau, "/documents/a.pdf#page=2", *(f"/documents/{name}.pdf" for name in "bcd"))
    collect_links()
    Seal.objects.create(
        kind=SealKind.DOCUMENT,
        file="documents/c.pdf",
        ground=Ground.PERSONAL,
        proposed_at=timezone.now(),
        lapses_at=timezone.now(),
        decider="総務省",
        confirmed_at=timezone.now(),
    )
    assert reported(writer) == {
        "/documents/b.pdf": "公開している文書がありません",
        "/documents/c.pdf": "公開を取りやめた文書です",
        "/documents/d.pdf": "公開している文書がありません",
    }


def test_links_of_drafts_and_of_earlier_texts_are_not_collected(site: Site, writer: User) -> None:
    link(site.bureau, "https://www.example.go.jp/a")
    collect_links()
    drafted(site.bureau, writer, body='<p><a href="https://www.example.go.jp/b">資料</a></p>')
    cast.approve(site.bureau, "直した局", live_from=timezone.now(), body="<p>文章</p>")
    collect_links()
    assert (CheckedLink.objects.count(), LinkUse.objects.count()) == (0, 0)


@pytest.mark.one_database
def test_addresses_are_read_as_they_are_followed() -> None:
    body = (
        '<a href="https://a.example/?x=1&amp;y=2#z">1</a><a href="/menu">2</a>'
        '<a href="/documents/a.pdf">3</a><a href="mailto:a@example.jp">4</a>'
    )
    assert list(addresses_in_body(body)) == [
        "https://a.example/?x=1&y=2",
        "/menu/",
        "/documents/a.pdf",
    ]
    assert encoded("http://例え.jp/資料?q=語").netloc == "xn--r8jz45g.jp"


def test_two_runs_at_once_are_refused(site: Site) -> None:
    with single_run("check_links"), pytest.raises(CommandError, match="もう動いています"):
        call_command("check_links")
    call_command("check_links")


def test_what_a_seal_took_out_of_a_page_does_not_come_back_to_the_report(
    site: Site, writer: User, approver: User, second_approver: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    link(site.bureau, "/secret/", "/other/")
    collect_links()
    edition = Edition.objects.get(page=site.bureau)
    request = SealRequest(edition, SealKind.FIELD, field="body")
    seal = propose_seal(request=request, ground="law", reason="秘密", actor=approver)
    reading = collection.links_of

    def sealed_meanwhile(editions: list[int]) -> dict[int, set[str]]:
        """Return what was read before the seal, as a run without the lock would."""
        found = reading(editions)
        if Seal.objects.pending(timezone.now()).exists():
            confirm_seal(seal=seal, actor=second_approver)
        return found

    monkeypatch.setattr(collection, "links_of", sealed_meanwhile)
    collect_links()
    assert CheckedLink.objects.filter(address="/secret/").exists()
    assert reported(writer) == {}


def test_links_are_read_and_stored_under_the_lock_of_the_seals(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []

    @contextmanager
    def lock() -> Iterator[None]:
        steps.append("locked")
        yield
        steps.append("free")

    def read(_editions: list[int]) -> dict[int, set[str]]:
        steps.append("read")
        return {}

    monkeypatch.setattr(collection, "tree_lock", lock)
    monkeypatch.setattr(collection, "links_of", read)
    collect_links()
    assert steps == ["locked", "read", "free"]


def test_the_report_reads_the_uses_of_broken_links_alone(site: Site, writer: User) -> None:
    """On SQLite, whose plan is the same at any size."""
    sound = [f"https://example.go.jp/{number}" for number in range(40)]
    link(site.bureau, *sound, "/nowhere/", "https://example.go.jp/gone")
    collect_links()
    gone = CheckedLink.objects.filter(address="https://example.go.jp/gone")
    gone.update(broken_since=timezone.now(), problem="返事が404です")
    recorded = statements(client_of(writer), f"{REPORT}?format=csv")
    found = [each for each in recorded if 'FROM "bureaus_linkuse"' in each.sql]
    assert len(found) == 3
    if ON_SQLITE:
        plans = ["\n".join(plan_of(each)) for each in found]
        assert all("bureaus_linkuse USING INDEX bureaus_linkuse_link_id" in plan for plan in plans)
        assert any("INDEX checked_link_broken" in plan for plan in plans)
    assert reported(writer) == {
        "/nowhere/": "公開しているページがありません",
        "https://example.go.jp/gone": "返事が404です",
    }

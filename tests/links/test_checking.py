"""The order in which foreign links are asked, and what a silence says of them."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from bureaus.links.checking import NoNetwork, check_links, due_links
from bureaus.links.fetching import FAILURES, UNRESOLVED, Checker, LinkOutcome, Refused
from bureaus.models import CheckedLink
from bureaus.models.checked_links import digest_of

pytestmark = pytest.mark.django_db
SILENT, FINE = FAILURES[TimeoutError], LinkOutcome(has_answered=True)
GONE = LinkOutcome("返事が404です", is_broken=True, has_answered=True)
Answers = Callable[[dict[str, LinkOutcome]], None]


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Answers:
    """Let the hosts answer as in a table, and all others not at all."""

    def by(table: dict[str, LinkOutcome]) -> None:
        monkeypatch.setattr(
            Checker, "check", lambda _, address: table.get(address.split("/")[2], SILENT)
        )

    return by


def add(*hosts: str, checked_at: datetime | None = None) -> None:
    for host in hosts:
        address = f"https://{host}/"
        CheckedLink.objects.create(
            address=address,
            digest=digest_of(address),
            checked_at=checked_at,
            attempted_at=checked_at,
        )


def run(limit: int = 100) -> None:
    check_links(due_links(limit), seconds=60)


def state(host: str) -> CheckedLink:
    return CheckedLink.objects.get(address=f"https://{host}/")


def the_next_day() -> None:
    day = timedelta(days=1)
    for link in CheckedLink.objects.exclude(checked_at=None):
        first = link.failing_since and link.failing_since - day
        CheckedLink.objects.filter(pk=link.pk).update(
            checked_at=(link.checked_at or timezone.now()) - day, failing_since=first
        )


def test_links_that_were_never_attempted_come_first() -> None:
    add("old", checked_at=timezone.now() - timedelta(days=8))
    add("new")
    assert [link.address for link in due_links(9)] == ["https://new/", "https://old/"]


def test_silent_hosts_do_not_keep_the_next_night_from_the_others(answers: Answers) -> None:
    add(*"abcdefg")
    answers({"f": FINE, "g": GONE})
    with pytest.raises(NoNetwork):
        run()
    assert not CheckedLink.objects.exclude(checked_at=None).exists()
    run()
    assert state("f").checked_at
    assert state("g").broken_since


def test_many_links_of_one_silent_host_are_no_lost_network(answers: Answers) -> None:
    add(*(f"a/{number}" for number in range(6)), "b")
    answers({"b": FINE})
    run()
    assert state("b").checked_at


def test_refused_addresses_are_no_failures(answers: Answers) -> None:
    add(*"abcdef")
    answers(dict.fromkeys("abcdef", FAILURES[Refused]))
    run()
    assert not CheckedLink.objects.filter(checked_at=None).exists()


def test_an_outage_in_the_middle_of_a_run_breaks_no_link(answers: Answers) -> None:
    add("z", checked_at=timezone.now() - timedelta(days=8))
    add("first", *"abcdefgh")
    answers({"first": GONE})
    totals = check_links(due_links(100), seconds=60)
    assert totals.is_offline
    assert (totals.checked, totals.broken) == (6, 1)
    assert not CheckedLink.objects.exclude(failing_since=None).exists()
    assert state("a").attempted_at
    assert not state("f").attempted_at


def test_a_silent_link_is_broken_on_the_second_day_and_a_missing_page_at_once(
    answers: Answers,
) -> None:
    add("good", checked_at=timezone.now())
    add(*"abcdef", "gone", "unresolved")
    answers({"good": FINE, "gone": GONE, "unresolved": UNRESOLVED})  # other servers do answer
    run()
    assert state("gone").broken_since
    assert (state("a").broken_since, bool(state("a").failing_since)) == (None, True)
    the_next_day()
    run()
    assert state("a").broken_since == state("a").failing_since
    assert state("unresolved").checked_at is None
    answers({"a": FINE})
    the_next_day()
    run()
    assert (state("a").broken_since, state("a").failing_since) == (None, None)

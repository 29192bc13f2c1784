"""Requests during which an approval is committed between two statements."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from bureaus.models import Edition, Page, State
from bureaus.publishing import approve
from bureaus.reading import snapshot
from tests.helpers.cast import BUREAU, Site

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESSES = (BUREAU, f"{BUREAU}news/", f"{BUREAU}ict_seisaku.json", f"{BUREAU}feed.xml")
ROUND = re.compile(r"第(\d+)回の改訂")


class Citizen:
    """A client that can run another action between two statements of a request."""

    def __init__(self) -> None:
        self.client = Client(HTTP_HOST="localhost", raise_request_exception=False)

    def ask(self, address: str, gap: int, release: "Release") -> tuple[str, bool]:
        """Return the response and its status, and whether it has a statement after `gap` others."""
        seen = 0

        def count(execute: Any, *arguments: Any) -> Any:
            nonlocal seen
            if seen == gap:
                release.commit()
            seen += 1
            return execute(*arguments)

        with connection.execute_wrapper(count):
            response = self.client.get(address)
        return f"{response.status_code} {response.content.decode()}", seen > gap


class Release:
    """Editions of several pages, approved together and committed on demand."""

    def __init__(self, pages: list[Page], number: int) -> None:
        self.editions = [waiting(page, f"第{number}回の改訂") for page in pages]
        self.has_moment, self.may_commit = threading.Event(), threading.Event()
        self.officer = threading.Thread(target=self.approve)

    def approve(self) -> None:
        try:
            with transaction.atomic():
                approve(editions=self.editions, actor=None)
                self.has_moment.set()
                self.may_commit.wait(60)
        finally:
            self.has_moment.set()
            connection.close()

    def commit(self) -> None:
        self.may_commit.set()
        self.officer.join()

    @contextmanager
    def begun(self) -> Iterator[None]:
        self.officer.start()
        self.has_moment.wait(60)
        try:
            yield
        finally:
            self.commit()


def waiting(page: Page, title: str) -> Edition:
    latest = Edition.objects.filter(page=page).order_by("-number")[0]
    return Edition.objects.create(
        page=page,
        number=latest.number + 1,
        based_on=latest.number,
        state=State.REVIEW,
        title=title,
        lead="要旨",
        category=latest.category,
        issued_on=latest.issued_on,
        is_minor=True,
    )


def test_no_response_mixes_the_states_before_and_after_an_approval(committed_site: Site) -> None:
    gaps, torn = tear(committed_site, ADDRESSES)
    assert torn == []
    assert gaps >= len(ADDRESSES) * 3


def tear(site: Site, addresses: tuple[str, ...]) -> tuple[int, list[str]]:
    """Commit a release in every gap of every request; return their number, and the torn ones."""
    pages, citizen = [site.root, site.bureau, site.sections[0], *site.news], Citizen()
    number, gaps, torn = 0, 0, list[str]()
    for address in addresses:
        gap, has_gap = 1, True
        while has_gap:
            number += 1
            release = Release(pages, number)
            with release.begun():
                answer, has_gap = citizen.ask(address, gap, release)
            gaps += has_gap
            rounds = set(ROUND.findall(answer))
            if len(rounds) > 1 or not answer.startswith("200"):
                torn.append(f"{address} after {gap} statements: {answer[:3]} {sorted(rounds)}")
            gap += 1
    return gaps, torn


def test_a_request_that_fails_leaves_a_connection_that_writes(committed_site: Site) -> None:
    with pytest.raises(Page.DoesNotExist), snapshot():
        Page.objects.get(key="/nothing/")
    assert connection.get_autocommit()
    approve(editions=[waiting(committed_site.guide, "改訂")], actor=None)
    if connection.vendor == "sqlite":
        assert connection.transaction_mode == "IMMEDIATE"  # type: ignore[attr-defined]

"""
What the links of a body may lead to: pages and documents that are public from its beginning on.

A draft, a booked page and an address that does not exist get the same sentence, that of the
proofreader's rule `link-dead`: the answer does not reveal whether a guessed address exists. Only
what is in the officer's branches is known to become public with the body, or before it.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from functools import cached_property

from django.db.models import Q
from django.utils import timezone

from bureaus.models import Answer, Document, Edition, Page
from bureaus.models.placements import pages_at, placed_pages
from bureaus.models.visibility import begun
from bureaus.permissions import Grants
from bureaus.proofreading import RULES, addresses_in, stored_name
from bureaus.publishing.blockers.blocker import Blocker, BlockerCode
from bureaus.publishing.findings import LINK_DEAD, finding_blocker, findings_report
from bureaus.publishing.schedule_projection import ScheduleProjection


def dead_link_blockers(edition: Edition, passing: Collection[str] = ()) -> Iterator[Blocker]:
    """
    One reason for each link to nothing public that nobody has accepted; no query after the proof.

    `passing`: the addresses that become public in time.
    """
    proof = findings_report(edition)
    dead = proof.manuscript.broken_addresses.difference(passing)
    for finding in RULES[LINK_DEAD](replace(proof.manuscript, broken_addresses=dead)):
        if not proof.is_accepted(finding):
            yield finding_blocker(finding)


def in_preparation(edition: Edition, grants: Grants) -> set[str]:
    """
    The addresses in `edition` that the officer's own branches may still publish with it.

    1 query, or none where every link leads to something public.
    """
    dead = {
        address: stored_name(address)
        for address in findings_report(edition).manuscript.broken_addresses
    }
    if not dead:
        return set()
    names = set(dead.values())
    to_come = Edition.objects.exclude(begun(timezone.now())).filter(
        grants.in_branches(prefix="page__")
    )
    placed = to_come.placed(timezone.now()).filter(placement__url_path__in=names)
    pages = placed.order_by().values_list("placement__url_path", flat=True)
    documents = Document.objects.filter(address__in=names, uses__edition__in=to_come).order_by()
    found = set(pages.union(documents.values_list("address", flat=True)))
    return {address for address, name in dead.items() if name in found}


class BodyLinks:
    """
    What the bodies of `editions` lead to, as it would be if all of them began together.

    3 queries for any number of editions; none where no body links an address of this site.
    """

    def __init__(self, editions: Sequence[Edition], projection: ScheduleProjection) -> None:
        self.editions = editions
        self.projection = projection

    @cached_property
    def pages(self) -> dict[str, Page]:
        """By their addresses of now and of the start."""
        names = {stored_name(address) for address in addresses_in(self.editions, ())} - {""}
        pages = pages_at(names)
        if self.projection.start > timezone.now():
            then = pages_at(names - pages.keys(), self.projection.start)
            placed = placed_pages(page.pk for page in then.values())
            pages |= {address: placed[page.pk] for address, page in then.items()}
        unread = {page.pk for page in pages.values()} - self.projection.approved.keys()
        if unread:
            self.projection.read(unread)
        return pages

    @cached_property
    def documents(self) -> set[str]:
        """The addresses of the documents that become public by then, as far as one may know."""
        grants, start = self.projection.grants, self.projection.start
        names = {stored_name(address) for address in addresses_in(self.editions, ())}
        names = {name for name in names if name.startswith("documents/")}
        if not names:
            return set()
        coming = Q(pk__in=[each.pk for each in self.projection.coming.values()])
        booked = begun(start) & grants.in_branches(prefix="page__")
        using = Edition.objects.filter(booked | coming).values("pk")
        public = Document.objects.filter(uses__edition__in=using, address__in=names)
        return set(public.values_list("address", flat=True))

    def public_by_then(self, edition: Edition) -> set[str]:
        """The addresses that lead to nothing public yet, and will."""
        dead = {
            address: stored_name(address)
            for address in findings_report(edition).manuscript.broken_addresses
        }
        listed = {page.url_path for page in self.projection.targets.get(edition.pk, ())}
        return {
            address
            for address, name in dead.items()
            if name in listed  # judged by `ScheduleProjection`
            or name in self.documents
            or (name in self.pages and self.is_known(self.pages[name]))
        }

    def is_known(self, page: Page) -> bool:
        """Whether the officer may know that `page` answers then."""
        return self.projection.grants.can_view(page) and self.answers(page)

    def answers(self, page: Page) -> bool:
        """Whether a citizen who follows the link then is led to something."""
        projection = self.projection
        begun = [row for row in projection.approved_of(page.pk) if row.start <= projection.start]
        latest = max(begun, key=lambda row: row.start, default=None)
        coming = projection.coming.get(page.pk)
        answer = coming.answer if coming else latest and latest.answer
        return answer is not None and answer != Answer.GONE

    def blockers(self, edition: Edition) -> Iterator[Blocker]:
        """Why the body cannot begin then with the links that it has."""
        yield from dead_link_blockers(edition, self.public_by_then(edition))
        yield from self.against_endings(edition)

    def against_endings(self, edition: Edition) -> Iterator[Blocker]:
        """Why not to link what is public now, and will be gone by then."""
        dead = findings_report(edition).manuscript.broken_addresses
        for address in dict.fromkeys(addresses_in([edition], ())):
            page = None if address in dead else self.pages.get(stored_name(address))
            if page is None or self.answers(page):
                continue
            if self.projection.may_disclose(page, self.projection.start):
                yield Blocker(
                    BlockerCode.LINK,
                    f"本文のリンク先「{address}」は、公開開始のときには掲載を終えています。"
                    "リンクを外すか、リンク先を変えてください。",
                    "body",
                )
            else:
                yield from self.projection.undisclosed(
                    BlockerCode.LINK,
                    "本文に、公開開始のときに掲載を終えているページへのリンクがあります。",
                )

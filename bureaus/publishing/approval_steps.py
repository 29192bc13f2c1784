"""
How far an edition has come in the steps that its branches demand, and who goes on (ADR 0057).

That a step was confirmed follows from the audit entries since the last submission (ADR 0029).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Exists, F, Prefetch, QuerySet
from django.utils import timezone

from bureaus.models import Absence, Action, ApprovalStep, AuditEntry, Edition, StepOfficer
from bureaus.models.pages import placement_at
from bureaus.models.placements import ancestor_paths
from bureaus.publishing.workflow_facts import authors_among, last_entry
from bureaus.text.formatting import TOKYO


@dataclass(frozen=True, slots=True)
class StepProgress:
    """A step of an edition: the entry that confirmed it, else who may confirm it today."""

    step: ApprovalStep
    entry: AuditEntry | None
    acting: tuple[User, ...]

    @property
    def names(self) -> str:
        """Return 佐藤、高橋, or nothing where nobody may confirm it."""
        return "、".join(user.get_full_name() or user.get_username() for user in self.acting)

    def is_for(self, officer: int | None) -> bool:
        return officer in {user.pk for user in self.acting}


@dataclass(frozen=True, slots=True)
class Progress:
    """The steps of an edition, in their order."""

    steps: tuple[StepProgress, ...] = ()

    @property
    def outstanding(self) -> list[StepProgress]:
        """The steps that nobody has confirmed."""
        return [each for each in self.steps if each.entry is None]

    @property
    def next(self) -> StepProgress | None:
        """The first of them, which the edition waits for."""
        return next(iter(self.outstanding), None)

    def awaits(self, officer: int | None) -> bool:
        """Whether the next step is for this officer to confirm."""
        return self.next is not None and self.next.is_for(officer)


NO_STEPS = Progress()


def steps_now(now: datetime) -> QuerySet[Any]:
    """Return the steps with `path`, that of their page at `now`; the deepest first."""
    here = ApprovalStep.objects.annotate(placement=placement_at(now, "page__"))
    ordered = here.filter(placement__isnull=False).annotate(path=F("placement__path"))
    return ordered.select_related("page").order_by("-placement__depth", "position", "pk")


def with_people(steps: QuerySet[Any], day: date) -> QuerySet[Any]:
    """Prefetch the people of the steps, and who of them is away on `day`. 2 queries more."""
    away = Prefetch("officer__absences", Absence.objects.on(day), to_attr="absences_of_the_day")
    people = StepOfficer.objects.select_related("officer").prefetch_related(away)
    return steps.prefetch_related(Prefetch("people", people.order_by("pk")))


def noting_steps(entries: QuerySet[AuditEntry]) -> QuerySet[Any]:
    """Annotate `has_steps`: whether the site has steps at all, so that it need not be asked for."""
    return entries.annotate(has_steps=Exists(ApprovalStep.objects.order_by()))


def progress_of_each(
    editions: Sequence[Edition], entries: Iterable[AuditEntry]
) -> Mapping[int, Progress]:
    """
    Return the progress of `editions`, read with their placements, by their keys.

    `entries`: the audit entries of all of them. 1 query, 3 where there are steps; none where
    `entries` are by `noting_steps` and the site has no steps.
    """
    entries = list(entries)
    if entries and not all(getattr(entry, "has_steps", True) for entry in entries):
        return dict.fromkeys((edition.pk for edition in editions), NO_STEPS)
    above = {edition.pk: paths_to(edition) for edition in editions}
    now = timezone.now()
    wanted = {path for paths in above.values() for path in paths}
    found = list(
        with_people(steps_now(now).filter(path__in=wanted), timezone.localdate(now, TOKYO))
    )
    if not found:
        return dict.fromkeys(above, NO_STEPS)
    of_each: dict[int | None, list[AuditEntry]] = {}
    for entry in entries:
        of_each.setdefault(entry.edition_id, []).append(entry)
    return {
        key: progress([step for step in found if step.path in paths], of_each.get(key, []))
        for key, paths in above.items()
    }


def paths_to(edition: Edition) -> list[str]:
    path = edition.page.placement.path
    return [*ancestor_paths(path), path]


def progress(steps: Iterable[ApprovalStep], entries: Sequence[AuditEntry]) -> Progress:
    """Return the progress in `steps`, in their order, by the entries of one edition."""
    submitted = last_entry(entries, Action.SUBMIT)
    since = submitted.pk if submitted else 0
    confirmed = {
        entry.details.get("step"): entry
        for entry in entries
        if entry.action == Action.ENDORSE and entry.pk > since
    }
    authors = authors_among(entries)
    return Progress(
        tuple(StepProgress(step, confirmed.get(step.mark), acting(step, authors)) for step in steps)
    )


def acting(step: ApprovalStep, authors: Iterable[int | None]) -> tuple[User, ...]:
    """Return who may confirm the step today: its people, or where none of them can, deputies."""
    barred = set(authors)
    able = [
        each
        for each in step.people.all()
        if each.officer.is_active
        and each.officer_id not in barred
        and not each.officer.absences_of_the_day  # type: ignore[attr-defined]
    ]
    people = [each.officer for each in able if not each.is_deputy]
    return tuple(people or [each.officer for each in able if each.is_deputy])


def progress_of(edition: Edition) -> Progress:
    """
    Return the progress of one edition.

    1 query, 4 where there are steps; 1 less where its entries are prefetched.
    """
    entries: Any = edition.audit_entries.all()
    if "audit_entries" not in getattr(edition, "_prefetched_objects_cache", {}):
        entries = noting_steps(entries)
    return progress_of_each([edition], entries)[edition.pk]

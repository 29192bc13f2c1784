"""The steps that an edition passes before its approval, who confirms them, and who is away."""

from datetime import date
from hashlib import sha256
from typing import Self

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import F, Q

from bureaus.models.pages import Page

STEP_NAME_LENGTH = 40


class ApprovalStepManager(models.Manager["ApprovalStep"]):
    def get_by_natural_key(self, key: str, name: str) -> "ApprovalStep":
        return self.get(page__key=key, name=name)


class ApprovalStep(models.Model):
    """
    A step that the branch of `page` demands of every edition in it (docs/adr/0057).

    The steps of the deepest page come first, those of one page by `position`. The version before
    this one deletes pages without knowing the table: there is no constraint in the database.
    """

    page = models.ForeignKey(
        Page,
        on_delete=models.CASCADE,
        db_constraint=False,
        related_name="approval_steps",
        verbose_name="段階を置く場所",
    )
    position = models.PositiveSmallIntegerField("順番", default=1)
    name = models.CharField("段階の名前", max_length=STEP_NAME_LENGTH)

    objects = ApprovalStepManager()

    class Meta:
        verbose_name = verbose_name_plural = "確認の段階"
        ordering = ["page", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["page", "name"],
                name="approval_step_once",
                violation_error_message="この場所には、この名前の段階がもうあります。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str, str]:
        return (self.page.key, self.name)

    natural_key.dependencies = ["bureaus.page"]  # type: ignore[attr-defined]

    @property
    def mark(self) -> str:
        """What an audit entry calls the step: it outlives the row, and is the same in a dump."""
        return f"{self.page.key} {self.name}"

    def version(self, usernames: list[str]) -> str:
        """Return a digest of the step and its people, by which a form notices a change."""
        whole = "\n".join([self.name, str(self.position), str(self.page_id), *usernames])
        return sha256(whole.encode()).hexdigest()[:16]


class StepOfficerManager(models.Manager["StepOfficer"]):
    def get_by_natural_key(self, key: str, name: str, username: str) -> "StepOfficer":
        return self.get(step__page__key=key, step__name=name, officer__username=username)


class StepOfficer(models.Model):
    """Somebody who confirms a step; a deputy does where no other one can."""

    step = models.ForeignKey(
        ApprovalStep, on_delete=models.CASCADE, related_name="people", verbose_name="段階"
    )
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="approval_steps",
        verbose_name="確認する人",
    )
    is_deputy = models.BooleanField("代理", default=False)

    objects = StepOfficerManager()

    class Meta:
        verbose_name = verbose_name_plural = "段階の確認者"
        ordering = ["step", "is_deputy", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["step", "officer"],
                name="step_officer_once",
                violation_error_message="この人は、この段階にもういます。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.officer}"

    def natural_key(self) -> tuple[str, str, str]:
        return (*self.step.natural_key(), self.officer.get_username())

    natural_key.dependencies = ["bureaus.approvalstep", "auth.user"]  # type: ignore[attr-defined]


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def on(self, day: date) -> Self:
        return self.filter(first_day__lte=day, last_day__gte=day)

    def not_over(self, day: date) -> Self:
        return self.filter(last_day__gte=day)


class AbsenceManager(models.Manager["Absence"]):
    def get_by_natural_key(self, username: str, first_day: str) -> "Absence":
        return self.get(officer__username=username, first_day=first_day)


class Absence(models.Model):
    """Days in Tokyo on which an officer confirms no step, the first and the last among them."""

    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="absences",
        verbose_name="不在の人",
    )
    first_day = models.DateField("最初の日")
    last_day = models.DateField("最後の日")

    objects = AbsenceManager.from_queryset(AbsenceQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = "不在"
        ordering = ["first_day", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["officer", "first_day"],
                name="absence_begins_once",
                violation_error_message="この日からの不在は、もう届けてあります。",
            ),
            models.CheckConstraint(
                name="absence_ends_after_it_begins",
                violation_error_message="不在の最後の日は、最初の日より前にできません。",
                condition=Q(last_day__gte=F("first_day")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.officer} {self.first_day}〜{self.last_day}"

    def natural_key(self) -> tuple[str, str]:
        officer: User = self.officer
        return (officer.get_username(), self.first_day.isoformat())

    natural_key.dependencies = ["auth.user"]  # type: ignore[attr-defined]

"""
Editions: what a page says during an interval of time.

An edition is in force from `live_from` until `live_until`. Only approved editions have a
`live_from` (a constraint of the table), so "in force" does not depend on the state.
"""

from datetime import datetime
from typing import Any, Self

from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone

from bureaus.models.events import has_no_event, has_whole_event
from bureaus.models.kinds import CATEGORIES_OF, Category, Kind
from bureaus.models.pages import (
    JOINED,
    TARGET,
    Page,
    fields_to_save,
    is_placed,
    placement_at,
    read_with,
)
from bureaus.models.placements import PlacementsOfPage
from bureaus.models.visibility import (
    At,
    Viewer,
    begun,
    ever_public,
    not_ended,
    visible_editions,
)
from bureaus.text.rich_text import sanitise


class State(models.TextChoices):
    DRAFT = "draft", "下書き"
    REVIEW = "review", "確認待ち"
    APPROVED = "approved", "承認済み"


class Answer(models.TextChoices):
    CURRENT = "current", "掲載"
    ARCHIVED = "archived", "掲載終了（保存版）"
    MOVED = "moved", "移転"
    GONE = "gone", "削除"


# The answers with which the public can read the page, and may have public pages below it.
READABLE_ANSWERS = (Answer.CURRENT, Answer.ARCHIVED)


class ApprovedEditionIsFinal(Exception):
    """An attempt to change the content of an approved edition. A correction is a new edition."""


def lock_unapproved(keys: "models.QuerySet[Any, Any] | list[int]") -> list["Edition"]:
    """
    Lock the editions with these keys until the transaction ends; return them without their text.

    The state is read under the lock: this waits for an approval that is not committed yet, and
    none can begin. 1 query. Raises ApprovedEditionIsFinal where one of them is approved.
    """
    rows = Edition.objects.filter(pk__in=keys).only("title", "number", *ACTIONS_WRITE)
    locked = list(rows.order_by("pk").select_for_update(no_key=True))
    for edition in locked:
        if edition.state == State.APPROVED:
            raise ApprovedEditionIsFinal(
                f"「{edition}」は承認済みです。直すには新しい版を作ってください。"
            )
    return locked


class EditionQuerySet(models.QuerySet["Edition"]):
    @transaction.atomic
    def delete(self) -> tuple[int, dict[str, int]]:
        lock_unapproved(self.values("pk"))
        return super().delete()

    def open(self) -> Self:
        """The editions in work: drafts, and what waits for approval. One a page at most."""
        return self.exclude(state=State.APPROVED)

    def approved(self) -> Self:
        """The approved editions, through the index of states: for the whole site."""
        return self.filter(state=State.APPROVED)

    def with_start(self) -> Self:
        """The same editions as `approved`, through the indexes that begin with the page."""
        return self.filter(live_from__isnull=False)

    def in_force(self, at: At) -> Self:
        """The editions, one a page at most, that answer at the moment `at`."""
        return self.filter(not_ended(at), begun(at))

    def begun(self, at: At) -> Self:
        """The editions in force at `at` or before."""
        return self.filter(begun(at))

    def booked(self, at: At) -> Self:
        """The approved editions that begin after `at`."""
        return self.filter(live_from__gt=at)

    def not_ended(self, at: At) -> Self:
        """The editions that are open, in force at `at`, or booked."""
        return self.filter(not_ended(at))

    def placed(self, at: At) -> "models.QuerySet[Any, Any]":
        """
        Join the placement of the page in force at `at`, as `placement`, for lookups.

        Once a queryset: the first moment holds.
        """
        return self if is_placed(self) else self.annotate(placement=placement_at(at))

    def with_page(self) -> Any:
        """As `placed` now, with the pages read too, each with its placement. No query more."""
        return read_with(self.placed(timezone.now()), "page", JOINED)

    def with_target(self) -> Any:
        """Read the pages that the editions have moved to, as by `with_page`. No query more."""
        joined: dict[str, Any] = {TARGET: placement_at(timezone.now(), "moved_to__")}
        return read_with(self.annotate(**joined), "moved_to", TARGET)

    def with_publicity(self) -> Any:
        """Read as `page_was_public` whether their pages were ever public. No query more."""
        return self.annotate(page_was_public=ever_public(timezone.now(), "page"))

    def visible_to(self, viewer: Viewer, now: datetime) -> Self:
        """The editions that the officer may read."""
        return self.filter(visible_editions(viewer, now))

    def readable(self) -> Self:
        """The editions that leave their page readable: current or archived."""
        return self.filter(answer__in=READABLE_ANSWERS)

    def listed(self) -> Self:
        """The editions that lists contain: an archived page is read at its address only."""
        return self.filter(answer=Answer.CURRENT)


class EditionManager(models.Manager["Edition"]):
    def get_by_natural_key(self, key: str, number: int) -> "Edition":
        return self.get(page__key=key, number=number)


TITLE_LENGTH = 200
# The columns of a stored edition that only the actions of `publishing` write.
ACTIONS_WRITE = ("state", "live_from", "live_until", "release", "revision")
# The columns that `Edition.save` never updates: those, and those that the tree and the
# proofreader determine.
NEVER_SAVED = frozenset(
    {
        "page",
        "number",
        "finding_count",
        "error_count",
        "hidden_until",
        "hidden_note",
        *ACTIONS_WRITE,
    }
)
NEWS_CATEGORIES = [str(category) for category in CATEGORIES_OF[Kind.NEWS_ITEM]]


class Edition(models.Model):
    page = models.ForeignKey(
        Page, on_delete=models.PROTECT, related_name="editions", verbose_name="ページ"
    )
    number = models.PositiveIntegerField("版")
    state = models.CharField("状態", max_length=10, choices=State.choices, default=State.DRAFT)
    answer = models.CharField(
        "このページの扱い", max_length=10, choices=Answer.choices, default=Answer.CURRENT
    )
    live_from = models.DateTimeField("公開開始", null=True, blank=True)
    live_until = models.DateTimeField("公開終了", null=True, blank=True, editable=False)

    title = models.CharField("表題", max_length=TITLE_LENGTH, blank=True)
    title_reading = models.CharField("表題のよみ", max_length=400, blank=True)
    title_english = models.CharField("表題（英語）", max_length=400, blank=True)
    lead = models.TextField("要旨", blank=True)
    body = models.TextField("本文", blank=True)
    category = models.CharField("区分", max_length=20, choices=Category.choices)
    issued_on = models.DateField("発表日", null=True, blank=True)
    event_start = models.DateTimeField("期間の開始", null=True, blank=True)
    event_end = models.DateTimeField("期間の終了", null=True, blank=True)
    event_place = models.CharField("場所", max_length=300, blank=True, default="", db_default="")
    is_cancelled = models.BooleanField("中止", default=False, db_default=False)
    note = models.TextField("掲載終了・移転・削除のお知らせ", blank=True)
    moved_to = models.ForeignKey(
        Page,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="移転先",
    )
    based_on = models.PositiveIntegerField("元の版", null=True, blank=True, editable=False)
    revision = models.PositiveIntegerField("保存の回数", default=1, editable=False)
    release = models.CharField("一括公開", max_length=32, blank=True, editable=False)
    change_note = models.TextField("変更の内容", blank=True)
    is_minor = models.BooleanField("軽微な変更", default=False)

    # While an urgent proposal to seal something in it is not decided, nobody but officers reads it.
    hidden_until = models.DateTimeField("非表示の期限", null=True, blank=True, editable=False)
    hidden_note = models.TextField(
        "非表示のお知らせ", blank=True, default="", db_default="", editable=False
    )

    # The findings of the last proofreading that nobody has accepted: publishing.finding_counts.
    finding_count = models.PositiveIntegerField("校正の指摘", default=0, editable=False)
    error_count = models.PositiveIntegerField("うち誤り", default=0, editable=False)

    placements = PlacementsOfPage()

    objects = EditionManager.from_queryset(EditionQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = "版"
        ordering = ["page", "number"]
        indexes = [
            models.Index(fields=["page", "live_from"], name="edition_of_page_from"),
            # For the lists of the admin over the whole site: drafts, bookings, ended editions.
            models.Index(fields=["state", "live_from", "page"], name="edition_state_from"),
            models.Index(
                fields=["answer", "page"],
                condition=~Q(answer=Answer.CURRENT),  # else public statements would choose it
                name="edition_ended",
            ),
            models.Index(
                # The pages without an end in sight, for the list of those long unchanged. The
                # first column is always NULL, as only news has a date; without it SQLite prefers
                # another index.
                fields=["issued_on", "live_from", "page", "answer"],
                condition=Q(live_until=None, issued_on=None),
                name="edition_standing",
            ),
            models.Index(  # The sitemap counts every page that it lists: in the index alone.
                fields=["issued_on", "page", "live_from", "live_until", "answer"],
                name="edition_counted",
            ),
            models.Index(
                fields=["page", "error_count", "live_until", "state"],
                condition=Q(finding_count__gt=0),
                name="edition_with_findings",
            ),
            models.Index(fields=["release"], condition=~Q(release=""), name="edition_of_release"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["page", "number"],
                name="edition_number_once_a_page",
                violation_error_message="この番号の版は、このページにもうあります。次の番号にしてください。",
            ),
            models.UniqueConstraint(
                fields=["page", "live_from"],
                condition=Q(state=State.APPROVED),
                name="edition_one_start_a_moment",
                violation_error_message="同じ日時に始まる版が、このページにもうあります。公開開始を変えてください。",
            ),
            models.UniqueConstraint(
                fields=["page"],
                condition=~Q(state=State.APPROVED),
                name="edition_one_open_a_page",
                violation_error_message="このページには、書きかけの版がもうあります。それを続けるか、破棄してください。",
            ),
            models.CheckConstraint(
                name="edition_state_is_known",
                violation_error_message="状態は、draft・review・approved のどれかにしてください。",
                condition=Q(state__in=[str(state) for state in State]),
            ),
            models.CheckConstraint(
                name="edition_answer_is_known",
                violation_error_message="応答は current・archived・moved・gone のどれかです。",
                condition=Q(answer__in=[str(answer) for answer in Answer]),
            ),
            models.CheckConstraint(
                name="edition_starts_when_approved",
                violation_error_message="公開開始は、承認済みの版だけが持ちます。状態か公開開始を直してください。",
                condition=Q(state=State.APPROVED, live_from__isnull=False)
                | (~Q(state=State.APPROVED) & Q(live_from=None, live_until=None)),
            ),
            models.CheckConstraint(
                name="edition_ends_after_its_start",
                violation_error_message="公開終了が、公開開始より後になっていません。",
                condition=Q(live_until=None) | Q(live_until__gt=F("live_from")),
            ),
            models.CheckConstraint(
                name="edition_event_is_whole",
                violation_error_message="期間には開始と終了の両方が要り、終了は開始より後にします。"
                "場所と中止は、期間のある版だけが持ちます。",
                condition=has_no_event() | has_whole_event(),
            ),
            models.CheckConstraint(
                name="edition_moves_elsewhere",
                violation_error_message="移転先は、このページとは別のページにしてください。",
                condition=Q(moved_to=None) | ~Q(moved_to=F("page")),
            ),
            models.CheckConstraint(
                name="edition_approved_is_complete",
                violation_error_message="承認済みの版には表題が要ります。移転には移転先が、新着情報には"
                "発表日が要り、移転でない版は移転先を持てません。",
                condition=~Q(state=State.APPROVED)
                | (
                    ~Q(title="")
                    & (
                        Q(answer=Answer.MOVED, moved_to__isnull=False)
                        | (~Q(answer=Answer.MOVED) & Q(moved_to=None))
                    )
                    & (~Q(category__in=NEWS_CATEGORIES) | Q(issued_on__isnull=False))
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title or '（無題）'} 第{self.number}版"

    def save(self, **kwargs: Any) -> None:
        """
        Save with a sanitised body. 1 query more than Django's where the edition is stored already.

        Raises ApprovedEditionIsFinal where the stored edition is approved, whatever state this
        object was loaded with, and DatabaseError where it has been discarded. State, interval,
        release and revision stay as stored and are copied to this object: an action may have
        written them since it was loaded. So does what follows from the tree: the page may have
        moved.
        """
        self.body = sanitise(self.body)
        with transaction.atomic():
            if self._state.adding:
                kwargs["force_insert"] = True
            else:
                self.copy_action_fields(lock_unapproved([self.pk]))
                kwargs["update_fields"] = fields_to_save(self, kwargs, NEVER_SAVED)
            super().save(**kwargs)

    def copy_action_fields(self, stored: "list[Edition]") -> None:
        """Copy what the actions have written; nothing where the edition has been discarded."""
        for edition in stored:
            for name in ACTIONS_WRITE:
                setattr(self, name, getattr(edition, name))

    @property
    def is_open(self) -> bool:
        return self.state != State.APPROVED

    def has_begun(self, at: datetime) -> bool:
        return self.live_from is not None and self.live_from <= at

    def is_booked(self, at: datetime) -> bool:
        return self.live_from is not None and self.live_from > at

    def is_in_force(self, at: datetime) -> bool:
        return self.has_begun(at) and (self.live_until is None or self.live_until > at)

    @transaction.atomic
    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Raise ApprovedEditionIsFinal where the stored edition is approved."""
        lock_unapproved([self.pk])
        return super().delete(*args, **kwargs)

    def natural_key(self) -> tuple[str, int]:
        return (self.page.key, self.number)

    natural_key.dependencies = ["bureaus.page"]  # type: ignore[attr-defined]

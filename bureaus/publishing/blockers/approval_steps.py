"""Why a step cannot be confirmed, changed or left out, and why an absence cannot be recorded."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth.models import User
from django.db.models import Q
from django.utils import timezone

from bureaus.models import (
    Absence,
    Action,
    ApprovalStep,
    AuditEntry,
    BranchRole,
    Edition,
    Page,
    Role,
    State,
)
from bureaus.models.approval_steps import STEP_NAME_LENGTH
from bureaus.models.placements import ancestor_paths
from bureaus.permissions import Officer, actor_context, grants_of
from bureaus.publishing.approval_steps import Progress, progress_of_each, steps_now
from bureaus.publishing.authorship import (
    account_bonds,
    bonded_accounts,
    own_account_blockers,
    own_text_blockers,
)
from bureaus.publishing.blockers.blocker import (
    Blocker,
    BlockerCode,
    blocker_list,
    role_blockers,
)
from bureaus.publishing.blockers.editions import state_blockers, unread_revision_blockers
from bureaus.publishing.blockers.site_entries import changed_blockers
from bureaus.publishing.workflow_facts import authors_among
from bureaus.text.formatting import TOKYO, japanese_date

MOST_STEPS = 9  # of one page
MOST_PEOPLE = 20  # of one step
MOST_ABSENCES = 20  # of one officer
LONGEST_ABSENCE = timedelta(days=366)
AWAY = "全員が不在か、この版を書いた人です"
ASK = "段階の人を変えるよう、管理者に依頼してください"


@dataclass(frozen=True, slots=True)
class StepEntry:
    """A step as it is typed: the user names of its people and of their deputies."""

    page: Page
    name: str
    position: int
    people: tuple[str, ...]
    deputies: tuple[str, ...]


def unconfirmed_blockers(progress: Progress) -> Iterator[Blocker]:
    """Yield the step that the edition is waiting for."""
    waiting = progress.next
    if waiting is None:
        return
    who = f"確認できる人：{waiting.names}" if waiting.acting else f"{AWAY}。{ASK}"
    yield Blocker(BlockerCode.STEPS, f"「{waiting.step}」の段階の確認が、まだです（{who}）。")


@blocker_list
def endorse_blockers(
    *, edition: Edition, revisions: Mapping[int, int] | None = None, actor: Officer = None
) -> Iterator[Blocker]:
    """Return why `actor` cannot confirm the next step. At most 6 queries."""
    actor = actor_context(actor)
    yield from role_blockers(Action.ENDORSE, actor, edition.page)
    yield from state_blockers(edition, "段階を確認できる", State.REVIEW)
    found = list(AuditEntry.objects.filter(Q(edition=edition) | account_bonds(actor)))
    entries = [entry for entry in found if entry.edition_id == edition.pk]
    authors = authors_among(entries)
    yield from own_text_blockers(edition, actor, authors)
    yield from own_account_blockers(edition, authors, bonded_accounts(found, actor))
    yield from unread_revision_blockers(edition, revisions)
    yield from turn_blockers(progress_of_each([edition], entries)[edition.pk], actor)


def turn_blockers(progress: Progress, actor: Officer) -> Iterator[Blocker]:
    """Yield why it is not for `actor` to confirm the next step; the operator may."""
    waiting = progress.next
    if waiting is None:
        yield Blocker(BlockerCode.STEPS, "この版には、待っている確認の段階がありません。")
    elif actor is not None and not waiting.is_for(actor.pk):
        who = f"確認するのは、{waiting.names}です" if waiting.acting else f"{AWAY}。{ASK}"
        yield Blocker(BlockerCode.STEPS, f"いまの段階は「{waiting.step}」です。{who}。")


# The steps of a page


@blocker_list
def step_blockers(
    *,
    page: Page,
    entry: StepEntry | None,
    stored: ApprovalStep | None = None,
    sent: tuple[int | None, str] = (None, ""),
    actor: Officer = None,
) -> Iterator[Blocker]:
    """
    Return why a step of `page` cannot be written, or with None for `entry` be deleted.

    `sent`: the key and the version of the step that the form was opened with. At most 8 queries.
    """
    yield from role_blockers(Action.APPROVAL_STEPS, actor, page)
    key, version = sent
    if key or entry is None:
        yield from changed_blockers("段階", StepVersion.of(stored), version)
    if entry is None:
        return
    others = [each for each in ApprovalStep.objects.filter(page=page) if each != stored]
    yield from entry_blockers(entry, others)
    yield from people_blockers(entry)


@dataclass(frozen=True, slots=True)
class StepVersion:
    name: str
    version: str

    def __str__(self) -> str:
        return self.name

    @classmethod
    def of(cls, step: ApprovalStep | None) -> "StepVersion | None":
        return cls(str(step), version_of(step)) if step else None


def version_of(step: ApprovalStep) -> str:
    """Return a digest of the step and its people, which are to be prefetched."""
    people = step.people.all()
    return step.version(sorted(f"{one.officer.get_username()} {one.is_deputy}" for one in people))


def entry_blockers(entry: StepEntry, others: Sequence[ApprovalStep]) -> Iterator[Blocker]:
    if not entry.name:
        yield Blocker(BlockerCode.NAME, "段階の名前を書いてください。例：課の確認")
    if len(entry.name) > STEP_NAME_LENGTH:
        yield Blocker(
            BlockerCode.LONG,
            f"段階の名前「{entry.name[:20]}…」は{len(entry.name)}文字あります。"
            f"{STEP_NAME_LENGTH}文字以内にしてください。",
        )
    if entry.name in {other.name for other in others}:
        yield Blocker(BlockerCode.ALREADY, f"「{entry.name}」という段階が、ここにはもうあります。")
    if len(others) >= MOST_STEPS:
        yield Blocker(BlockerCode.FULL, f"1つの場所の段階は{MOST_STEPS}つまでです。")
    if not 1 <= entry.position <= MOST_STEPS:
        yield Blocker(BlockerCode.ORDER, f"順番は、1から{MOST_STEPS}までの数にしてください。")


def people_blockers(entry: StepEntry) -> Iterator[Blocker]:
    """Yield what is wrong with the people: each needs a role with which they see the drafts."""
    names = [*entry.people, *entry.deputies]
    if not entry.people:
        yield Blocker(BlockerCode.NOTHING, "確認する人のユーザー名を、1人は書いてください。")
    if len(names) > MOST_PEOPLE:
        yield Blocker(BlockerCode.MANY, f"1つの段階の人は、代理を含めて{MOST_PEOPLE}人までです。")
        return
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield Blocker(BlockerCode.ALREADY, f"「{name}」が2度書かれています。1つにしてください。")
    known = role_holders(names, entry.page)
    for name in dict.fromkeys(names):
        if name not in known:
            yield Blocker(
                BlockerCode.NOT_HELD,
                f"「{name}」は「{entry.page.url_path}」の担当ではないので、下書きを見られません。"
                "ユーザー名を直すか、先に「担当者」の画面で担当にしてください。",
            )


def role_holders(names: Iterable[str], page: Page) -> set[str]:
    """Return those of `names` with a role at `page`, or who run the site. 2 queries."""
    paths = [*ancestor_paths(page.placement.path), page.placement.path]
    above = Page.objects.placed(timezone.now()).filter(placement__path__in=paths)
    holding = BranchRole.objects.filter(page__in=above.values("pk"))
    accounts = User.objects.filter(username__in=list(names), is_active=True)
    return {
        *accounts.filter(groups__branch_roles__in=holding).values_list("username", flat=True),
        *accounts.filter(is_superuser=True).values_list("username", flat=True),
    }


# Absences


@blocker_list
def absence_blockers(
    *, officer: User, first_day: date, last_day: date, actor: Officer = None
) -> Iterator[Blocker]:
    """Return why the absence cannot be recorded. At most 4 queries."""
    yield from whose_absence_blockers(officer, actor)
    today = timezone.localdate(timezone.now(), TOKYO)
    if last_day < first_day:
        yield Blocker(
            BlockerCode.WHEN,
            f"最後の日（{japanese_date(last_day)}）が、最初の日（{japanese_date(first_day)}）より"
            "前です。日付を直してください。",
        )
    elif last_day - first_day > LONGEST_ABSENCE:
        yield Blocker(
            BlockerCode.LONG, "不在は1年までです。長く離れる人は、段階から外してください。"
        )
    if last_day < today:
        yield Blocker(
            BlockerCode.PAST,
            f"{japanese_date(last_day)}は過ぎています。これからの日にしてください。",
        )
    absences = Absence.objects.filter(officer=officer).not_over(today)
    if any(each.first_day <= last_day and first_day <= each.last_day for each in absences):
        yield Blocker(
            BlockerCode.ALREADY, "重なる不在が、もう届けてあります。先にそれを取り消してください。"
        )
    if len(absences) >= MOST_ABSENCES:
        yield Blocker(BlockerCode.FULL, f"これからの不在は、{MOST_ABSENCES}件までです。")


@blocker_list
def whose_absence_blockers(officer: User, actor: Officer) -> Iterator[Blocker]:
    """Yield a blocker where it is neither one's own, nor of people of a step that one manages."""
    if actor is None or actor.pk == officer.pk:
        return
    steps = steps_now(timezone.now()).filter(people__officer=officer)
    grants = grants_of(actor)
    if not any(Role.MANAGER in grants.roles_at_path(step.path) for step in steps):
        yield Blocker(
            BlockerCode.ROLE,
            f"「{officer}」の不在を届けられるのは、本人と、その人がいる段階の管理者です。",
        )

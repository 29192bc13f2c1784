"""Why a finding of the proofreader cannot be accepted."""

from collections.abc import Iterator

from bureaus.models import Action, AuditEntry, Edition
from bureaus.models.acceptances import REASON_LENGTH
from bureaus.permissions import Officer
from bureaus.proofreading import is_acceptable
from bureaus.proofreading.findings import Key
from bureaus.publishing.blockers.blocker import (
    Blocker,
    BlockerCode,
    blocker_list,
    role_blockers,
)
from bureaus.publishing.findings import findings_report, findings_reports
from bureaus.publishing.workflow_facts import AUTHORING_ACTIONS
from bureaus.text.rich_text import strip_invisible

ORIGINALS = 10  # the newest loaded editions of a page that are compared


@blocker_list
def acceptance_blockers(
    *, edition: Edition, rule: str, quote: str, reason: str = "", actor: Officer = None
) -> Iterator[Blocker]:
    """Yield why the finding cannot be accepted. At most 6 queries."""
    yield from role_blockers(Action.ACCEPT, actor, edition.page)
    if not strip_invisible(reason).strip():
        yield Blocker(
            BlockerCode.REASON, "そのままにする理由を書いてください。承認者と後の担当者が読みます。"
        )
    if len(reason) > REASON_LENGTH:
        yield Blocker(
            BlockerCode.REASON, f"理由が長すぎます。{REASON_LENGTH}文字以内にしてください。"
        )
    report = findings_report(edition)
    found = [finding for finding in report.findings if finding.key == (rule, quote)]
    if not found:
        yield Blocker(
            BlockerCode.NO_FINDING,
            "この指摘は、保存した文章にはありません。"
            "文章を変えたときは、先に下書きを保存してください。",
        )
    elif report.is_accepted(found[0]):
        yield Blocker(
            BlockerCode.ALREADY, "この指摘は、もう了承されています。画面を開き直してください。"
        )
    elif not is_acceptable(found[0]) and not stands_in_original(edition, (rule, quote)):
        yield Blocker(
            BlockerCode.ERROR,
            "誤りは了承できないので、文章を直してください。了承できるのは、読み込んだ原文にある"
            "言葉だけです。",
        )


def stands_in_original(edition: Edition, key: Key) -> bool:
    """Return whether a loaded edition of the page, not written here, has the finding; 3 queries."""
    written = AuditEntry.objects.filter(edition__page=edition.page_id, action__in=AUTHORING_ACTIONS)
    loaded = (
        Edition.objects.approved()
        .filter(page=edition.page_id)
        .exclude(pk__in=written.values("edition"))
        .select_related("page")
        .order_by("-number")[:ORIGINALS]
    )
    return any(
        key == finding.key
        for report in findings_reports(list(loaded))
        for finding in report.findings
    )

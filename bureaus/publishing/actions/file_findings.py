"""Accepting a finding about the file of a document, and examining a stored file."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from bureaus.models import Action, Document, FileFinding
from bureaus.models.locks import under_tree_lock
from bureaus.models.readability_reports import store_report
from bureaus.publishing.audit import Actor, record_file_action
from bureaus.publishing.blockers.blocker import raise_if_blocked
from bureaus.publishing.blockers.file_findings import file_acceptance_blockers
from bureaus.publishing.blockers.media import file_address
from bureaus.publishing.file_findings import rule_of, store_findings
from bureaus.text.rich_text import strip_invisible
from bureaus.uploads.hidden.contents import HiddenContent


@under_tree_lock
def accept_file_finding(*, finding: FileFinding, reason: str, actor: Actor) -> FileFinding:
    """
    Accept this finding in the current file of its document, on every page that uses it.

    The audit entry names the rule and the place, not the words: it can never be deleted. Raises
    Blocked, and FileFinding.DoesNotExist where the file has been replaced.
    """
    stored = FileFinding.objects.select_for_update(of=("self",)).select_related("document")
    finding = stored.get(pk=finding.pk)
    raise_if_blocked(file_acceptance_blockers(finding=finding, reason=reason, actor=actor))
    finding.reason = strip_invisible(reason).strip()
    finding.actor_id = actor.pk if actor else None
    finding.at = timezone.now()
    finding.save(update_fields=["reason", "actor", "at"])
    record_file_action(
        Action.ACCEPT,
        file_address(finding.document),
        actor,
        reason,
        rule=finding.rule,
        finding=f"{finding.place}：{rule_of(finding).sentence}",
    )
    return finding


@transaction.atomic
def store_examination(
    *,
    document: Document,
    file: str,
    hidden: tuple[HiddenContent, ...],
    judgement: dict[str, Any] | None = None,
) -> bool:
    """
    Store what the examination of `file` found; return False where it has been replaced.

    `judgement`: of a table, by the rules on machine-readable data.
    """
    current = Document.objects.select_for_update().filter(pk=document.pk, file=file)
    if not current.update(is_examined=True, examined_file=file):
        return False
    document.file.name = file
    store_findings(document, hidden)
    store_report(document, judgement)
    return True

"""The numbers of findings, stored with each edition for the tree and the dashboard."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import ParamSpec, TypeVar

from django.utils import timezone

from bureaus.models import Acceptance, Edition, Page
from bureaus.proofreading import Level
from bureaus.publishing.findings import FindingsReport, findings_reports

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result", Page, Edition, Acceptance)
FIELDS = ("finding_count", "error_count")
BATCH_SIZE = 200  # editions, written with one statement


def count_findings(action: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """
    Update the counts on the page of what `action` returns; 4 queries, and 1 for a new row.

    It runs after the transaction: proofreading takes longer than others should wait, and no
    decision depends on the counts.
    """

    @wraps(action)
    def counted(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        result = action(*args, **kwargs)
        page = getattr(result, "page_id", result.pk)
        editions = Edition.objects.not_ended(timezone.now()).filter(page=page)
        rows = list(editions.with_page().order_by("number"))
        store_finding_counts(rows, findings_reports(rows))
        return result

    return counted


def store_finding_counts(editions: Sequence[Edition], proofs: Sequence[FindingsReport]) -> int:
    """
    Store the counts of `proofs` with `editions`; return how many changed.

    They are updated when the edition is saved or a finding on its page is accepted. A finding from
    elsewhere, such as a dead link, is counted by the next `manage.py proofread`.
    """
    changed = []
    for edition, proof in zip(editions, proofs, strict=True):
        counts = len(proof.open()), len(proof.open(Level.ERROR))
        if counts != (edition.finding_count, edition.error_count):
            edition.finding_count, edition.error_count = counts
            changed.append(edition)
    return Edition.objects.bulk_update(changed, FIELDS, batch_size=BATCH_SIZE) if changed else 0

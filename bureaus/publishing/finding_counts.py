"""How much there is to mend in an edition, stored with it: for the tree and the desk."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import ParamSpec, TypeVar

from django.utils import timezone

from bureaus.models import Acceptance, Edition, Page
from bureaus.proofreading import Level
from bureaus.publishing.findings import FindingsReport, findings_reports

Arguments = ParamSpec("Arguments")
Done = TypeVar("Done", Page, Edition, Acceptance)
FIELDS = ("finding_count", "error_count")
TOGETHER = 200  # editions, written with one statement


def count_findings(action: Callable[Arguments, Done]) -> Callable[Arguments, Done]:
    """
    After `action`, count anew on the page of what it returns; 4 queries, and 1 where it is new.

    Outside of its transaction: reading takes longer than others should wait, and nothing is
    decided by these counts.
    """

    @wraps(action)
    def counted(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Done:
        done = action(*args, **kwargs)
        page = getattr(done, "page_id", done.pk)
        editions = Edition.objects.not_ended(timezone.now()).filter(page=page)
        read = list(editions.select_related("page").order_by("number"))
        store_finding_counts(read, findings_reports(read))
        return done

    return counted


def store_finding_counts(editions: Sequence[Edition], proofs: Sequence[FindingsReport]) -> int:
    """
    Keep with `editions`, as they were read, what there is to mend in them; return how many changed.

    It stands until the edition is saved or something on its page is accepted. What dies elsewhere,
    such as a page that is linked, is seen when `manage.py proofread` reads the site again.
    """
    changed = []
    for edition, proof in zip(editions, proofs, strict=True):
        counts = len(proof.open()), len(proof.open(Level.ERROR))
        if counts != (edition.finding_count, edition.error_count):
            edition.finding_count, edition.error_count = counts
            changed.append(edition)
    return Edition.objects.bulk_update(changed, FIELDS, batch_size=TOGETHER) if changed else 0

"""The findings about the documents of an edition, and why they keep it from being submitted."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery

from bureaus.models import Document, Edition, FileFinding
from bureaus.proofreading import addresses_in, stored_name
from bureaus.publishing.blockers.blocker import Blocker, BlockerCode
from bureaus.publishing.findings import cache_reports, findings_report
from bureaus.uploads.hidden.contents import HiddenContent
from bureaus.uploads.hidden.rules import RULES, HiddenRule
from bureaus.uploads.intake import AcceptedDocument

CACHE_ATTRIBUTE = "_file_findings"
DOCUMENTS = "documents/"
UNKNOWN = HiddenRule(is_error=False, sentence="隠れた内容があります。", remedy="")
ERRORS = frozenset(name for name, rule in RULES.items() if rule.is_error)
IN_ITS_SCREEN = (
    "「画像と文書」のその文書の画面で確かめ、ファイルを直して差し替えてください。"
    "公開してよいものなら、その画面に理由を書いて了承してください。"
)


def rule_of(finding: FileFinding | HiddenContent) -> HiddenRule:
    """Return the rule; a neutral one where a stored finding has a rule that is no more."""
    return RULES.get(finding.rule, UNKNOWN)


def is_open_error(finding: FileFinding) -> bool:
    return finding.rule in ERRORS and not finding.is_accepted


def with_open_errors(documents: QuerySet[Any]) -> QuerySet[Any]:
    """Annotate documents with `open_errors`: how many errors nobody has accepted, or None."""
    found = FileFinding.objects.filter(document=OuterRef("pk"), rule__in=ERRORS, reason="")
    counts = found.order_by().values("document").annotate(count=Count("pk")).values("count")
    counted: QuerySet[Any] = documents.annotate(open_errors=Subquery(counts))
    return counted


def fault_of(document: Document) -> str:
    """Return what an officer who chooses the document reads: empty without `open_errors`."""
    count = getattr(document, "open_errors", None)
    if not count:
        return ""
    return (
        f"この文書に、隠れた内容の誤りが{count}件あります。直したファイルに差し替えるか、文書の画面で"
        "理由を書いて了承するまで、このページの確認を依頼できません。"
    )


def file_findings(edition: Edition) -> list[FileFinding]:
    """Return the findings about the documents that the edition links, errors first; 1 query."""
    cache_file_findings([edition])
    found: list[FileFinding] = vars(edition)[CACHE_ATTRIBUTE][1]
    return found


def cache_file_findings(editions: Iterable[Edition]) -> None:
    """Cache the findings of each edition; 1 query for all, and those of their reports."""
    editions = list(editions)
    cache_reports(editions)
    names = {edition: documents_of(edition) for edition in editions}
    unread = [edition for edition in names if cached_names(edition) != names[edition]]
    wanted = set().union(*(names[edition] for edition in unread))
    found = FileFinding.objects.filter(document__address__in=wanted)
    rows = list(found.select_related("document", "actor")) if wanted else []
    rows.sort(key=lambda row: (not rule_of(row).is_error, row.document_id, row.pk))
    for edition in unread:
        own = [row for row in rows if row.document.address in names[edition]]
        vars(edition)[CACHE_ATTRIBUTE] = (names[edition], own)


def cached_names(edition: Edition) -> set[str] | None:
    cached = vars(edition).get(CACHE_ATTRIBUTE)
    return cached[0] if cached else None


def documents_of(edition: Edition) -> set[str]:
    """Return the addresses of the documents that its links and its body lead to."""
    manuscript = findings_report(edition).manuscript
    links = (link.target for link in manuscript.links)
    names = (stored_name(address) for address in addresses_in([edition], links))
    return {name for name in names if name.startswith(DOCUMENTS)}


def file_finding_blockers(edition: Edition) -> Iterator[Blocker]:
    """Yield a blocker for each document with an error that nobody has accepted."""
    errors: dict[Document, list[FileFinding]] = {}
    for finding in filter(is_open_error, file_findings(edition)):
        errors.setdefault(finding.document, []).append(finding)
    for document, findings in errors.items():
        yield Blocker(
            BlockerCode.HIDDEN_CONTENT,
            f"文書「{document}」に、隠れた内容があります（{summary_of(findings)}）。{IN_ITS_SCREEN}",
            "links",
        )


def replacement_blockers(document: Document, hidden: Iterable[HiddenContent]) -> Iterator[Blocker]:
    """Yield a blocker where a file for the public holds what nobody could have accepted yet."""
    errors = [each for each in hidden if each.rule in ERRORS]
    if errors:
        yield Blocker(
            BlockerCode.HIDDEN_CONTENT,
            f"選ばれたファイルに、隠れた内容があります（{summary_of(errors)}）。"
            f"{rule_of(errors[0]).remedy}公開してよいものなら、新しい文書として登録し、その画面に"
            f"理由を書いて了承してから、「{document}」の代わりに新しい版でリンクしてください。",
        )


def summary_of(findings: Iterable[FileFinding | HiddenContent]) -> str:
    """Return the first finding with its place, and the number of the others."""
    first, *others = findings
    said = f"「{first.words}」" if first.words else ""
    more = f"ほか{len(others)}件" if others else ""
    return f"{first.place}{said}：{rule_of(first).sentence.rstrip('。')}{more and f'、{more}'}"


def store_findings(document: Document, hidden: Iterable[HiddenContent]) -> None:
    """Store the findings about the current file in place of those of the earlier one."""
    FileFinding.of_any_file.filter(document=document).delete()
    FileFinding.objects.bulk_create(
        FileFinding(
            document=document,
            file=str(document.file),
            rule=each.rule,
            place=each.place,
            words=each.words,
        )
        for each in dict.fromkeys(hidden)
    )


def warnings_about(found: AcceptedDocument) -> tuple[str, ...]:
    """Return the sentences for the officer who has sent the file."""
    if not found.hidden:
        return found.warnings
    errors = sum(each.rule in ERRORS for each in found.hidden)
    also = f"このうち{errors}件は、直すか了承するまで、使うページの確認を依頼できません。"
    sentence = (
        f"隠れた内容への指摘が{len(found.hidden)}件あります（{summary_of(found.hidden)}）。"
        f"{also if errors else ''}文書の画面で確かめてください。"
    )
    return (*found.warnings, sentence)

"""Overwriting the traces of a sealed text: unsaved input, accepted findings, the audit log."""

from collections.abc import Collection, Iterable

from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from bureaus.models import Acceptance, AuditEntry, Autosave, DraftComment, Seal
from bureaus.text.html_tree import plain_text
from bureaus.text.tombstones import LEAST, short_form, without_texts

# The details of audit entries that officers typed; moments, keys and addresses stay readable.
FREE = frozenset(
    {
        "title",
        "name",
        "quote",
        "finding",
        "changes",
        "origin",
        "synonyms",
        "synonyms_before",
    }
)
MARK = short_form("文字")


def overwrite_traces(pages: Collection[int], texts: Collection[str]) -> None:
    """Overwrite `texts` in what officers typed about these pages. 5 queries and the changes."""
    close_autosaves(pages, texts)
    overwrite_comments(pages, texts)
    delete_acceptances(pages, texts)
    overwrite_entries(Q(page__in=pages), texts)


def close_autosaves(pages: Collection[int], texts: Collection[str]) -> None:
    """
    Drop the unsaved input that holds one of `texts`, and refuse what its form sends later.

    An open form would store the sealed text again with the next keystroke. One in which nothing
    is typed yet may show it.
    """
    for copy in Autosave.objects.filter(edition__page__in=pages):
        if not copy.content or without_texts(copy.content, texts, "") != copy.content:
            Autosave.objects.filter(pk=copy.pk).update(content={}, closed_at=timezone.now())


def overwrite_comments(pages: Collection[int], texts: Collection[str]) -> None:
    """
    Overwrite `texts` in the comments, and quotes that share words with one.

    The context of a quote, which is a hint alone, may begin or end within a text: it goes.
    """
    plain = [plain_text(text) for text in texts if len(text) >= LEAST]
    for comment in DraftComment.objects.filter(edition__page__in=pages):
        is_quoted = any(is_shared(comment.quote, text) for text in plain)
        DraftComment.objects.filter(pk=comment.pk).update(
            text=without_texts(comment.text, texts, MARK),
            quote=MARK if is_quoted else comment.quote,
            before="",
            after="",
        )


def is_shared(quote: str, text: str) -> bool:
    """Return whether one is in the other, or the end of one is the beginning of the other."""
    if not quote or text in quote or quote in text:
        return bool(quote)
    lengths = range(LEAST, min(len(quote), len(text)))
    return any(quote.endswith(text[:n]) or quote.startswith(text[-n:]) for n in lengths)


def delete_acceptances(pages: Collection[int], texts: Collection[str]) -> None:
    """Delete the accepted findings that quote one of `texts`."""
    plain = [plain_text(text) for text in texts if len(text) >= LEAST]
    for row in Acceptance.objects.filter(page__in=pages):
        is_quote = any(row.quote in text or text in row.quote for text in plain)
        if is_quote or without_texts(row.reason, texts, "") != row.reason:
            Acceptance.objects.filter(pk=row.pk).delete()


def overwrite_entries(condition: Q, texts: Iterable[str], mark: str = MARK) -> None:
    """Overwrite `texts` in the notes and details of the audit entries that match `condition`."""
    texts = list(texts)
    for entry in AuditEntry.objects.filter(condition):
        note = without_texts(entry.note, texts, mark)
        free = {name: value for name, value in entry.details.items() if name in FREE}
        details = {**entry.details, **without_texts(free, texts, mark)}
        if (note, details) != (entry.note, entry.details):
            final_rows(AuditEntry).filter(pk=entry.pk).update(note=note, details=details)


def overwrite_reasons(condition: Q, texts: list[str]) -> None:
    """Overwrite `texts` in the reasons of seals that match `condition`: they may quote them."""
    for seal in Seal.objects.filter(condition):
        reason = without_texts(seal.reason, texts, "（公開を取りやめた文字）")
        if reason != seal.reason:
            Seal.objects.filter(pk=seal.pk).update(reason=reason)


def final_rows(model: type[Model]) -> "QuerySet[Model]":
    """Return a queryset that can update rows which are written once; for seals alone."""
    return QuerySet(model)

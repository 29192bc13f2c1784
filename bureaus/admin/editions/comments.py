"""The comments on a draft: the draft as lines, what is said about each, and what is settled."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from bureaus.admin.core import access
from bureaus.admin.core.breadcrumbs import edition_breadcrumbs
from bureaus.admin.core.cleaning import clean_line, clean_lines
from bureaus.admin.core.edition_summary import chip_of
from bureaus.admin.core.users import request_actor, request_user
from bureaus.admin.editions.autosave import sent_revision
from bureaus.models import Edition
from bureaus.models.draft_comments import COMMENT_LENGTH, QUOTE_LENGTH
from bureaus.publishing import Blocked, Blocker, Subject, answer, comment, reopen, resolve
from bureaus.publishing.blockers.draft_comments import comment_availability
from bureaus.publishing.draft_comments import Passage, Thread, passages_of, threads_of

SHORT = 40  # characters of a line in the list of places


@dataclass(frozen=True, slots=True)
class PassageRow:
    """A line of the draft with the threads about it; `label` only where another field begins."""

    passage: Passage
    label: str
    threads: tuple[Thread, ...]


@access.admin_screen
@require_http_methods(["GET", "HEAD", "POST"])
def edition_comments(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the comments, or write, settle or reopen one. GET: at most 12 queries."""
    edition = access.get_visible_edition(request, pk)
    if request.method != "POST":
        return comments_page(request, edition)
    name = request.POST.get("do", "")
    if name not in DO:
        raise BadRequest
    try:
        sentence, key = DO[name](request, edition)
    except Blocked as blocked:
        return comments_page(request, edition, blocked.blockers)
    messages.success(request, sentence)
    return redirect(f"{reverse('admin:edition-comments', args=[pk])}#comment-{key}")


# What can be done: each returns the sentence that reports it, and the thread. Raises Blocked.


def write(request: HttpRequest, edition: Edition) -> tuple[str, str]:
    place, quote = clean_line(request, "place"), clean_line(request, "quote")
    subject = Subject(place, quote, sent_revision(request))
    text = clean_lines(request, "text")
    written = comment(edition=edition, text=text, actor=request_user(request), subject=subject)
    return "コメントを書きました。", written.thread


def write_answer(request: HttpRequest, edition: Edition) -> tuple[str, str]:
    thread, text = clean_line(request, "thread"), clean_lines(request, "text")
    answer(edition=edition, thread=thread or "-", text=text, actor=request_user(request))
    return "コメントに答えました。", thread


def settle(request: HttpRequest, edition: Edition) -> tuple[str, str]:
    thread = clean_line(request, "thread") or "-"
    resolve(edition=edition, thread=thread, actor=request_user(request))
    return "コメントを解決しました。", thread


def open_again(request: HttpRequest, edition: Edition) -> tuple[str, str]:
    thread = clean_line(request, "thread") or "-"
    reopen(edition=edition, thread=thread, actor=request_user(request))
    return "コメントを再開しました。", thread


DO: dict[str, Callable[[HttpRequest, Edition], tuple[str, str]]] = {
    "comment": write,
    "answer": write_answer,
    "resolve": settle,
    "reopen": open_again,
}


# The page


def comments_page(
    request: HttpRequest, edition: Edition, refused: Iterable[Blocker] = ()
) -> HttpResponse:
    passages = passages_of(edition)
    threads = threads_of(edition, passages)
    refused = tuple(refused)
    typed = request.POST if refused else request.GET
    context = {
        "title": f"コメント：{edition.title or '（無題）'}",
        "breadcrumbs": edition_breadcrumbs(edition, "コメント"),
        "edition": edition,
        "chip": chip_of(edition),
        "rows": rows_of(passages, threads),
        "elsewhere": [each for each in threads if not each.place],
        "open_count": sum(each.is_open for each in threads),
        "choices": choices_of(passages),
        "blockers": comment_availability(edition=edition, actor=request_actor(request)),
        "refused": refused,
        "typed": typed,
        "answered": typed.get("thread", "") if refused else "",
        "lengths": (COMMENT_LENGTH, QUOTE_LENGTH),
    }
    status = access.status_for(refused) if refused else HTTPStatus.OK
    return access.render_screen(request, "admin/editions/comments.html", context, status=status)


def rows_of(passages: Sequence[Passage], threads: Sequence[Thread]) -> list[PassageRow]:
    rows, before = [], ""
    for passage in passages:
        own = tuple(each for each in threads if each.place == passage.place)
        label = passage.label if passage.label != before else ""
        rows.append(PassageRow(passage, label, own))
        before = passage.label
    return rows


def choices_of(passages: Iterable[Passage]) -> list[tuple[str, str]]:
    """Return the places of the form with the beginnings of their lines."""
    lines = ((each.place, f"{each.label}：{shortened(each.text)}") for each in passages)
    return [("", "下書きの全体"), *lines]


def shortened(text: str) -> str:
    return text if len(text) <= SHORT else f"{text[: SHORT - 1]}…"

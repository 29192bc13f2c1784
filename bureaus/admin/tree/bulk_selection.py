"""The pages that a bulk action was asked for, and the report of those where it was refused."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils import timezone

from bureaus.admin.core import version_token
from bureaus.admin.core.access import request_grants
from bureaus.admin.core.breadcrumbs import admin_url
from bureaus.admin.core.cleaning import parse_key
from bureaus.admin.core.page_states import annotate_states
from bureaus.admin.tree.query_params import TreeParams
from bureaus.admin.tree.search import MOST_AT_ONCE, find_in_tree
from bureaus.models import Page
from bureaus.publishing import Blocker

NOTHING = "ページが選ばれていません。一覧で、ページの左の欄に印を付けてください。"
TOO_MANY = f"一度に選べるのは{MOST_AT_ONCE}ページまでです。"
TOO_MANY_MATCH = (
    f"条件に合うページが{MOST_AT_ONCE}ページより多くあります。言葉や状態、範囲でしぼり込んでから、"
    "もう一度選んでください。"
)


@dataclass(frozen=True, slots=True)
class Selection:
    """The ticked pages, and the versions that the confirmation screen has shown."""

    ticked: Mapping[int, str | None]  # by the key of the page; None: no version was sent
    confirmed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Failure:
    title: str
    url_path: str
    blockers: Sequence[Blocker]


def selection_in(request: HttpRequest) -> Selection:
    """A box is `<page>:<version>`, empty without an open edition. A lone page is enough."""
    ticked: dict[int, str | None] = {}
    for text in request.POST.getlist("page"):
        key, colon, version = text.partition(":")
        if page := parse_key(key):
            ticked[page] = version if colon else None
    return Selection(ticked, frozenset(request.POST.getlist(version_token.FIELD)))


def all_that_match(request: HttpRequest, tree: TreeParams) -> Selection:
    """
    Return all pages of the list that `tree` describes, or one more than MOST_AT_ONCE of them.

    The confirmation screen shows and sends each of them with its version. At most 9 queries.
    """
    grants, now = request_grants(request), timezone.now()
    under = Page.objects.placed(now).visible_to(grants, now).filter(pk=tree.under).first()
    if tree.under and under is None:
        raise Page.DoesNotExist
    found = find_in_tree(
        tree, grants=grants, now=now, actor=request.user, within=under, most=MOST_AT_ONCE
    )
    return Selection(dict.fromkeys(found.keys))


def back_with_warning(request: HttpRequest, tree: TreeParams, sentence: str) -> HttpResponse:
    messages.warning(request, sentence)
    return HttpResponseRedirect(tree.address)


def sent_on(screen: str, keys: Iterable[int], tree: TreeParams) -> HttpResponse:
    """Lead to the screen of an action that needs further input, with the pages in its address."""
    query = urlencode([*(("page", key) for key in keys), ("back", tree.query)])
    return HttpResponseRedirect(f"{admin_url(screen)}?{query}")


def pages_of_request(request: HttpRequest) -> list[Any]:
    """Return those of the pages named in a request that are in the officer's branches. 1 query."""
    data = request.POST if request.method == "POST" else request.GET
    keys = [parse_key(key) for key in data.getlist("page")[:MOST_AT_ONCE]]
    grants, now = request_grants(request), timezone.now()
    placed = Page.objects.placed(now).visible_to(grants, now).filter(pk__in=keys)
    found = annotate_states(placed.order_by("placement__path"), now)
    return [page for page in found if grants.can_view(page)]


def say_failures(request: HttpRequest, failures: Iterable[Failure], sentence: str) -> None:
    context = {"failures": failures, "sentence": sentence}
    messages.warning(request, render_to_string("admin/includes/failures.html", context))

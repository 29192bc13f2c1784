"""The pages, images and documents that an officer may choose, and their search."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import validate_host
from django.utils import timezone

from bureaus.admin.core.access import request_grants
from bureaus.admin.core.media_fields import media_summary
from bureaus.admin.core.text_filter import with_words
from bureaus.admin.core.title_search import title_condition
from bureaus.models import READABLE_ANSWERS, Document, Edition, Image, Page
from bureaus.models.addresses import is_address
from bureaus.models.media import Library
from bureaus.models.visibility import begun, not_ended
from bureaus.permissions import Grants
from bureaus.publishing.blockers.former_addresses import pages_named
from bureaus.publishing.file_findings import with_open_errors
from bureaus.text.rich_text import strip_invisible
from bureaus.text.words import readable_query

QUERY_LENGTH = 100  # characters
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Choice:
    address: str
    title: str


def page_choices_json(request: HttpRequest) -> HttpResponse:
    """Answer the pages that are found, and with `documents` in the query the documents too."""
    typed, grants = request.GET.get("q", ""), request_grants(request)
    found: dict[str, Any] = {"pages": [asdict(page) for page in find_pages(typed, grants)]}
    if "documents" in request.GET:
        found["documents"] = find_documents(typed, grants)
    response = JsonResponse(found)
    response.headers["Cache-Control"] = "no-store"
    return response


def find_pages(typed: str, grants: Grants) -> list[Choice]:
    """
    Find public pages, and pages of the officer's branches, with every word in title or address.

    At most 6 queries, none without a word.
    """
    words = readable_query(typed[:QUERY_LENGTH])
    if not words.strip():
        return []
    now = timezone.now()
    readable_ones = Edition.objects.filter(known(grants), page=OuterRef("pk"))
    pages = Page.objects.placed(now).filter(title_condition(words, grants, now))
    ordered = pages.filter(Exists(readable_ones)).order_by("placement__path")
    found = dict(ordered.values_list("pk", "placement__url_path")[:SHOWN])
    titles = titles_of(found, grants) if found else {}
    return [Choice(address, titles[key] or "（無題）") for key, address in found.items()]


def known(grants: Grants) -> Q:
    """The editions that an officer may know of: of others, what the public reads today."""
    if grants.is_unlimited:
        return Q()
    now = timezone.now()
    public = not_ended(now) & begun(now) & Q(answer__in=READABLE_ANSWERS)
    return public | grants.in_branches(prefix="page__")


WHOLE_ADDRESS = re.compile(r"^https?://[^/?]*")


@dataclass(frozen=True, slots=True)
class Named:
    """Pages by the text that names them, and their titles by key."""

    pages: Mapping[str, Page]
    titles: Mapping[int, str]


def named_pages(typed: Iterable[str], grants: Grants, *, also: Iterable[Page]) -> Named:
    """
    Find the visible pages at these addresses, current or former ones.

    `also` are pages that the text links to already. Pages that are not visible count as missing.
    2 queries, 1 without an address, none without any page.
    """
    addresses = {text: address_in(text) for text in typed}
    wanted, now = set(addresses.values()) - {""}, timezone.now()
    found = pages_named(Q(url_path__in=wanted), now) if wanted else {}
    stored = {page.url_path: page for page in also}
    visible = with_titles({*found.values(), *(page.pk for page in stored.values())}, grants, now)
    pages = {page.pk: page for page in stored.values()} | visible
    named = {
        text: pages[found[path]] for text, path in addresses.items() if found.get(path) in pages
    }
    return Named(stored | named, {key: page.title for key, page in visible.items()})


def with_titles(keys: Collection[int], grants: Grants, now: datetime) -> dict[int, Any]:
    """Return the visible ones of these pages, placed and with the latest visible `title`."""
    if not keys:
        return {}
    texts = Edition.objects.filter(known(grants), page=OuterRef("pk")).order_by("-number")
    pages = Page.objects.placed(now).annotate(title=Subquery(texts.values("title")[:1]))
    return {page.pk: page for page in pages.filter(pk__in=keys) if page.title is not None}


def titles_of(pages: Iterable[int], grants: Grants) -> dict[int, str]:
    """Return the latest visible titles of these pages by key. 1 query."""
    rows = Edition.objects.filter(known(grants), page__in=set(pages)).order_by("number")
    return dict(rows.values_list("page", "title"))


def address_in(text: str) -> str:
    """Return the address of a page of this site in typed or pasted text, or an empty string."""
    try:
        parts = urlsplit(text.strip())
        is_here = not parts.netloc or validate_host(parts.hostname or "", settings.ALLOWED_HOSTS)
    except ValueError:
        return ""
    path = parts.path
    if not (is_here and path.startswith("/")):
        return ""
    path = path.removesuffix("index.html").rstrip("/") + "/"
    return path if is_address(path) else ""


def typed_address(text: str) -> str:
    """
    Return the address in a field for nothing else: of a whole one, whatever its host, the path.

    An officer copies it from the public site, which the admin may have another host than.
    """
    path = WHOLE_ADDRESS.sub("", strip_invisible(text).strip())
    steps = path.partition("?")[0].strip("/")
    return f"/{steps}/" if steps else "/"


LIBRARIES: dict[str, tuple[Library, tuple[str, ...]]] = {  # and the fields that are searched
    "image": (Image, ("name", "file", "default_alt", "credit")),
    "document": (Document, ("name", "file", "title")),
}


def file_choices_json(request: HttpRequest) -> HttpResponse:
    library, fields = LIBRARIES.get(request.GET.get("of", ""), LIBRARIES["image"])
    found = list(find_files(library, fields, request.GET.get("q", ""), request_grants(request)))
    files = [{"pk": row.pk, **media_summary(row)} for row in found[:SHOWN]]
    response = JsonResponse({"files": files, "more": len(found) > SHOWN})
    response.headers["Cache-Control"] = "no-store"
    return response


def find_files(
    library: Library, fields: Sequence[str], typed: str, grants: Grants
) -> QuerySet[Any]:
    """
    Find the usable files with every word, the newest first; without a word all. 1 query.

    One file more than is shown tells that more follow.
    """
    fits = with_words(readable_query(typed[:QUERY_LENGTH]), fields)
    usable: QuerySet[Any] = library.objects.usable_by(grants, timezone.now())
    return with_faults(library, usable.filter(fits)).order_by("-pk")[: SHOWN + 1]


def find_documents(typed: str, grants: Grants) -> list[dict[str, Any]]:
    """
    Find the usable documents with every word in name, title or address, the newest first.

    `is_public`: a page that was public has linked it. 2 queries, none without a word.
    """
    words = typed.strip().removeprefix("/")  # as an address is stored
    if not words:
        return []
    found = list(find_files(*LIBRARIES["document"], words, grants))[:SHOWN]
    shown = Document.objects.filter(pk__in=[row.pk for row in found])
    public = set(shown.ever_public(timezone.now()).values_list("pk", flat=True))
    return [
        {
            "pk": row.pk,
            "address": row.get_absolute_url(),
            "title": row.title,
            "is_public": row.pk in public,
            **media_summary(row),
        }
        for row in found
    ]


def with_faults(library: Library, files: QuerySet[Any]) -> QuerySet[Any]:
    """Count what has to be corrected in documents; pictures are written anew at intake."""
    return with_open_errors(files) if library is Document else files


def options(
    library: Library, chosen: Sequence[int], grants: Grants, *, count: int
) -> dict[int, Any]:
    """Return the newest usable files of a library and those `chosen`, by key. 1 query."""
    usable: QuerySet[Any] = library.objects.usable_by(grants, timezone.now()).order_by("-pk")
    if not chosen:  # then the statement has the rule of visibility once, not twice
        return {row.pk: row for row in with_faults(library, usable)[:count]}
    rows = with_faults(library, usable).filter(
        Q(pk__in=usable.values("pk")[:count]) | Q(pk__in=chosen)
    )
    return {row.pk: row for row in rows}

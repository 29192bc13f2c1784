"""The common parts of the two libraries: access, list, references and history."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.http import Http404, HttpRequest, QueryDict
from django.utils import timezone

from bureaus.admin.core.access import request_grants
from bureaus.admin.core.audit_text import audit_details
from bureaus.admin.core.breadcrumbs import (
    Breadcrumb,
    Breadcrumbs,
    admin_url,
    breadcrumbs,
    page_detail_url,
)
from bureaus.admin.core.choices import known
from bureaus.admin.core.edition_summary import PastChip, chip_of
from bureaus.admin.core.lists import FilterForm, SearchField, UncountedPage, UncountedPaginator
from bureaus.admin.core.page_states import Chip
from bureaus.admin.core.text_filter import in_any, with_words
from bureaus.admin.core.title_search import readable_texts
from bureaus.admin.core.users import actor_name
from bureaus.models import (
    Action,
    AuditEntry,
    Document,
    DocumentTag,
    Edition,
    Figure,
    Image,
    ImageTag,
    Link,
    Part,
    Role,
)
from bureaus.models.media_tags import TAG_LENGTH
from bureaus.permissions import Grants
from bureaus.publishing import Blocked, Blocker, BlockerCode
from bureaus.publishing.blockers.media import file_address as name_in_events
from bureaus.publishing.references import HIDDEN_TITLE, editions_using, reference_from
from bureaus.search import ParsedQuery, matching_editions
from bureaus.text.words import parse_typed_query

FILES_PER_PAGE = 24
TAGS = 100  # names offered
USES = 50
EVENTS = 20
MOST = 1_000  # editions through which the texts of documents are found
OF_FILES = (
    Action.UPLOAD,
    Action.DESCRIBE,
    Action.ACCEPT,
    Action.REPLACE,
    Action.DELETE,
    Action.PROPOSE_SEAL,
    Action.SEAL,
    Action.REFUSE_SEAL,
    Action.WITHDRAW_SEAL,
)
File = Image | Document
OFFICERS_ONLY = Blocker(
    BlockerCode.ROLE,
    "画像と文書は、どこかのページを担当している人が使えます。担当を付けるよう、管理者に依頼してください。",
)


@dataclass(frozen=True)
class Library:
    """One of the two libraries. `filters` have names and labels; `fields` are searched."""

    model: type[Image] | type[Document]
    part: type[Part]  # of an edition, by which it is used
    tag: type[ImageTag] | type[DocumentTag]
    name: str  # of its field there
    title: str
    list_name: str  # of the address of the list
    change_name: str
    fields: tuple[str, ...]
    usage_fields: tuple[str, ...]  # of `part`: what an edition says where it uses the file
    filters: Mapping[str, str]

    @property
    def address(self) -> str:
        return admin_url(self.list_name)

    def uses(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = self.part.objects.filter(**{self.name: OuterRef("pk")})
        return rows.order_by()


IMAGES = Library(
    model=Image,
    part=Figure,
    tag=ImageTag,
    name="image",
    title="画像",
    list_name="bureaus_image_changelist",
    change_name="bureaus_image_change",
    fields=("name", "default_alt", "credit"),
    usage_fields=("alt", "caption"),
    filters={"mine": "自分が登録", "unused": "未使用", "undescribed": "説明の案がない"},
)
DOCUMENTS = Library(
    model=Document,
    part=Link,
    tag=DocumentTag,
    name="document",
    title="文書",
    list_name="bureaus_document_changelist",
    change_name="bureaus_document_change",
    fields=("title", "name", "address"),
    usage_fields=("text",),
    filters={"mine": "自分が登録", "unused": "未使用", "unfit": "タグか文字がない"},
)


# Access


def grants_of_role_holder(request: HttpRequest) -> Grants:
    """Return the grants of an officer with any role. Raises Blocked for others."""
    grants = request_grants(request)
    if not grants.has_any_role:
        raise Blocked([OFFICERS_ONLY])
    return grants


def get_visible_file(library: Library, request: HttpRequest, pk: int) -> Any:
    """Return a usable file. 1 query, 2 with those of the grants. Raises Http404."""
    found = (
        library.model.objects.usable_by(request_grants(request), timezone.now())
        .select_related("uploader")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404
    return found


# The list


class LibraryFilter(FilterForm):
    """The words, the tag and the one filter of a library's list."""

    q = SearchField()
    tag = forms.CharField(required=False, max_length=TAG_LENGTH)
    only = forms.ChoiceField(required=False)

    def __init__(
        self,
        data: Mapping[str, Any],
        *,
        filters: Mapping[str, str],
        tags: Iterable[str] = (),
        **options: Any,
    ) -> None:
        super().__init__(data, **options)
        chosen = [("", "すべて"), *((tag, tag) for tag in tags)]
        self.fields["tag"].widget = forms.Select(choices=chosen)
        self.fields["only"].choices = [("", "すべて"), *filters.items()]  # type: ignore[attr-defined]

    @property
    def is_active(self) -> bool:
        return any(self.cleaned_data.values())


@dataclass(frozen=True, slots=True)
class FileList:
    """A page of the list, each file with the number of editions that use it."""

    library: Library
    finder: LibraryFilter
    page: UncountedPage
    files: list[tuple[Any, int]]
    tag_names: list[str]


def list_files(library: Library, request: HttpRequest) -> FileList:
    """
    Return the newest files first, filtered by the address. 4 queries.

    A use of a document is a row of links; an address in a body counts on the document's screen.
    """
    grants = grants_of_role_holder(request)
    names = tag_names(library, grants)
    finder, files = matching_files(library, request.GET, grants, names)
    files = files.select_related("uploader").prefetch_related("tags")
    paginator = UncountedPaginator(files.order_by("-pk"), FILES_PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    uses = uses_of_each(library, page.object_list)
    return FileList(library, finder, page, [(file, uses.get(file.pk, 0)) for file in page], names)


def tag_names(library: Library, grants: Grants) -> list[str]:
    """Return the first tags of files that the officer may use. 1 query."""
    usable = library.model.objects.usable_by(grants, timezone.now()).order_by()
    tags = library.tag.objects.filter(**{f"{library.name}__in": usable.values("pk")})
    return list(tags.order_by("name").values_list("name", flat=True).distinct()[:TAGS])


def matching_files(
    library: Library, query: QueryDict, grants: Grants, tags: Iterable[str] = ()
) -> tuple[LibraryFilter, QuerySet[Any]]:
    """Return the filter that `query` describes, and the usable files that pass it."""
    finder = LibraryFilter.read(query, filters=library.filters, tags=tags)
    files: QuerySet[Any] = library.model.objects.usable_by(grants, timezone.now())
    if words := finder.cleaned_data["q"]:
        named = with_words(words, library.fields, usage_condition(library, grants))
        files = files.filter(named | has_text(library, words, grants))
    if only := finder.cleaned_data["only"]:
        files = files.filter(condition(library, only, grants))
    if tag := finder.cleaned_data["tag"]:
        files = files.filter(tags__name=tag)
    return finder, files


def usage_condition(library: Library, grants: Grants) -> Callable[[str], Q]:
    """Return the condition that a tag, or a text which the officer may read, has a word."""
    texts = Edition.objects.filter(known(grants)).order_by().values("pk")
    tags = library.tag.objects.filter(**{library.name: OuterRef("pk")}).order_by()
    return lambda word: (
        Q(Exists(library.uses().filter(in_any(library.usage_fields, word), edition__in=texts)))
        | Q(Exists(tags.filter(name__icontains=word)))
    )


def has_text(library: Library, words: str, grants: Grants) -> Q:
    """
    Return the condition for documents that have the words, some of them in their text.

    The index leads to the newest MOST approved editions with the words that link to a document;
    only the texts of those documents are compared. Of a document that no approved edition links
    to, the text is not searched.
    """
    all_of = tuple((word.folded,) for word in parse_typed_query(words).required)
    if library.model is not Document or not all_of:
        return Q(pk__in=[])
    links = Link.objects.filter(document__isnull=False).order_by()
    approved = Edition.objects.approved().filter(readable_texts(grants))
    linking = approved.filter(Exists(links.filter(edition=OuterRef("pk"))))
    found = matching_editions(linking, ParsedQuery(all_of))
    # As text: in a subquery Django would rename the tables, which the condition of the index names.
    sql, values = found.values("pk")[:MOST].query.sql_with_params()
    of_editions = Q(edition__in=RawSQL(sql, values))  # noqa: S611 - Django's, its values apart
    fields = (*library.fields, "extracted__text")
    said = with_words(words, fields, usage_condition(library, grants))
    return Q(pk__in=links.filter(of_editions).values("document")) & said


def condition(library: Library, only: str, grants: Grants) -> Q:
    if only == "mine":
        return Q(uploader=grants.officer)
    if only == "unused":
        return ~Q(Exists(library.uses()))
    return Q(default_alt="") if only == "undescribed" else Q(is_tagged=False) | Q(has_text=False)


def uses_of_each(library: Library, files: Iterable[File]) -> dict[int, int]:
    """Count the editions that use each of `files`. 1 query."""
    rows = library.part.objects.filter(**{f"{library.name}__in": [file.pk for file in files]})
    counted = rows.order_by().values_list(library.name).annotate(Count("edition", distinct=True))
    return dict(counted)


# One file


@dataclass(frozen=True, slots=True)
class Reference:
    """A use of a file. `address` is the page's screen, the public page or empty."""

    title: str
    address: str
    place: str  # the public address
    number: int = 0
    chip: Chip | PastChip | None = None


def used_in(file: File, grants: Grants) -> tuple[list[Reference], int]:
    """Return the uses of a file in tree order and the number of further ones. At most 2 queries."""
    editions = editions_using(file).with_page().defer("body")
    found = [
        reference_of(edition, grants)
        for edition in editions.order_by("placement__path", "number")[:USES]
    ]
    further = editions_using(file).count() - USES if len(found) == USES else 0
    return found, further


def reference_of(edition: Edition, grants: Grants) -> Reference:
    use = reference_from(edition, grants, timezone.now())
    if not use.address:
        return Reference(HIDDEN_TITLE, "", "")
    sees = grants.can_view(edition.page)
    address = page_detail_url(edition.page.pk) if sees else use.address
    return Reference(
        use.title, address, use.address, use.number, chip_of(edition) if sees else None
    )


@dataclass(frozen=True, slots=True)
class Record:
    """An audit entry of a file."""

    event: AuditEntry
    words: str
    who: str
    details: str


def history_of(file: File) -> list[Record]:
    """Return the last audit entries of the file, the newest first. 1 query."""
    events = (
        AuditEntry.objects.filter(address=name_in_events(file), page=None, action__in=OF_FILES)
        .select_related("actor")
        .order_by("-pk")[:EVENTS]
    )
    return [
        Record(event, event.get_action_display(), actor_name(event), audit_details(event))
        for event in events
    ]


def may_seal_notes(request: HttpRequest) -> bool:
    """Return whether the officer proposes to seal a note about a file, which no branch owns."""
    grants = request_grants(request)
    return grants.can_view_whole_site and grants.has_role(Role.APPROVER)


def library_breadcrumbs(library: Library, *further: Breadcrumb | str) -> Breadcrumbs:
    """Return the dashboard, the list of the library and what follows it."""
    list_url = library.address if further else ""
    return breadcrumbs(Breadcrumb(library.title, list_url), *further)

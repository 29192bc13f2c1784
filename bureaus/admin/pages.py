from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet, URLField
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from bureaus.admin.crumbs import desk_of
from bureaus.admin.details import details_of, with_submitters, words_of
from bureaus.admin.own_branches import InOwnBranches
from bureaus.admin.read_only import ReadOnly
from bureaus.models import Contact, Edition, Event, Figure, FormerAddress, Link, Page

STYLES = {"all": ["css/admin/base.css"]}


@admin.register(Page)
class PageAdmin(ReadOnly, admin.ModelAdmin):
    """Its list is the tree (bureaus.admin.tree)."""

    fields = ("kind", "slug", "public_address", "created_at", "path", "depth", "numchild")
    readonly_fields = fields

    class Media:
        css = STYLES

    @admin.display(description="アドレス", ordering="url_path")
    def public_address(self, page: Page) -> SafeString:
        return format_html('<a href="{}">{}</a>', page.url_path, page.url_path)


class PartInline(ReadOnly, admin.TabularInline):
    extra = 0


class FigureInline(PartInline):
    model = Figure


class LinkInline(PartInline):
    model = Link
    formfield_overrides: ClassVar[dict[Any, Any]] = {URLField: {"assume_scheme": "https"}}


class ContactInline(PartInline):
    model = Contact


@admin.register(Edition)
class EditionAdmin(InOwnBranches):
    list_display = ("title", "number", "state", "answer", "live_from", "live_until", "page")
    list_filter = ("state", "answer")
    list_select_related = ("page",)
    search_fields = ("title", "page__url_path")
    ordering = ("-pk",)
    inlines = (FigureInline, LinkInline, ContactInline)

    class Media:
        css = STYLES


@admin.register(FormerAddress)
class FormerAddressAdmin(InOwnBranches):
    list_display = ("url_path", "page", "since")
    list_select_related = ("page",)
    search_fields = ("url_path", "page__url_path")


@admin.register(Event)
class EventAdmin(InOwnBranches):
    list_display = ("at", "words", "desk", "actor", "note")
    list_filter = ("verb",)
    list_select_related = ("actor",)
    search_fields = ("address", "note")
    fields = ("words", "address", "page", "edition", "actor", "at", "note", "in_detail")
    readonly_fields = ("words", "in_detail")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        return with_submitters(super().get_queryset(request))

    @admin.display(description="操作", ordering="verb")
    def words(self, event: Event) -> str:
        return words_of(event)

    @admin.display(description="ページ", ordering="address")
    def desk(self, event: Event) -> SafeString | str:
        """The address as it was, leading to the page as it is."""
        if event.page_id is None:
            return event.address
        return format_html('<a href="{}">{}</a>', desk_of(event.page_id), event.address)

    @admin.display(description="詳細")
    def in_detail(self, event: Event) -> str:
        return details_of(event)

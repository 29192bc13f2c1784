from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet, URLField
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from bureaus.admin.core.audit_text import audit_details, audit_words
from bureaus.admin.core.branch_admin import BranchScopedAdmin
from bureaus.admin.core.breadcrumbs import page_detail_url
from bureaus.admin.core.managed_pages import title_of
from bureaus.admin.core.read_only import ReadOnly
from bureaus.admin.core.users import actor_name
from bureaus.models import AuditEntry, Contact, Edition, Figure, FormerAddress, Link, Page
from bureaus.publishing.workflow_facts import with_submitters
from bureaus.text.formatting import japanese_moment

STYLES = {"all": ["css/admin/base.css", "css/admin/tables.css"]}


@admin.register(Page)
class PageAdmin(ReadOnly, admin.ModelAdmin):
    """Its list is the tree (bureaus.admin.tree.views)."""

    fields = ("kind", "slug", "public_address", "created_at", "path", "depth")
    readonly_fields = fields

    class Media:
        css = STYLES

    @admin.display(description="アドレス", ordering="key")
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
class EditionAdmin(BranchScopedAdmin):
    list_display = ("title", "number", "state", "answer", "live_from", "live_until", "page")
    list_filter = ("state", "answer")
    list_select_related = ("page",)
    search_fields = ("title", "page__placements__url_path")
    ordering = ("-pk",)
    inlines = (FigureInline, LinkInline, ContactInline)

    class Media:
        css = STYLES


@admin.register(FormerAddress)
class FormerAddressAdmin(BranchScopedAdmin):
    list_display = ("url_path", "page", "since")
    list_select_related = ("page",)
    search_fields = ("url_path", "page__placements__url_path")


@admin.register(AuditEntry)
class AuditEntryAdmin(BranchScopedAdmin):
    list_display = ("moment", "words", "page_link", "who", "memo")
    list_filter = ("action",)
    list_select_related = ("actor",)
    search_fields = ("address", "note")
    search_help_text = "アドレスとメモをさがします。"
    readonly_fields = ("moment", "words", "page_link", "who", "memo")

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditEntry]:
        events = with_submitters(super().get_queryset(request))
        return events.annotate(page_title=title_of("page"))

    def get_fields(self, request: HttpRequest, obj: AuditEntry | None = None) -> tuple[str, ...]:
        """Leave out empty lines: most entries have no note and no details."""
        del request
        further = {
            "edition": obj is None or obj.edition_id,
            "memo": obj is None or memo_of(obj),
        }
        return (
            "moment",
            "words",
            "page_link",
            "who",
            *(name for name, is_told in further.items() if is_told),
        )

    @admin.display(description="日時", ordering="at")
    def moment(self, event: AuditEntry) -> str:
        return japanese_moment(event.at)

    @admin.display(description="担当者", ordering="actor__username")
    def who(self, event: AuditEntry) -> str:
        return actor_name(event)

    @admin.display(description="操作", ordering="action")
    def words(self, event: AuditEntry) -> str:
        return audit_words(event)

    @admin.display(description="ページ", ordering="address")
    def page_link(self, event: AuditEntry) -> SafeString | str:
        """Link the title to the detail page, with the address as it was then."""
        if event.page_id is None:
            return event.address
        return format_html(
            '<a href="{}">{}</a><br><span class="quiet">{}</span>',
            page_detail_url(event.page_id),
            getattr(event, "page_title", "") or "（無題）",
            event.address,
        )

    @admin.display(description="メモ")
    def memo(self, event: AuditEntry) -> SafeString:
        return memo_of(event)


def memo_of(event: AuditEntry) -> SafeString:
    """Return the note of the entry and its details, as on the detail page."""
    note = format_html_join(mark_safe("<br>"), "{}", ((line,) for line in event.note.splitlines()))
    details = audit_details(event)
    return format_html('{} <span class="quiet">{}</span>', note, details) if details else note

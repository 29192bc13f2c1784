"""
What the public would see with a draft in force: the preview, and the comparison before approval.

The same reading as `answer_page`, with the draft in place of the edition in force.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from bureaus.models import (
    PARTS,
    Answer,
    Contact,
    Document,
    Edition,
    Figure,
    Link,
    Page,
    Part,
    Placement,
)
from bureaus.models.edition_text import EditionText
from bureaus.reading.moments import Moment
from bureaus.reading.navigation import breadcrumbs_of, site_frame
from bureaus.reading.pages import page_view
from bureaus.reading.parts import PageParts, figure_view, link_view
from bureaus.reading.resolution import find_ancestors
from bureaus.reading.rows import FigureColumns, LinkColumns, PageRow
from bureaus.reading.view_models import ContactView, Gone, LinkView, Moved, PageView
from bureaus.text.formatting import file_note

UNSTORED = 0  # the key of no edition


def draft_text(edition: Edition) -> EditionText:
    """Return `edition` with its stored parts. 3 queries."""
    return EditionText(
        edition,
        tuple(Figure.objects.filter(edition=edition)),
        tuple(Link.objects.with_targets().filter(edition=edition)),
        tuple(Contact.objects.filter(edition=edition)),
    )


def draft_text_with(edition: Edition, parts: Mapping[type[Part], Iterable[Part]]) -> EditionText:
    """Return `edition`, changed and not saved, with the unsaved `parts` of a form."""
    figures, links, contacts = (tuple(parts.get(model, ())) for model in PARTS)
    return EditionText(edition, figures, links, contacts)  # type: ignore[arg-type]


def preview(text: EditionText, moment: Moment, *, files_url: str = "") -> PageView | Moved | Gone:
    """
    Return what the page of `text` would answer at `moment` if `text` were in force.

    `files_url`: the address below which the reader gets pictures and documents that are not
    public yet; the links of the body lead there too.

    At most 9 queries. The edition's page and the page that it has moved to are read from it.
    """
    edition, page = text.edition, text.edition.page
    node = placement_at(page, moment)
    rows = find_ancestors(node.url_path, moment)
    above = [row for row in rows if row.page != page.pk]
    # Once published, a page always has an edition in force: one without any is new.
    published = next((row.first_published for row in rows if row.page == page.pk), moment.at)
    if edition.answer == Answer.MOVED and edition.moved_to is not None:
        return Moved(edition.moved_to.url_path)
    if edition.answer == Answer.GONE:
        breadcrumbs = breadcrumbs_of(above, moment)
        return Gone(edition.title, edition.note, breadcrumbs, site_frame(moment, node.url_path))
    row = draft_row(edition, node, published=published, at=moment.at)
    readable = [row for row in above if row.is_readable]
    view = page_view(row, readable, moment, draft_parts=parts_of_draft(text, moment, files_url))
    return replace(view, body=with_document_urls(view.body, files_url)) if files_url else view


def placement_at(page: Page, moment: Moment) -> Placement:
    """Return where `page`, which has its placement, is at `moment`, or else now. 1 query."""
    if page.placement.is_in_force(moment.at):
        return page.placement
    here = Placement.objects.in_force(moment.at).filter(page=page).first()
    return here or page.placement


def draft_row(edition: Edition, node: Placement, *, published: datetime, at: datetime) -> PageRow:
    """Return the row that `find_ancestors` would return if `edition` were in force."""
    start = edition.live_from or at
    return PageRow(
        page=node.page_id,
        path=node.path,
        depth=node.depth,
        kind=node.kind,
        url_path=node.url_path,
        edition=UNSTORED,
        answer=edition.answer,
        live_from=start,
        title=edition.title or "（無題）",
        english=edition.title_english,
        lead=edition.lead,
        body=edition.body,
        category=edition.category,
        issued_on=edition.issued_on,
        note=edition.note,
        event_start=edition.event_start,
        event_end=edition.event_end,
        event_place=edition.event_place,
        is_cancelled=edition.is_cancelled,
        moved_to=None,
        first_published=published,
        updated=start,
        reviewed=None,
    )


def with_document_urls(body: str, files_url: str) -> str:
    return body.replace('href="/documents/', f'href="{files_url}documents/')


def parts_of_draft(text: EditionText, moment: Moment, files_url: str) -> PageParts:
    figures = tuple(
        figure_view(figure_row(part, position), base_url=files_url)
        for position, part in enumerate(text.figures, 1)
    )
    links = tuple(draft_link(part, moment, files_url) for part in text.links)
    contacts = tuple(
        ContactView(part.name, part.phone, part.fax, part.email) for part in text.contacts
    )
    documents = (part.document for part in text.links if part.document)
    return PageParts(
        {UNSTORED: figures},
        {UNSTORED: links},
        {UNSTORED: contacts} if contacts else {},
        {document.address: document_note(document) for document in documents},
    )


def document_note(document: Document) -> str:
    return file_note(document.address, document.byte_size, document.page_count)


def figure_row(part: Figure, position: int) -> FigureColumns:
    return FigureColumns(
        UNSTORED,
        str(part.image.file),
        part.image.width,
        part.image.height,
        part.image.renditions,
        part.alt,
        part.is_decorative,
        part.caption,
        part.size,
        position,
    )


def draft_link(part: Link, moment: Moment, files_url: str) -> LinkView:
    document = part.document
    row = LinkColumns(
        UNSTORED,
        part.text,
        part.page.url_path if part.page else None,
        part.url,
        document.address if document else None,
        document.byte_size if document else None,
        document.page_count if document else None,
    )
    view = link_view(row, moment)
    return replace(view, url=f"{files_url}{document.address}") if document and files_url else view

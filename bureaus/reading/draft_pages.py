"""
What the public would see with one text put in place: the preview, and before and after.

The same reading as `answer`, with this text in the place of what the page says today.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from bureaus.models import PARTS, Answer, Contact, Edition, Figure, Link, Page, Part
from bureaus.models.edition_text import EditionText
from bureaus.reading.ancestors import PageRow, find_ancestors
from bureaus.reading.moments import Moment
from bureaus.reading.navigation import breadcrumbs_of, site_frame
from bureaus.reading.pages import page_view
from bureaus.reading.parts import Parts, figure_view, link_view
from bureaus.reading.view_models import ContactView, Gone, LinkView, Moved, PageView

UNSTORED = 0  # the key of no edition


def draft_text(edition: Edition) -> EditionText:
    """`edition` as it is stored; 3 queries."""
    return EditionText(
        edition,
        tuple(Figure.objects.filter(edition=edition)),
        tuple(Link.objects.filter(edition=edition).select_related("page", "document")),
        tuple(Contact.objects.filter(edition=edition)),
    )


def draft_text_with(edition: Edition, parts: Mapping[type[Part], Iterable[Part]]) -> EditionText:
    """`edition`, changed and not saved, with the unsaved `parts` of a form."""
    figures, links, contacts = (tuple(parts.get(model, ())) for model in PARTS)
    return EditionText(edition, figures, links, contacts)  # type: ignore[arg-type]


def preview(text: EditionText, moment: Moment, *, files: str = "") -> PageView | Moved | Gone:
    """
    What the page of `text` would answer at `moment` if this were in force.

    `files`: the address below which its reader gets pictures and documents that are not public
    yet; the body leads there too.

    At most 8 queries. The edition's page and the page that it has moved to are read from it.
    """
    edition, page = text.edition, text.edition.page
    chain = find_ancestors(page.url_path, moment)
    found = [row for row in chain if row.page != page.pk]
    # A page that has begun says something ever since, so what is not in force is new.
    published = next((row.first_from for row in chain if row.page == page.pk), moment.at)
    if edition.answer == Answer.MOVED and edition.moved_to is not None:
        return Moved(edition.moved_to.url_path)
    if edition.answer == Answer.GONE:
        crumbs = breadcrumbs_of(found, moment)
        return Gone(edition.title, edition.note, crumbs, site_frame(moment, page.url_path))
    in_place = as_found(edition, page, published=published, at=moment.at)
    if files:
        in_place = in_place._replace(body=with_files(in_place.body, files))
    readable = [row for row in found if row.is_readable]
    return page_view(in_place, readable, moment, own=shown_parts(text, moment, files))


def as_found(edition: Edition, page: Page, *, published: datetime, at: datetime) -> PageRow:
    """The row that `find_chain` would give if `edition` were in force."""
    start = edition.live_from or at
    return PageRow(
        page=page.pk,
        path=page.path,
        depth=page.depth,
        kind=page.kind,
        url_path=page.url_path,
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
        moved_to=None,
        first_from=published,
        updated_from=start,
    )


def with_files(body: str, files: str) -> str:
    return body.replace('href="/documents/', f'href="{files}documents/')


def shown_parts(text: EditionText, moment: Moment, files: str = "") -> Parts:
    figures = tuple(
        figure_view(
            str(part.image.file),
            part.image.width,
            part.image.height,
            part.image.renditions,
            part.alt,
            part.is_decorative,
            part.caption,
            below=files,
        )
        for part in text.figures
    )
    links = tuple(link_of(part, moment, files) for part in text.links)
    contacts = tuple(
        ContactView(part.name, part.phone, part.fax, part.email) for part in text.contacts
    )
    return Parts({UNSTORED: figures}, {UNSTORED: links}, {UNSTORED: contacts} if contacts else {})


def link_of(part: Link, moment: Moment, files: str) -> LinkView:
    document = part.document
    link = link_view(
        moment,
        part.text,
        part.page.url_path if part.page else None,
        part.url,
        document.address if document else None,
        document.byte_size if document else None,
        document.page_count if document else None,
    )
    return replace(link, url=f"{files}{document.address}") if document and files else link

"""A planned page made ready to be stored: its content read, converted, its files in the library."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from hashlib import blake2b
from itertools import islice

from bureaus.importing.archives import FileTooLarge, read_file
from bureaus.importing.charsets import decode
from bureaus.importing.conversion import Converted, Converter
from bureaus.importing.html_pages import (
    day_of,
    hiding_styles,
    main_content,
    shared_parts,
    title_of,
    title_parts,
)
from bureaus.importing.links import LinkMap, old_path
from bureaus.importing.markup import from_markdown, parse
from bureaus.importing.media import Library, RefusedFile
from bureaus.importing.plan import Plan, PlannedPage
from bureaus.importing.remarks import Level, Remark, UnreadableSource, fault, note
from bureaus.models import Figure, Kind, Link
from bureaus.publishing import ImportedPage
from bureaus.text.formatting import TOKYO, japanese_date
from bureaus.text.rich_text import BodyTooHeavy, strip_invisible

PAGE_SIZE = 5_000_000  # bytes of an HTML file
SAMPLED = 100  # pages in which the name of the site is looked for
MARKUP = ("</", "<br", "<p>", "<p ", "<img", "<hr")


@dataclass(frozen=True, slots=True)
class Options:
    """`is_public`: pages are public at their date, else they are drafts."""

    now: datetime
    is_public: bool = True
    content_id: str = ""


@dataclass(slots=True)
class Prepared:
    """A page ready to be stored; None where a fault was found."""

    planned: PlannedPage
    page: ImportedPage | None = None
    remarks: list[Remark] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Content:
    """`text` is HTML or Markdown; `file_day`: the day of the file, of a crawled page."""

    text: str
    is_markdown: bool
    digest: str
    replaced: int = 0
    file_day: date | None = None


class Preparer:
    """Prepares the pages of one import."""

    def __init__(self, plan: Plan, options: Options) -> None:
        self.files = plan.source.files
        self.links: LinkMap = plan.links
        self.options = options
        self.shared = self.shared_title_parts(plan.pages)

    def shared_title_parts(self, pages: Iterable[PlannedPage]) -> frozenset[str]:
        crawled = (page.entry.file for page in pages if page.entry.is_crawled)
        titles = []
        for file in islice(crawled, SAMPLED):
            try:
                titles.append(title_parts(parse(self.read(file).text)))
            except (BodyTooHeavy, FileTooLarge, UnreadableSource):
                continue
        return shared_parts(titles)

    def read(self, file: str) -> Content:
        content = read_file(self.files, file, PAGE_SIZE)
        decoded = decode(content)
        return Content(
            decoded.text,
            file.lower().endswith((".md", ".markdown")),
            blake2b(content, digest_size=16).hexdigest(),
            decoded.replaced,
            self.files.modified(file).astimezone(TOKYO).date(),
        )

    def digest(self, planned: PlannedPage, content: Content) -> str:
        """Return the digest of what the source says of the page."""
        cells = sorted((name, text) for name, text in planned.entry.values.items() if text)
        said = repr([planned.entry.file, cells, content.digest])
        return blake2b(said.encode("utf-8", "replace"), digest_size=16).hexdigest()

    def prepare(self, planned: PlannedPage, library: Library) -> Prepared:
        """Read and convert one page, and put its files into `library`."""
        prepared = Prepared(planned, remarks=list(redirect_notes(planned)))
        try:
            content = self.content_of(planned)
            self.fill(prepared, content, library)
        except BodyTooHeavy as error:
            prepared.remarks.append(fault("", str(error), "取り込む前の本文を直してください。"))
        except FileTooLarge as error:
            prepared.remarks.append(
                fault(planned.entry.file, f"は{error}を超えています。", "分けてください。")
            )
        except UnreadableSource as error:
            prepared.remarks.append(fault("", str(error), ""))
        return prepared

    def content_of(self, planned: PlannedPage) -> Content:
        entry = planned.entry
        if entry.file and entry.file not in self.links.files:
            raise UnreadableSource(
                f"「{entry.file}」というファイルがありません。ファイルを加えるか、表を直してください。"
            )
        if entry.file:
            content = self.read(entry.file)
        else:
            body = entry.values.get("body", "")
            is_html = any(tag in body.lower() for tag in MARKUP)
            content = Content(body, is_markdown=not is_html, digest="")
        if planned.form:
            return replace(content, is_markdown=planned.form == "markdown")
        return content

    def fill(self, prepared: Prepared, content: Content, library: Library) -> None:
        planned = prepared.planned
        root = parse(from_markdown(content.text) if content.is_markdown else content.text)
        element = main_content(root, self.options.content_id if planned.entry.file else "")
        if element is None:
            prepared.remarks.append(
                fault(
                    self.options.content_id,
                    "という id の要素が、ページにありません。",
                    "--content を直すか、外してください。",
                )
            )
            return
        title = planned.entry.values.get("title", "").strip()
        title = strip_invisible(title or title_of(root, element, self.shared)).strip()
        day = self.day_of(prepared, day_of(root), content)
        converter = Converter(
            self.links,
            planned.bases,
            needs_alt=self.options.is_public,
            hiding_styles=hiding_styles(root),
        )
        converted = converter.convert(element, title)
        prepared.remarks += converted.remarks
        if content.replaced:
            prepared.remarks.append(
                note(
                    "",
                    f"読めない文字が{content.replaced}個あり、「\ufffd」にしました。",
                    "管理画面で直してください。",
                )
            )
        prepared.page = self.page_from(prepared, title, day, converted, library)
        digest = self.digest(planned, content)
        prepared.page = replace(prepared.page, digest=digest)

    def day_of(self, prepared: Prepared, stated: date | None, content: Content) -> date | None:
        """Return the day of the page; for a crawled page without one, that of its file."""
        planned = prepared.planned
        day = planned.day
        if day is None and planned.entry.is_crawled:
            day = stated or content.file_day
            if stated is None and day is not None:
                reason = "ページに日付がないので、ファイルの日付を公開開始にしました。"
                prepared.remarks.append(note(japanese_date(day), reason))
        return day

    def page_from(
        self,
        prepared: Prepared,
        title: str,
        day: date | None,
        converted: Converted,
        library: Library,
    ) -> ImportedPage:
        planned = prepared.planned
        figures = self.figures(prepared, converted, library)
        links = self.documents(prepared, converted, library)
        return ImportedPage(
            address=planned.address,
            kind=planned.kind,
            category=planned.category,
            title=title,
            start=self.start(day),
            lead=strip_invisible(planned.entry.values.get("lead", "")).strip(),
            body=converted.body,
            issued_on=day if planned.kind == Kind.NEWS_ITEM else None,
            figures=tuple(figures),
            links=tuple(links),
            former=planned.former,
            event=planned.event,
            origin=strip_invisible(planned.entry.old or planned.entry.place),
        )

    def start(self, day: date | None) -> datetime | None:
        """Return the beginning of the day in Tokyo; now where the source names none."""
        if not self.options.is_public:
            return None
        return datetime.combine(day, time(), TOKYO) if day else self.options.now

    def figures(self, prepared: Prepared, converted: Converted, library: Library) -> list[Figure]:
        figures = []
        for picture in converted.pictures:
            try:
                image = library.image(picture.file, picture.alt)
            except RefusedFile as refused:
                prepared.remarks.append(left_out("画像", picture.file, refused))
            else:
                figures.append(Figure(image=image, alt=picture.alt, caption=picture.caption))
        return figures

    def documents(self, prepared: Prepared, converted: Converted, library: Library) -> list[Link]:
        """Return a row for each document, and write its address into the body."""
        links: dict[str, Link] = {}
        for link in converted.documents:
            try:
                document = library.document(link.file, link.text)
            except RefusedFile as refused:
                prepared.remarks.append(left_out("文書", link.file, refused))
                address = f"{self.links.origin}/{link.file}" if self.links.origin else ""
            else:
                address = f"/{document.address}"
                links.setdefault(address, Link(text=link.text, document=document))
            converted.body = with_address(converted.body, link.token, address)
        return list(links.values())


def redirect_notes(planned: PlannedPage) -> Iterator[Remark]:
    """Yield a note where the old address of a row cannot lead to its page."""
    old = planned.entry.values.get("old", "").strip()
    if old and not planned.former and old_path(old) != planned.address:
        yield note(
            old,
            "からは転送できません（「?」が付くか、ほかのページや機能のものです）。",
            "要るなら、代理サーバーで転送してください。",
        )


def with_address(body: str, token: str, address: str) -> str:
    """Return the body with `address` for the token; without one, with the words of the link."""
    start = f'<a href="{token}">'
    if address:
        return body.replace(start, f'<a href="{address}">')
    before, found, rest = body.partition(start)
    return f"{before}{rest.replace('</a>', '', 1)}" if found else body


def left_out(what: str, file: str, refused: RefusedFile) -> Remark:
    return Remark(
        Level.DROPPED,
        file,
        f"{what}を入れませんでした。{refused}",
        "直したファイルを、管理画面で新しい版に加えてください。",
    )

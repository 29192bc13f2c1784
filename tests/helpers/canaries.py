"""Words that are in one place each of a site, and the search for them wherever it keeps any."""

import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pikepdf
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.test import Client

from bureaus.management.commands.erase_sealed import TABLES
from bureaus.models import (
    Acceptance,
    AuditEntry,
    Autosave,
    Document,
    DraftComment,
    Edition,
    Figure,
    Image,
    Link,
)
from bureaus.publishing import add_document, add_image, approve, edit, start_draft, submit
from bureaus.text.words import fold
from tests.helpers import uploads
from tests.helpers.cast import BUREAU, Site
from tests.helpers.libraries import photograph, sent

COMMON = "檸檬茉莉"
PLACES = ("表題", "本文", "代替", "説明", "札名", "注記")
JAPANESE = {place: f"{COMMON}{place}" for place in PLACES}
IN_PDF = {"text": "LEMONMATSURITEXT", "metadata": "LEMONMATSURIMETA"}
CANARIES = {**JAPANESE, **IN_PDF}
DAY = "2014-06-01"
MOMENTS = ("", f"?at={DAY}", f"?at={DAY}T10:00")
OF_PAGE = ("", "history/", "history/?older=1&newer=2", "history/timemap.link", "news/", "feed.xml")


def scanned_pdf() -> bytes:
    """A PDF that says one word, and another one in its metadata."""
    with pikepdf.open(io.BytesIO(uploads.pdf(title=JAPANESE["札名"]))) as made:
        page = made.pages[0]
        page.Contents = made.make_stream(f"BT /F1 12 Tf ({IN_PDF['text']}) Tj ET".encode())
        made.docinfo["/Subject"] = IN_PDF["metadata"]
        return uploads.written(made, compress_streams=False)


def plant(site: Site, writer: User, approver: User) -> Edition:
    """Publish an edition of the bureau with every word, and leave a draft and its traces."""
    image = add_image(
        upload=photograph(), name=f"{JAPANESE['札名']}.jpg", actor=writer, default_alt="握手"
    )
    pdf = sent(scanned_pdf(), f"{JAPANESE['札名']}.pdf")
    document = add_document(upload=pdf, name=f"{JAPANESE['札名']}.pdf", actor=writer).document
    draft = start_draft(page=site.bureau, actor=writer)
    figure = Figure(image=image, alt=JAPANESE["代替"], caption=JAPANESE["説明"])
    draft = edit(
        edition=draft,
        actor=writer,
        revision=draft.revision,
        changes={
            "title": JAPANESE["表題"],
            "lead": "要旨です。",
            "body": f"<p>{JAPANESE['本文']}です。</p>",
            "change_note": "改めました。",
        },
        parts={Figure: [figure], Link: [Link(document=document, text=document.title)]},
    )
    submit(edition=draft, actor=writer, note=JAPANESE["注記"])
    [edition] = approve(editions=[draft], actor=approver, note="確かめました。")
    copy = start_draft(page=site.bureau, actor=writer)
    Autosave.objects.create(
        edition=copy, officer=writer, revision=1, content={"title": edition.title, "body": "x"}
    )
    DraftComment.objects.create(
        thread="0" * 32,
        edition=copy,
        author=writer,
        text=f"「{JAPANESE['表題']}」でよいか",
        field="本文",
        quote=JAPANESE["本文"],
        before=JAPANESE["本文"][-3:],
    )
    Acceptance.objects.create(
        page=site.bureau, rule="x", quote=JAPANESE["本文"], reason="原文", actor=writer
    )
    return edition


def addresses(document: Document, image: Image) -> Iterator[str]:
    """Every kind of public address that can say anything of the bureau."""
    for at in MOMENTS:
        for ending in OF_PAGE:
            yield joined(f"{BUREAU}{ending}", at)
        lists = ("/", "/main_sosiki/", "/news.csv", "/organisations.csv", "/sitemap/", "/feed.xml")
        for address in (f"{BUREAU.removesuffix('/')}.json", "/index.json", *lists):
            yield joined(address, at)
        yield joined(f"/search/?q={COMMON}", at)
        yield joined(f"/search/?q={IN_PDF['text'][:5]}", at)
        yield joined(f"/{document.address}", at)
    yield f"/search/suggestions.json?q={COMMON}"
    yield "/sitemap.xml"
    yield from (f"/media/{name}" for name in image.files)


def joined(address: str, at: str) -> str:
    return address + (at.replace("?", "&") if "?" in address else at)


def public_bytes(document: Document, image: Image) -> bytes:
    citizen = Client(HTTP_HOST="localhost")
    return b"".join(whole(citizen, address) for address in addresses(document, image))


def whole(client: Client, address: str) -> bytes:
    """The answer to its end, and the names that its headers give."""
    response: Any = client.get(address)
    return b"".join(response) + str(response.headers).encode()


def admin_bytes(officer: User, edition: Edition, document: Document) -> bytes:
    """What an operator reads of it."""
    client = Client(HTTP_HOST="localhost")
    client.force_login(officer)
    drafts = Edition.objects.filter(page=edition.page)
    screens = [
        "/admin/",
        "/admin/bureaus/page/",
        f"/admin/bureaus/page/{edition.page_id}/change/",
        f"/admin/bureaus/page/{edition.page_id}/compare/?older=1&newer=2",
        "/admin/bureaus/image/",
        "/admin/bureaus/document/",
        f"/admin/bureaus/document/{document.pk}/change/",
        "/admin/bureaus/auditentry/",
        *(f"/admin/bureaus/edition/{each.pk}/view/" for each in drafts),
        *(f"/admin/bureaus/edition/{each.pk}/preview/" for each in drafts),
        *(f"/admin/bureaus/edition/{each.pk}/review/" for each in drafts),
        *(f"/admin/bureaus/edition/{each.pk}/change/" for each in drafts if each.is_open),
        *(f"/admin/bureaus/auditentry/{each.pk}/change/" for each in AuditEntry.objects.all()),
    ]
    return b"".join(whole(client, address) for address in screens)


def dumped_bytes(folder: Path) -> bytes:
    """What dumpdata and export_content write."""
    output = io.StringIO()
    call_command("dumpdata", "bureaus", stdout=output, stderr=io.StringIO())
    call_command("export_content", folder, accounts=True, stdout=io.StringIO())
    return output.getvalue().encode() + folder_bytes(folder)


def folder_bytes(folder: Path) -> bytes:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return b"".join(path.read_bytes() + path.name.encode() for path in files)


def database_bytes() -> bytes:
    """The files of the database as they are on the disk, with the log of SQLite."""
    if connection.vendor == "sqlite":
        name = Path(str(connection.settings_dict["NAME"]))
        connection.close()
        return b"".join(path.read_bytes() for path in name.parent.glob(f"{name.name}*"))
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
        cursor.execute("SHOW data_directory")
        [folder] = cursor.fetchone()
        return b"".join(pages_of(cursor, Path(folder), table) for table in TABLES)


def pages_of(cursor: Any, folder: Path, table: str) -> bytes:
    """The files of a table, and of what is stored outside its rows."""
    cursor.execute(
        "SELECT pg_relation_filepath(oid), pg_relation_filepath(nullif(reltoastrelid, 0))"
        " FROM pg_class WHERE relname = %s AND relnamespace = current_schema()::regnamespace",
        [table],
    )
    return b"".join((folder / path).read_bytes() for path in cursor.fetchone() if path)


def found_in(content: bytes, words: Iterable[str] = CANARIES.values()) -> set[str]:
    """Return those of `words` that are in `content`, also as the index of SQLite writes them."""
    return {word for word in words if any(form in content for form in forms(word))}


def forms(word: str) -> set[bytes]:
    folded = fold(word)
    escaped = word.encode("ascii", "backslashreplace")
    utf16 = word.encode("utf-16-be")
    return {word.encode(), folded.encode(), " ".join(folded).encode(), escaped, utf16}

"""What officers keep in the libraries of pictures and documents, without any file behind it."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from bureaus.models import Document, Edition, Figure, Image, Link
from tests.helpers import uploads

IMAGES, DOCUMENTS = "/admin/bureaus/image/", "/admin/bureaus/document/"
JSON = {"Accept": "application/json"}


def picture(file: str = "images/a.jpg", **fields: Any) -> Image:
    size = {"width": 1200, "height": 800, "byte_size": 9_000}
    return Image.objects.create(file=file, **{"name": "会談.jpg", **size, **fields})


def document(file: str = "documents/a.pdf", **fields: Any) -> Document:
    return Document.objects.create(file=file, **{"title": "予算案", "byte_size": 9_000, **fields})


def show_in(edition: Edition, image: Image) -> None:
    """Whatever the edition is: as if it had always been there."""
    place = edition.figures.count() + 1
    Figure.objects.bulk_create([Figure(edition=edition, image=image, alt="握手", position=place)])


def link_in(edition: Edition, linked: Document) -> None:
    place = edition.links.count() + 1
    Link.objects.bulk_create(
        [Link(edition=edition, document=linked, text="予算案", position=place)]
    )


def sent(content: bytes, name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def photograph(name: str = "会談.jpg", width: int = 400, height: int = 300) -> SimpleUploadedFile:
    return sent(uploads.jpeg(width, height), name)


def paper(name: str = "方針.pdf", **how: Any) -> SimpleUploadedFile:
    return sent(uploads.pdf(**how), name)


def many(count: int, edition: Edition | None = None, *, start: int = 0) -> None:
    """So many pictures and documents; every second one is used, if there is an edition."""
    numbers = range(start, start + count)
    Image.objects.bulk_create(
        Image(
            file=f"images/n{number}.jpg",
            name=f"{number}枚目.jpg",
            width=640,
            height=480,
            byte_size=1,
            renditions="320.webp",
        )
        for number in numbers
    )
    Document.objects.bulk_create(
        Document(
            address=f"documents/n{number}.pdf",
            file=f"documents/n{number}.pdf",
            title=f"{number}番目の文書",
            byte_size=1,
            is_tagged=bool(number % 3),
        )
        for number in numbers
    )
    if edition is not None:
        images = Image.objects.order_by("-pk")[:count:2]
        documents = Document.objects.order_by("-pk")[:count:2]
        Figure.objects.bulk_create(
            Figure(edition=edition, image=image, position=start + place)
            for place, image in enumerate(images, 1)
        )
        Link.objects.bulk_create(
            Link(edition=edition, document=each, text="x", position=start + place)
            for place, each in enumerate(documents, 1)
        )

"""Files that come with the rows of a draft's form: added to the library, and chosen there."""

import re
from collections.abc import Callable

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, QueryDict

from bureaus.admin.core.users import request_user
from bureaus.publishing import Blocked, add_document, add_image
from bureaus.publishing.audit import Actor

FIELD = re.compile(r"((figures|links)-[0-9]{1,3})-upload")
Refusals = dict[str, list[str]]  # sentences, by the name of the field
AddFile = Callable[[QueryDict, str, UploadedFile, Actor], None]


def take_uploads(request: HttpRequest) -> Refusals:
    """
    Add each file to the library and choose it in its row. Takes seconds a file.

    A refusal leaves the rest of the form, and what the row referred to before, as they were sent.
    """
    data, refused = request.POST.copy(), Refusals()
    for name, upload in request.FILES.items():
        field = FIELD.fullmatch(name)
        if field is None or not isinstance(upload, UploadedFile):
            continue
        row, prefix = field.groups()
        try:
            ADDERS[prefix](data, row, upload, request_user(request))
        except Blocked as refusal:
            refused[name] = [str(reason) for reason in refusal.blockers]
    request.POST = data  # type: ignore[assignment]
    return refused


def add_row_image(data: QueryDict, row: str, upload: UploadedFile, actor: Actor) -> None:
    image = add_image(upload=upload, name=upload.name or "", actor=actor)
    data[f"{row}-image"] = str(image.pk)


def add_row_document(data: QueryDict, row: str, upload: UploadedFile, actor: Actor) -> None:
    """A link without text gets the document's title."""
    document = add_document(upload=upload, name=upload.name or "", actor=actor).document
    data[f"{row}-document"] = str(document.pk)
    if not data.get(f"{row}-text", "").strip():
        data[f"{row}-text"] = document.title


ADDERS: dict[str, AddFile] = {"figures": add_row_image, "links": add_row_document}

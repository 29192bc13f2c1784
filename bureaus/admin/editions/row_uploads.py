"""Files put into the rows of a draft's form: taken into the library, and chosen in their rows."""

import re
from collections.abc import Callable

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, QueryDict

from bureaus.admin.core.users import request_user
from bureaus.publishing import Blocked, add_document, add_image
from bureaus.publishing.audit import Actor

FIELD = re.compile(r"((figures|links)-[0-9]{1,3})-upload")
Refusals = dict[str, list[str]]  # sentences, by the name of the field
Take = Callable[[QueryDict, str, UploadedFile, Actor], None]


def take_uploads(request: HttpRequest) -> Refusals:
    """
    Choose each file in its row, as if it had been chosen from the library; seconds a file.

    A refusal leaves the rest of the form, and what the row pointed to before, as they were sent.
    """
    data, refused = request.POST.copy(), Refusals()
    for name, upload in request.FILES.items():
        field = FIELD.fullmatch(name)
        if field is None or not isinstance(upload, UploadedFile):
            continue
        row, sort = field.groups()
        try:
            TAKE[sort](data, row, upload, request_user(request))
        except Blocked as refusal:
            refused[name] = [str(reason) for reason in refusal.blockers]
    request.POST = data  # type: ignore[assignment]
    return refused


def take_image(data: QueryDict, row: str, upload: UploadedFile, actor: Actor) -> None:
    image = add_image(upload=upload, name=upload.name or "", actor=actor)
    data[f"{row}-image"] = str(image.pk)


def take_document(data: QueryDict, row: str, upload: UploadedFile, actor: Actor) -> None:
    """Without words the link has the document's title."""
    document = add_document(upload=upload, name=upload.name or "", actor=actor).document
    data[f"{row}-document"] = str(document.pk)
    if not data.get(f"{row}-text", "").strip():
        data[f"{row}-text"] = document.title


TAKE: dict[str, Take] = {"figures": take_image, "links": take_document}

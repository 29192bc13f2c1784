"""The library of images: the list, and the screen of one image."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bureaus.admin.core import version_token
from bureaus.admin.core.access import admin_screen, render_screen, request_grants, status_for
from bureaus.admin.core.breadcrumbs import admin_url
from bureaus.admin.core.cleaning import clean_line
from bureaus.admin.core.thumbnails import OFFICER_FILES_URL, Thumbnail, thumbnail_at
from bureaus.admin.core.users import display_name, request_actor, request_user
from bureaus.admin.media.deletion import removal_of
from bureaus.admin.media.library import (
    IMAGES,
    FileList,
    get_visible_file,
    history_of,
    library_breadcrumbs,
    list_files,
    may_seal_notes,
    used_in,
)
from bureaus.admin.media.uploads import THUMBNAIL, list_context
from bureaus.models import Image
from bureaus.publishing import Blocked, Blocker, describe_image
from bureaus.publishing.blockers.media import describe_blockers
from bureaus.social_image import crop_box, social_image_in
from bureaus.text.alt_text import Fault, faults_of_alt
from bureaus.text.formatting import file_size
from bureaus.uploads.image_limits import PIXELS, SIDE
from bureaus.uploads.intake import IMAGES_ACCEPTED

LARGE = 960  # pixels wide, on the screen of one image
ARM = 0.04  # of the longer side: the cross that marks the focal point
HELP = (
    f"{IMAGES_ACCEPTED.formats}（動かないもの）。1個{IMAGES_ACCEPTED.size}まで、"
    f"縦横それぞれ{SIDE:,}画素まで、全体で{PIXELS // 10_000:,}万画素まで。"
    "撮影した場所や機種の記録は取り除き、向きと大きさは自動で整えます。"
)
RENDITION = re.compile(r"(?<!\S)([1-9][0-9]{0,4})\.(avif|webp|jpg|png)(?!\S)")
FORMATS = {"avif": "AVIF", "webp": "WebP", "jpg": "JPEG", "png": "PNG"}


# The list


@dataclass(frozen=True, slots=True)
class Card:
    """An image in the grid."""

    image: Image
    thumbnail: Thumbnail
    who: str
    uses: int


@admin_screen
@require_safe
def image_list(request: HttpRequest) -> HttpResponse:
    """List the images. At most 8 queries at any size."""
    found = list_files(IMAGES, request)
    context = {"cards": list(cards_of(found)), "accepted": IMAGES_ACCEPTED, "help": HELP}
    context |= list_context(request, IMAGES, found)
    return render_screen(request, "admin/media/image_list.html", context)


def cards_of(found: FileList) -> Iterator[Card]:
    for image, uses in found.files:
        yield Card(image, thumbnail_at(image, THUMBNAIL), display_name(image.uploader), uses)


# One image


TOO_LONG = {
    "max_length": "%(limit_value)d文字以内に短くしてください（いま%(show_value)d文字です）。"
}
PERCENT = dict.fromkeys(
    ("required", "invalid", "min_value", "max_value"), "0から100までの数を書いてください。"
)


NAME_LENGTH = 180  # characters, without the ending
NO_NAME = "画像の名前がありません。何の画像か分かる名前を書いてください。"


class DescriptionForm(forms.Form):
    name = forms.CharField(max_length=NAME_LENGTH, required=False, error_messages=TOO_LONG)
    default_alt = forms.CharField(max_length=300, required=False, error_messages=TOO_LONG)
    credit = forms.CharField(max_length=200, required=False, error_messages=TOO_LONG)
    focal_x = forms.IntegerField(min_value=0, max_value=100, error_messages=PERCENT)
    focal_y = forms.IntegerField(min_value=0, max_value=100, error_messages=PERCENT)


@admin_screen
@require_http_methods(["GET", "HEAD", "POST"])
def one_image(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the image; POST changes its description. At most 13 queries."""
    image: Image = get_visible_file(IMAGES, request, pk)
    if request.method != "POST":
        return image_screen(request, image, DescriptionForm(initial=description_of(image)))
    form = DescriptionForm(
        {name: clean_line(request, name) for name in DescriptionForm.base_fields}
    )
    if not form.is_valid():
        return image_screen(request, image, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if clean_line(request, version_token.FIELD) != version_token.file_version(image):
        changed = [version_token.file_changed_blocker(image)]
        return image_screen(request, image, form, changed, status=status_for(changed))
    try:
        describe_image(image=image, actor=request_user(request), **form.cleaned_data)
    except Blocked as refusal:
        return image_screen(
            request, image, form, refusal.blockers, status=status_for(refusal.blockers)
        )
    messages.success(request, "説明を保存しました。")
    return redirect(admin_url(IMAGES.change_name, pk))


@require_POST
@admin_screen
def rename_image(request: HttpRequest, pk: int) -> HttpResponse:
    """Give an image another name, as for one that was pasted without any; answer it as JSON."""
    image: Image = get_visible_file(IMAGES, request, pk)
    name = clean_line(request, "name")[:NAME_LENGTH]
    if not name:
        return JsonResponse({"error": NO_NAME}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        image = describe_image(
            image=image,
            actor=request_user(request),
            name=name,
            credit=image.credit,
            default_alt=image.default_alt,
        )
    except Blocked as refusal:
        sentences = "".join(map(str, refusal.blockers))
        return JsonResponse({"error": sentences}, status=status_for(refusal.blockers))
    return JsonResponse({"name": image.name})


def description_of(image: Image) -> dict[str, Any]:
    return {name: getattr(image, name) for name in DescriptionForm.base_fields}


def image_screen(
    request: HttpRequest,
    image: Image,
    form: DescriptionForm,
    blockers: Sequence[Blocker] = (),
    *,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """Show the image. `blockers` are those of the refused action."""
    grants, officer = request_grants(request), request_actor(request)
    used, further = used_in(image, grants)
    closed = describe_blockers(item=image, actor=officer)
    context = {
        "title": str(image),
        "breadcrumbs": library_breadcrumbs(IMAGES, str(image)),
        "image": image,
        "large": thumbnail_at(image, LARGE),
        "original": f"{OFFICER_FILES_URL}{image.file}",
        "card": card_of(image),
        "point": point_of(image),
        "box": crop_box(image.width, image.height, image.focal_x, image.focal_y),
        "size": file_size(image.byte_size),
        "who": display_name(image.uploader),
        "formats": formats_of(image),
        "form": form,
        "version": version_token.file_version(image),
        "faults": faults_in(image),
        "description_blockers": closed,
        "may_tag": not closed,
        "blockers": blockers,
        "used": used,
        "further": further,
        "records": history_of(image),
        "may_seal_notes": may_seal_notes(request),
        "removal": removal_of(image, officer),
    }
    return render_screen(request, "admin/media/image_detail.html", context, status=status)


def point_of(image: Image) -> dict[str, int]:
    """Return the cross of the focal point in pixels of the image."""
    x, y = image.width * image.focal_x // 100, image.height * image.focal_y // 100
    arm = max(4, round(ARM * max(image.width, image.height)))
    ends = {"left": x - arm, "right": x + arm, "top": y - arm, "bottom": y + arm}
    return {"x": x, "y": y, **ends}


def faults_in(image: Image) -> list[Fault]:
    """Return the faults that the description would have on a page; none of an empty one."""
    names = (image.name, str(image.file).rpartition("/")[2])
    if not image.default_alt:
        return []
    return faults_of_alt(image.default_alt, is_decorative=False, file_names=names)


def card_of(image: Image) -> Thumbnail | None:
    found = social_image_in(image.renditions)
    return Thumbnail(f"{OFFICER_FILES_URL}{image.file}.{found[0]}", *found[1:]) if found else None


def formats_of(image: Image) -> list[tuple[str, str]]:
    """Return the widths of the renditions by format: WebP, 320・640・960."""
    widths: dict[str, list[int]] = {}
    for width, suffix in RENDITION.findall(image.renditions):
        widths.setdefault(suffix, []).append(int(width))
    return [
        (FORMATS[suffix], "・".join(map(str, sorted(found)))) for suffix, found in widths.items()
    ]

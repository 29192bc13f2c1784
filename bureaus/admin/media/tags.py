"""Tagging several files of a library at once, each on its own; or one, from its screen."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_POST

from bureaus.admin.core.access import admin_screen, request_grants
from bureaus.admin.core.breadcrumbs import admin_url
from bureaus.admin.core.cleaning import clean_line, parse_key
from bureaus.admin.core.users import request_user
from bureaus.admin.media.library import Library, matching_files
from bureaus.publishing import Blocked, Blocker, tag_file

MOST_FILES = 200
BETWEEN_TAGS = re.compile(r"[\s、，,;；]+")
NOTHING = "ファイルが選ばれていません。一覧で、印を付けてください。"
TOO_MANY = (
    f"当てはまるものが{MOST_FILES}件より多くあります。言葉などでしぼり込んでから、"
    "もう一度選んでください。"
)


def tag_view(library: Library) -> Callable[[HttpRequest], HttpResponse]:
    """Return the view that tags files of one library."""

    @admin_screen
    @require_POST
    def tag_files(request: HttpRequest) -> HttpResponse:
        """Tag the ticked files, or all that match; at most 9 queries a file."""
        back = QueryDict(request.POST.get("back", "")[:1_000])
        lone = parse_key(request.POST.get("lone"))
        address = admin_url(library.change_name, lone) if lone else list_address(library, back)
        files = chosen_files(library, request, back)
        if len(files) > MOST_FILES:
            messages.warning(request, TOO_MANY)
        elif not files:
            messages.warning(request, NOTHING)
        else:
            tag_each(request, files)
        return redirect(address)

    return tag_files


def list_address(library: Library, back: QueryDict) -> str:
    """Return the address of the list as it was; the query is written anew."""
    return f"{library.address}?{back.urlencode()}" if back else library.address


def chosen_files(library: Library, request: HttpRequest, back: QueryDict) -> Sequence[Any]:
    """Return the usable files that were chosen, one more than MOST_FILES at most. 3 queries."""
    grants = request_grants(request)
    if request.POST.get("all") == "1":
        _, files = matching_files(library, back, grants)
        return list(files.order_by("-pk")[: MOST_FILES + 1])
    keys = [parse_key(key) for key in request.POST.getlist("file")[: MOST_FILES + 1]]
    usable = library.model.objects.usable_by(grants, timezone.now())
    return list(usable.filter(pk__in=keys).order_by("-pk"))


def tag_each(request: HttpRequest, files: Sequence[Any]) -> None:
    """Tag each file in a transaction of its own, and report what was done and what was not."""
    is_removal = request.POST.get("do") == "remove"
    tags = [tag for tag in BETWEEN_TAGS.split(clean_line(request, "tags")) if tag]
    done, failures = 0, []
    for item in files:
        try:
            tag_file(item=item, tags=tags, actor=request_user(request), is_removal=is_removal)
        except Blocked as refusal:
            failures.append({"title": str(item), "blockers": refusal.blockers})
            continue
        done += 1
    if done:
        names = "、".join(f"「{tag}」" for tag in tags)
        verb = "から、タグ{}を外しました" if is_removal else "に、タグ{}を付けました"
        messages.success(request, f"{done}件{verb.format(names)}。")
    if failures:
        messages.warning(request, failure_text(failures))


def failure_text(failures: Sequence[dict[str, Any]]) -> str:
    """Return one sentence where all have the same reason, else a line a file."""
    reasons: set[tuple[Blocker, ...]] = {tuple(each["blockers"]) for each in failures}
    if len(reasons) == 1:
        words = "".join(map(str, reasons.pop()))
        return f"{len(failures)}件はできませんでした：{words}"
    sentence = f"{len(failures)}件はできませんでした："
    return render_to_string(
        "admin/includes/failures.html", {"failures": failures, "sentence": sentence}
    )

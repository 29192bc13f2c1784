"""Collecting static files: hashed, compressed, and the public style sheet as one file."""

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from django.contrib.staticfiles import finders
from whitenoise.storage import CompressedManifestStaticFilesStorage

SHEET = "css/site.css"
IMPORT = re.compile(r'@import url\("(?P<name>[^"]+)"\)(?: (?P<media>\w+))?;')


class StaticFiles(CompressedManifestStaticFilesStorage):
    """
    WhiteNoise's storage, which replaces the imports of the public sheet by their files.

    A phone on a slow network then requests one file before it renders a page, and not thirty. The
    imported files are plain CSS, so that no build is needed.
    """

    support_js_module_import_aggregation = True  # scripts import each other by their hashed names

    def post_process(
        self,
        paths: dict[str, Any],
        dry_run: bool = False,  # noqa: FBT001, FBT002 - Django's signature
        **options: Any,
    ) -> Iterator[Any]:
        source = finders.find(SHEET)
        if source and SHEET in paths and not dry_run:
            Path(self.path(SHEET)).write_text(bundled(Path(source)), encoding="utf-8")
            paths = {**paths, SHEET: (self, SHEET)}  # hash and compress this, not the source
        yield from super().post_process(paths, dry_run, **options)


def bundled(sheet: Path) -> str:
    """Return the text of `sheet` with each import replaced by the file, within its media query."""

    def imported(match: re.Match[str]) -> str:
        text = (sheet.parent / PurePosixPath(match["name"])).read_text(encoding="utf-8")
        return f"@media {match['media']} {{\n{text}}}\n" if match["media"] else text

    return IMPORT.sub(imported, sheet.read_text(encoding="utf-8"))

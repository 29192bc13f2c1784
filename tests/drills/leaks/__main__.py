"""
Prove that hidden content is found: `python -m tests.drills.leaks`.

Ten producers build 12 files each with hidden content and 30 without. Each file is opened by the
child process of the site, under its limits. The exit status is 0 only where every hidden thing is
found by its rule and in its place, no more than one honest file of a hundred raises anything, and
no file costs more than SECONDS of processor time and MEGABYTES of memory. Producers that this
machine lacks are named with their packages in Debian; without all ten there is no figure.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bureaus.uploads.hidden.rules import RULES
from bureaus.uploads.sandbox import ENVIRONMENT
from tests.drills.leaks.cases import (
    HONEST,
    REFUSED,
    REMOVED,
    WAYS,
    HiddenFile,
    HonestFile,
    Producer,
)
from tests.drills.leaks.chromium_files import CHROMIUM
from tests.drills.leaks.excel_files import EXCEL
from tests.drills.leaks.ghostscript_files import GHOSTSCRIPT
from tests.drills.leaks.imagemagick_files import IMAGEMAGICK, is_seen
from tests.drills.leaks.libreoffice_files import LIBREOFFICE
from tests.drills.leaks.pdf_tools import PIKEPDF, QPDF
from tests.drills.leaks.reportlab_files import REPORTLAB
from tests.drills.leaks.slide_files import SLIDES
from tests.drills.leaks.word_files import WORD

PRODUCERS = (
    LIBREOFFICE,
    WORD,
    CHROMIUM,
    GHOSTSCRIPT,
    REPORTLAB,
    PIKEPDF,
    EXCEL,
    SLIDES,
    IMAGEMAGICK,
    QPDF,
)
SECONDS, MEGABYTES = 5.0, 300.0
ALARMS = 0.01  # of the honest files
HEADING = f"{'found':>26}{'errors':>10}{'warnings':>10}{'honest':>8}{'seconds':>10}{'MB':>8}"
PICTURES = frozenset({"jpg", "png", "webp", "gif"})
PROCESSES = 2


@dataclass(frozen=True, slots=True)
class Judged:
    """The answer of the child about a file, what it wrote, and what that cost."""

    answer: dict[str, Any]
    written: tuple[bytes, ...]
    seconds: float
    megabytes: float

    @property
    def found(self) -> list[list[str]]:
        found: list[list[str]] = self.answer.get("hidden", [])
        return found

    @property
    def refusal(self) -> str:
        return str(self.answer["invalid"][1]) if "invalid" in self.answer else ""


def judged(file: HiddenFile | HonestFile) -> Judged:
    """Have the child of the site open the file, under its limits."""
    with tempfile.TemporaryDirectory() as folder:
        source, made, answer = (Path(folder) / name for name in ("source", "made", "answer"))
        source.write_bytes(file.content)
        made.mkdir()
        task = "image" if file.suffix in PICTURES else "document"
        command = [sys.executable, "-s", "-m", "bureaus.uploads.sandbox_worker"]
        with answer.open("wb") as output:
            child = subprocess.Popen(
                [*command, task, str(source), str(made)], stdout=output, env=ENVIRONMENT, cwd=made
            )
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
        return Judged(
            answer=json.loads(answer.read_bytes() or b'{"invalid": ["", "no answer"]}'),
            written=tuple(path.read_bytes() for path in made.iterdir()),
            seconds=usage.ru_utime + usage.ru_stime,
            megabytes=usage.ru_maxrss / 1024,
        )


def is_found(file: HiddenFile, judgement: Judged) -> bool:
    if file.rule == REFUSED:
        return file.place in judgement.refusal
    if judgement.refusal:
        return False
    if file.rule == REMOVED:
        return bool(judgement.written) and not any(map(is_seen, judgement.written))
    return [file.rule, file.place] in [found[:2] for found in judgement.found]


@dataclass
class Figures:
    """Of one producer."""

    name: str
    made: int = 0
    found: int = 0
    honest: int = 0
    errors: int = 0  # honest files with an error, or refused
    warnings: int = 0  # honest files with warnings alone
    seconds: float = 0.0
    megabytes: float = 0.0

    def row(self) -> str:
        return (
            f"  {self.name:<14}{self.found:>6}/{self.made:<5}{self.errors:>8}{self.warnings:>10}"
            f"{self.honest:>8}{self.seconds:>10.2f}{self.megabytes:>8.0f}"
        )

    def add(self, judgement: Judged) -> None:
        self.seconds = max(self.seconds, judgement.seconds)
        self.megabytes = max(self.megabytes, judgement.megabytes)


def measure(producer: Producer) -> Figures:
    figures = Figures(producer.name)
    with (
        tempfile.TemporaryDirectory() as folder,
        ThreadPoolExecutor(PROCESSES) as pool,
    ):
        hidden = list(producer.hidden(Path(folder)))
        for file, judgement in zip(hidden, pool.map(judged, hidden), strict=True):
            judge_hidden(figures, file, judgement)
        honest = list(producer.honest(Path(folder)))
        judge_honest(figures, pool.map(judged, honest))
    figures.made = len({file.content for file in hidden})
    return figures


def judge_hidden(figures: Figures, file: HiddenFile, judgement: Judged) -> None:
    figures.add(judgement)
    if is_found(file, judgement):
        figures.found += 1
    else:
        said = judgement.refusal or judgement.found
        print(f"    missed: {figures.name} {file.way} ({file.rule}, {file.place}): {said}")


def judge_honest(figures: Figures, judgements: Iterable[Judged]) -> None:
    for judgement in judgements:
        figures.add(judgement)
        figures.honest += 1
        is_error = judgement.refusal or any(RULES[each[0]].is_error for each in judgement.found)
        figures.errors += bool(is_error)
        figures.warnings += bool(judgement.found and not is_error)
        if is_error or judgement.found:
            print(f"    alarm: {figures.name}: {judgement.refusal or judgement.found}")


def main() -> int:
    """Run the drill; return the exit status."""
    missing = {each.name: each.missing for each in PRODUCERS if each.missing}
    print(HEADING)
    every = []
    for producer in PRODUCERS:
        if not producer.missing:
            every.append(measure(producer))
            print(every[-1].row(), flush=True)
    total = Figures("all")
    for figures in every:
        for name in ("made", "found", "honest", "errors", "warnings"):
            setattr(total, name, getattr(total, name) + getattr(figures, name))
        total.seconds = max(total.seconds, figures.seconds)
        total.megabytes = max(total.megabytes, figures.megabytes)
    print(total.row())
    for name, package in missing.items():
        print(f"  {name} is missing: apt-get install {package}")
    return 0 if not missing and is_good(total) else 1


def is_good(total: Figures) -> bool:
    """Return whether the figures are those that the drill is for."""
    is_whole = total.made == total.found == WAYS * len(PRODUCERS)
    is_quiet = total.errors + total.warnings <= ALARMS * HONEST * len(PRODUCERS)
    is_light = total.seconds <= SECONDS and total.megabytes <= MEGABYTES
    return is_whole and is_quiet and is_light and total.honest == HONEST * len(PRODUCERS)


if __name__ == "__main__":
    sys.exit(main())

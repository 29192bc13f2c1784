"""
What the proofreader says of real pages: `python -m tests.bench.proofreading [RULE …]`.

Findings for every 1,000 characters, by rule and genre, over pages of public bodies that lie beside
the repository and are not a part of it; how many of them were judged right; how many faults of a
list are found; and characters a second. With the names of rules, each of their findings is printed
with what stands around it, to be judged by reading.
"""

import os
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import django

from tests.helpers.corpus import PAGES, rows
from tests.helpers.growth import cpu_seconds

if TYPE_CHECKING:
    from bureaus.proofreading import Finding
    from tests.helpers.real_pages import Judged

THOUSAND = 1_000
LONG = 20_000  # characters: the longest body that is read while an officer types
GENRES = "ministry ministry-report ministry-rss policy municipal municipal-paper faq".split()


@dataclass
class Figures:
    """What was counted over all pages."""

    pages: int = 0
    stopped: int = 0  # pages that could not be submitted
    seconds: float = 0
    characters: Counter[str] = field(default_factory=Counter)  # by genre
    found: Counter[tuple[str, str]] = field(default_factory=Counter)  # by rule and genre
    fixes: Counter[str] = field(default_factory=Counter)  # by rule
    judged: Counter[tuple[str, bool]] = field(default_factory=Counter)  # by rule and verdict


def main(rules_to_print: list[str]) -> None:
    with tempfile.TemporaryDirectory(prefix="ministry-bench-") as folder:
        os.environ["DATA_DIR"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "ministry_site.settings"
        django.setup()
        print_recall()
        if not PAGES.exists():
            print(f"SKIPPED: precision and speed are not measured, as there is no {PAGES}.")
            return
        print_figures(measure(rules_to_print))
        milliseconds = cpu_seconds(read_a_long_body) * THOUSAND
        print(f"  {milliseconds:.0f} ms of CPU for a body of {LONG:,} characters")


def print_recall() -> None:
    from tests.helpers.faults import missed_faults

    missed, count = missed_faults()
    print(f"Faults of the list that are found: {count - len(missed)} of {count}")
    for kind, text in missed:
        print(f"  missed: {kind}: {text}")


def measure(rules_to_print: list[str]) -> Figures:
    from bureaus.proofreading import proofread
    from tests.helpers.real_pages import Judged, judgements, manuscript_of

    figures, verdicts = Figures(), judgements()
    for row in rows():
        manuscript = manuscript_of(row)
        began = time.process_time()
        findings = proofread(manuscript)
        figures.seconds += time.process_time() - began
        figures.characters[row["genre"]] += len(row["title"]) + sum(map(len, row["paras"]))
        figures.pages += 1
        figures.stopped += any(finding.level == "error" for finding in findings)
        for finding in findings:
            count(finding, row["genre"], Judged.of(row["id"], finding), figures, verdicts)
            if finding.rule in rules_to_print:
                print(line_of(row["id"], finding))
    return figures


def count(
    finding: "Finding",
    genre: str,
    judged: "Judged",
    figures: Figures,
    verdicts: "dict[Judged, bool]",
) -> None:
    figures.found[finding.rule, genre] += 1
    figures.fixes[finding.rule] += finding.fix is not None
    if judged in verdicts:
        figures.judged[finding.rule, verdicts[judged]] += 1


def read_a_long_body() -> None:
    from bureaus.proofreading import Manuscript, proofread
    from tests.helpers.ordinary import paragraphs

    body = "".join(manuscript.body for manuscript in paragraphs())
    proofread(Manuscript(title="見本", body=body[: body.rindex("</p>", 0, LONG) + len("</p>")]))


def line_of(page: str, finding: "Finding") -> str:
    instead = "" if finding.replacement is None else f" → {finding.replacement}"
    place = finding.place
    context = f"{place.before}【{finding.words}{instead}】{place.after}".replace("\n", "⏎")
    return f"{finding.rule} {page}: {context}  {finding.sentence}"


def print_figures(figures: Figures) -> None:
    from bureaus.proofreading import RULES

    print(f"Findings in {figures.pages:,} real pages, and for every 1,000 characters of a genre")
    print(f"  {'':<22}{'':<9}{'all':>7}{'fixes':>7}{'right':>9}  {'  '.join(GENRES)}")
    total = {name: sum(figures.found[name, genre] for genre in GENRES) for name in RULES}
    for name, rule in sorted(RULES.items(), key=lambda item: (item[1].level, -total[item[0]])):
        right, wrong = figures.judged[name, True], figures.judged[name, False]
        rates = (
            f"{figures.found[name, genre] / figures.characters[genre] * THOUSAND:>{len(genre)}.2f}"
            for genre in GENRES
        )
        judged = f"{right}/{right + wrong}"
        print(
            f"  {name:<22}{rule.level:<9}{total[name]:>7,}{figures.fixes[name]:>7,}{judged:>9}"
            f"  {'  '.join(rates)}"
        )
    characters = sum(figures.characters.values())
    print(f"  {figures.stopped:,} of {figures.pages:,} pages could not be submitted")
    print(f"  {characters / figures.seconds:,.0f} characters a second")


if __name__ == "__main__":
    main(sys.argv[1:])

"""
What the proofreader says of real pages: `python -m tests.bench.proofreading [RULE …]`.

Findings and fixes of each rule over a corpus of pages of public bodies, which lies beside the
repository and is not a part of it. With the names of rules, each of their findings is printed with
what stands around it, to be judged by reading: an error must be nearly never false, and a fix must
never damage.
"""

import gzip
import json
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import date
from html import escape
from typing import TYPE_CHECKING, Any

import django

from tests.helpers.growth import cpu_seconds
from tests.helpers.paths import CORPUS

if TYPE_CHECKING:
    from bureaus.proofreading import Finding, Manuscript

PAGES = CORPUS / "pages.jsonl.gz"
THOUSAND = 1_000
LONG = 20_000  # characters: the longest body that is read while an officer types


def main(rules_to_print: list[str]) -> None:
    if not PAGES.exists():
        print(f"The proofreader is not measured: there is no corpus at {PAGES}.")
        return
    with tempfile.TemporaryDirectory(prefix="ministry-bench-") as folder:
        os.environ["DATA_DIR"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "ministry_site.settings"
        django.setup()
        measure(rules_to_print)


def measure(rules_to_print: list[str]) -> None:
    from bureaus.proofreading import proofread, read_text

    found, fixes, plain = Counter[str](), Counter[str](), Counter[str]()
    pages = stopped = 0
    for row in rows():
        findings = proofread(manuscript_of(row))
        pages += 1
        stopped += any(finding.level == "error" for finding in findings)
        found.update(finding.rule for finding in findings)
        fixes.update(finding.rule for finding in findings if finding.fix)
        text = "\n".join((row["title"], *row["paras"]))
        plain.update(finding.rule for finding in proofread(read_text(text)))
        for finding in findings:
            if finding.rule in rules_to_print:
                print(line_of(row["id"], finding))
    print_counts(pages, found, fixes, plain)
    print(f"  {stopped:,} of {pages:,} pages could not be submitted")
    print(f"  {cpu_seconds(read_a_long_body) * THOUSAND:.0f} ms of CPU for {LONG:,} characters")


def read_a_long_body() -> None:
    from bureaus.proofreading import Manuscript, proofread
    from tests.helpers.ordinary import paragraphs

    body = "".join(manuscript.body for manuscript in paragraphs())
    proofread(Manuscript(title="見本", body=body[: body.rindex("</p>", 0, LONG) + len("</p>")]))


def rows() -> Iterator[dict[str, Any]]:
    with gzip.open(PAGES, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def manuscript_of(row: dict[str, Any]) -> "Manuscript":
    from bureaus.proofreading import Manuscript

    return Manuscript(
        title=row["title"],
        body="".join(f"<p>{escape(each, quote=False)}</p>" for each in row["paras"]),
        issued_on=date.fromisoformat(row["day"][:10]) if row["day"] else None,
    )


def line_of(page: str, finding: "Finding") -> str:
    instead = "" if finding.replacement is None else f" → {finding.replacement}"
    place = finding.place
    context = f"{place.before}【{finding.words}{instead}】{place.after}".replace("\n", "⏎")
    return f"{finding.rule} {page}: {context}  {finding.sentence}"


def print_counts(pages: int, found: Counter[str], fixes: Counter[str], plain: Counter[str]) -> None:
    from bureaus.proofreading import RULES

    print(f"Findings in {pages:,} real pages")
    print(f"  {'':<22}{'':<9}{'pages':>8}{'a 1,000':>9}{'fixes':>8}{'as text':>9}")
    for name, rule in sorted(RULES.items(), key=lambda item: (item[1].level, -found[item[0]])):
        print(
            f"  {name:<22}{rule.level:<9}{found[name]:>8,}{found[name] / pages * THOUSAND:>9.1f}"
            f"{fixes[name]:>8,}{plain[name]:>9,}"
        )


if __name__ == "__main__":
    main(sys.argv[1:])

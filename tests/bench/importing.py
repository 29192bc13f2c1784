"""
How long an import takes: `python -m tests.bench.importing 10000`.

So many pages with the words of real ones, as one CSV, into a site of the sample; by the clock and
by the processor, and what `check_site` finds afterwards (the import ends with it).
TEST_DATABASE=postgresql: on a cluster of its own.
"""

import csv
import sys
import tempfile
import time
from collections.abc import Iterator
from html import escape
from itertools import cycle, islice
from pathlib import Path

from tests.bench.pages import a_site, database
from tests.helpers.corpus import PAGES, rows

SIZE = 10_000
GROUP = 100  # pages below one page
HEADS = ("アドレス", "表題", "日付", "種類", "本文")
DAY = "2010-04-01"


def main(sizes: list[int]) -> None:
    if not PAGES.exists():
        print(f"The import is not measured: there is no corpus at {PAGES}.")
        return
    with a_site():
        for size in sizes:
            with database(f"import{size}"), tempfile.TemporaryDirectory() as folder:
                measure(size, Path(folder))


def measure(size: int, folder: Path) -> None:
    from django.core.management import call_command
    from django.db import connection

    call_command("loaddata", "ministry", "directory", verbosity=0)
    source = folder / "pages.csv"
    with source.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows([HEADS, *islice(table(), size)])
    clock, processor = time.perf_counter(), time.process_time()
    call_command("import_pages", source)
    print(
        f"{connection.vendor}: {size:,} pages imported in {time.perf_counter() - clock:.0f} s, "
        f"{time.process_time() - processor:.0f} s of them on the processor of the command"
    )


def table() -> Iterator[tuple[str, str, str, str, str]]:
    for number, row in enumerate(cycle(list(rows()))):
        group = f"/import-{number // GROUP}/"
        address = group if number % GROUP == 0 else f"{group}page-{number}/"
        body = "".join(f"<p>{escape(each, quote=False)}</p>" for each in row["paras"])
        yield address, f"{row['title']} {number}"[:200], (row["day"] or DAY)[:10], "page", body


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [SIZE])

"""
What people find on the sample site: `python -m tests.bench.sample_site`.

Each line of tests/data/sample_questions.txt is a query as citizens type it, and the addresses of
the pages that answer it. TEST_DATABASE=postgresql: on a cluster of its own.
"""

from pathlib import Path
from urllib.parse import quote

from tests.bench.pages import a_site, ask, database
from tests.bench.questions import ADDRESS, rank_of, report
from tests.bench.search import database_clock

QUESTIONS = Path(__file__).parents[1] / "data" / "sample_questions.txt"
FIXTURES = ("ministry", "directory", "news", "synonyms")


def main() -> None:
    from django.core.management import call_command

    asked = sample_questions()
    with a_site() as application, database("sample"):
        call_command("loaddata", *FIXTURES, verbosity=0)
        report("sample site", asked, application, database_clock())
        for text, right in asked.items():
            _, body = ask(application, f"/search/?q={quote(text)}")
            found = ADDRESS.findall(body.decode())
            if rank_of(right, found) != 1:
                print(f"  not first: {text}, but {', '.join(found[:2]) or 'nothing'}")


def sample_questions() -> dict[str, set[str]]:
    """Return the queries, each with the addresses of the pages that answer it."""
    lines = QUESTIONS.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return {text: set(addresses) for text, *addresses in rows}


if __name__ == "__main__":
    main()

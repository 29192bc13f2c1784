"""The commands that docs/operations.md tells an operator to type, and a folder to type them in."""

import io
import re
import shlex
import subprocess
import sys
from pathlib import Path

from django.core.management import call_command

from tests.helpers.paths import ROOT
from tests.helpers.server import Environment

MANUAL = ROOT / "docs" / "operations.md"
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.DOTALL | re.MULTILINE)
HEADING = re.compile(r"^#{2,} (.+)$", re.MULTILINE)


def commands(heading: str) -> list[str]:
    """Return the lines of the `sh` blocks between this heading and the next, of any level."""
    found = sections().get(heading, [])
    assert found, f"{MANUAL.name} has no commands below 「{heading}」"
    return found


def sections() -> dict[str, list[str]]:
    """Return the commands below each heading that has any. A final backslash joins lines."""
    _, *parts = HEADING.split(MANUAL.read_text("utf-8"))
    found = {}
    for heading, text in zip(parts[::2], parts[1::2], strict=True):
        lines = "".join(BLOCK.findall(text)).replace("\\\n", " ").splitlines()
        if lines := [line for line in lines if line.strip() and not line.startswith("#")]:
            found[heading] = lines
    return found


def operators_folder(parent: Path) -> Path:
    """Return a new folder in which the names of the manual lead to the program."""
    folder = parent / "home"
    folder.mkdir()
    (folder / "manage.py").symlink_to(ROOT / "manage.py")
    (folder / ".venv").symlink_to(sys.prefix)
    return folder


def attempt(
    command: str, home: Path, environment: Environment, *, typed: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run a line of the manual as a shell does; `typed` is what the operator answers."""
    return subprocess.run(
        ["/bin/sh", "-c", command],
        cwd=home,
        env=environment,
        input=typed,
        check=False,
        capture_output=True,
        text=True,
    )


def follow(command: str, home: Path, environment: Environment, *, typed: str = "") -> str:
    """Run a line of the manual, which has to succeed; return what it wrote."""
    done = attempt(command, home, environment, typed=typed)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def follow_here(command: str) -> str:
    """Run a line with manage.py on the database of this test; return what it wrote."""
    words = shlex.split(command)
    written = io.StringIO()
    call_command(*words[words.index("manage.py") + 1 :], stdout=written)
    return written.getvalue()

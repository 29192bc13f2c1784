"""The bill of materials has every locked library with its hashes."""

import json
import re
import subprocess
import sys

from tests.helpers.paths import ROOT

LOCKED = re.compile(r"^([a-z0-9-]+)(?:\[[^\]]*\])?==(\S+)", re.MULTILINE)


def test_every_locked_library_is_in_the_bill_of_materials_with_its_hashes() -> None:
    lists = "".join(
        (ROOT / f"requirements{part}.txt").read_text() for part in ("", "-s3", "-sentry")
    )
    words = [sys.executable, "-W", "ignore", "-m", "cyclonedx_py", "requirements", "-"]
    made = subprocess.run(words, input=lists, capture_output=True, text=True, check=True)
    components = json.loads(made.stdout)["components"]
    named = {(each["name"].lower(), each["version"]) for each in components}
    assert {(name.lower(), version) for name, version in LOCKED.findall(lists)} == named
    assert all(each["externalReferences"][0]["hashes"] for each in components)
    assert " cyclonedx_py requirements -" in (ROOT / "Makefile").read_text()

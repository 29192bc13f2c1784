"""Programs that some tests start: where one is missing they are skipped in plain sight."""

import os
import shutil
import sys
from pathlib import Path

import pytest


def needed(program: str) -> str:
    """The path of `program`. Skip the test where the machine lacks it; under CI fail."""
    return found_or_skipped(shutil.which(program), program)


def html_checker() -> str:
    """The path of vnu.jar, which `make test` fetches."""
    jars = sorted(Path(sys.prefix).glob("vnu-*.jar"))
    return found_or_skipped(str(jars[-1]) if jars else None, "vnu（HTML の検査器）")


def found_or_skipped(path: str | None, name: str) -> str:
    if path is not None:
        return path
    missing = f"{name} がこのマシンにないため、これを使うテストを飛ばしました。"
    if os.environ.get("CI") == "true":
        pytest.fail(f"{missing} CI では失敗です。")
    pytest.skip(missing)

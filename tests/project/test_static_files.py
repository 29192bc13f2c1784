"""The collected static files: scripts import each other by the names that caches may keep."""

import re
from pathlib import Path

from ministry_site.static_files import StaticFiles
from tests.helpers.paths import ROOT

SCRIPTS = ROOT / "static" / "js"


def test_scripts_import_each_other_by_hashed_names(tmp_path: Path) -> None:
    storage = StaticFiles(location=tmp_path, base_url="/static/")
    names = [f"js/{path.name}" for path in SCRIPTS.glob("*.js")]
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes((ROOT / "static" / name).read_bytes())
    outcomes = list(storage.post_process({name: (storage, name) for name in names}))
    assert [error for *_, error in outcomes if isinstance(error, Exception)] == []
    collected = (tmp_path / storage.stored_name("js/autosave.js")).read_text()
    assert re.search(r'from "\./shared\.[0-9a-f]{12}\.js"', collected)

"""
Prove that ClamAV's own daemon is understood: `python -m tests.drills.antivirus`.

clamd (Debian: clamav-daemon) is started in a folder of its own with one signature, that of the
harmless test file EICAR. A clean file has to pass, the test file and a document around it have to
be found, and a stopped daemon has to refuse.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PATIENCE = 60  # seconds
CONFIGURATION = """
DatabaseDirectory {folder}/signatures
LocalSocket {folder}/clamd.ctl
Foreground yes
StreamMaxLength 60M
"""


@contextmanager
def clamd(folder: Path, eicar: bytes) -> Iterator[str]:
    program = shutil.which("clamd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        sys.exit("clamd がありません（Debian なら apt-get install clamav-daemon）。")
    (folder / "signatures").mkdir()
    signature = f"Eicar-Test-Signature:0:*:{eicar.hex()}\n"
    (folder / "signatures" / "test.ndb").write_text(signature)
    configuration = folder / "clamd.conf"
    configuration.write_text(CONFIGURATION.format(folder=folder))
    daemon = subprocess.Popen([program, "--config-file", configuration], stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + PATIENCE
        while not (folder / "clamd.ctl").exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        yield f"unix:{folder}/clamd.ctl"
    finally:
        daemon.terminate()
        daemon.wait()


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    from django.test import override_settings

    from bureaus.uploads.antivirus import ScannerUnavailable, virus_in
    from tests.uploads.test_antivirus import CSV, VIRUS

    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = folder / "file"
        with clamd(folder, VIRUS) as address, override_settings(CLAMD=address):
            for label, content, expected in (
                ("a clean file", CSV, False),
                ("20 MB of zeros", bytes(20 * 1024**2), False),
                ("EICAR", VIRUS, True),
                ("EICAR in a table", CSV + VIRUS, True),
            ):
                file.write_bytes(content)
                found = virus_in(file)
                rows.append((label, found or "clean", bool(found) is expected))
        with override_settings(CLAMD=address):
            try:
                rows.append(("a stopped daemon", virus_in(file), False))
            except ScannerUnavailable as error:
                rows.append(("a stopped daemon", f"refused: {error}", True))
    for label, outcome, is_right in rows:
        print(f"{'ok  ' if is_right else 'WRONG'} {label}: {outcome}")
    return 0 if all(is_right for *_, is_right in rows) else 1


if __name__ == "__main__":
    sys.exit(main())

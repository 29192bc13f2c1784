"""
Prove that ClamAV's own daemon is understood: `python -m tests.drills.antivirus`.

clamd (Debian: clamav-daemon) is started in a folder of its own with one signature, that of the
harmless test file EICAR. A clean file has to pass, the test file and a document around it have to
be found, a stopped daemon has to refuse, and what the daemon does not read has to be refused
whatever it answers: beyond MaxFileSize it says OK.
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
StreamMaxLength {stream}M
MaxFileSize 25M
"""
LIMIT = 26 * 1024**2  # bytes: beyond MaxFileSize


@contextmanager
def clamd(folder: Path, eicar: bytes, stream: int, *more: str) -> Iterator[str]:
    """Run the daemon with StreamMaxLength `stream` megabytes and `more` lines of configuration."""
    program = shutil.which("clamd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        sys.exit("clamd がありません（Debian なら apt-get install clamav-daemon）。")
    (folder / "signatures").mkdir(parents=True)
    signature = f"Eicar-Test-Signature:0:*:{eicar.hex()}\n"
    (folder / "signatures" / "test.ndb").write_text(signature)
    configuration = folder / "clamd.conf"
    lines = CONFIGURATION.format(folder=folder, stream=stream) + "\n".join(more)
    configuration.write_text(f"{lines}\n")
    daemon = subprocess.Popen([program, "--config-file", configuration], stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + PATIENCE
        while not (folder / "clamd.ctl").exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        yield f"unix:{folder}/clamd.ctl"
    finally:
        daemon.terminate()
        daemon.wait()


def outcome_of(content: bytes, expected: str) -> tuple[str, bool]:
    """Return what the site does with a file of `content`, and whether it is `expected`."""
    from bureaus.uploads.antivirus import NotScannedWhole, ScannerUnavailable, virus_in

    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        try:
            virus = virus_in(Path(file.name))
        except (NotScannedWhole, ScannerUnavailable) as error:
            return f"refused: {error or type(error).__name__}", expected == "refused"
    outcome = "found" if virus else "clean"
    return virus or outcome, expected == outcome


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    from django.test import override_settings

    from tests.uploads.test_antivirus import CSV, VIRUS

    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with clamd(folder / "a", VIRUS, 60) as address, override_settings(CLAMD=address):
            for label, content, expected in (
                ("a clean file", CSV, "clean"),
                ("20 MB of zeros", bytes(20 * 1024**2), "clean"),
                ("EICAR", VIRUS, "found"),
                ("EICAR in a table", CSV + VIRUS, "found"),
                ("EICAR beyond MaxFileSize, which clamd calls OK", VIRUS + bytes(LIMIT), "refused"),
            ):
                rows.append((label, *outcome_of(content, expected)))
        alert = "AlertExceedsMax yes"
        with (
            clamd(folder / "b", VIRUS, 60, alert) as address,
            override_settings(CLAMD=address, CLAMD_MEGABYTES=60),
        ):
            content = VIRUS + bytes(LIMIT)
            rows.append(("the same with AlertExceedsMax", *outcome_of(content, "refused")))
        with (
            clamd(folder / "c", VIRUS, 1) as address,
            override_settings(CLAMD=address),
        ):
            content = bytes(2 * 1024**2)
            rows.append(("2 MB beyond StreamMaxLength", *outcome_of(content, "refused")))
        with override_settings(CLAMD=address):
            rows.append(("a stopped daemon", *outcome_of(CSV, "refused")))
    for label, outcome, is_right in rows:
        print(f"{'ok  ' if is_right else 'WRONG'} {label}: {outcome}")
    return 0 if all(is_right for *_, is_right in rows) else 1


if __name__ == "__main__":
    sys.exit(main())

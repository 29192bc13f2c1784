"""The virus scanner: its protocol against a daemon that speaks it, and what officers read."""

import io
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile

from bureaus.models import Document
from bureaus.uploads.intake import accept_document
from bureaus.uploads.invalid_upload import InvalidUpload
from tests.helpers.cast import Site, client_of

CSV = "区分,件数\n受付,12\n".encode()
VIRUS = b"X5O!P%@AP" + b"[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@contextmanager
def daemon(folder: Path, answer: bytes = b"") -> Iterator[str]:
    """Serve INSTREAM: the virus is found by its content; `answer` replaces every answer."""
    path = folder / "clamd.ctl"
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    listener.listen()

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as sent:
                assert sent.read(10) == b"zINSTREAM\0"
                content = b""
                while size := struct.unpack("!L", sent.read(4))[0]:
                    content += sent.read(size)
                found = b"stream: Eicar-Test-Signature FOUND" if VIRUS in content else b"stream: OK"
                connection.sendall((answer or found) + b"\0")

    Thread(target=serve, daemon=True).start()
    try:
        yield f"unix:{path}"
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def refusal(content: bytes) -> str:
    with pytest.raises(InvalidUpload) as caught, accept_document(io.BytesIO(content), "表.csv"):
        pass
    return caught.value.sentence("表.csv")


def test_a_clean_file_is_accepted_and_an_infected_one_refused_by_the_name_of_its_virus(
    tmp_path: Path, settings: LazySettings
) -> None:
    with daemon(tmp_path) as settings.CLAMD:
        with accept_document(io.BytesIO(CSV), "表.csv") as document:
            assert document.name == "表.csv"
        assert "ウイルス（Eicar-Test-Signature）が見つかった" in refusal(CSV + VIRUS)


@pytest.mark.parametrize(
    "address", ["unix:/nowhere/clamd.ctl", "tcp://127.0.0.1:9"], ids=["socket", "host"]
)
def test_without_the_daemon_every_file_is_refused_with_what_to_do(
    settings: LazySettings, address: str
) -> None:
    settings.CLAMD = address
    assert "ウイルスの検査ができないため" in refusal(CSV)
    assert "運用の担当者に連絡してください" in refusal(CSV)


def test_nor_is_a_file_accepted_after_an_error_or_no_answer_in_time(
    tmp_path: Path, settings: LazySettings
) -> None:
    with daemon(tmp_path, b"INSTREAM size limit exceeded. ERROR") as settings.CLAMD:
        assert "ウイルスの検査ができないため" in refusal(CSV)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.CLAMD = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        settings.CLAMD_SECONDS = 0.2
        assert "ウイルスの検査ができないため" in refusal(CSV)


def test_a_batch_waits_once_for_a_daemon_that_hangs(settings: LazySettings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.CLAMD = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        settings.CLAMD_SECONDS = 2
        began = time.monotonic()
        for _ in range(5):
            assert "ウイルスの検査ができないため" in refusal(CSV)
        assert time.monotonic() - began < 4


def test_what_the_daemon_has_not_read_whole_is_not_clean(
    tmp_path: Path, settings: LazySettings
) -> None:
    with daemon(
        tmp_path, b"stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND"
    ) as settings.CLAMD:
        assert "読める大きさを超えている" in refusal(CSV)
    (tmp_path / "clamd.ctl").unlink()
    with daemon(tmp_path) as settings.CLAMD:
        settings.CLAMD_MEGABYTES = 1
        assert "読める大きさを超えている" in refusal(CSV * 50_000)


@pytest.mark.one_database
@pytest.mark.django_db
def test_an_officer_reads_the_sentence_and_the_security_log_has_the_virus(
    site: Site,
    writer: User,
    media: Path,
    settings: LazySettings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with daemon(media.parent) as settings.CLAMD:
        sent = {"files": [SimpleUploadedFile("表.csv", CSV + VIRUS)]}
        page = client_of(writer).post("/admin/bureaus/document/upload/", sent, follow=True)
    assert page.status_code < 500
    assert "ウイルス（Eicar-Test-Signature）が見つかった" in page.content.decode()
    assert not Document.objects.exists()
    assert 'event="upload" result="refused" account="鈴木"' in caplog.text

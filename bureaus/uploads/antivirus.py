"""
The scanner of viruses: ClamAV's daemon, where CLAMD names its socket.

clamd's own protocol, INSTREAM: the file in pieces with their lengths, a piece of none, and one
line as the answer. Without an answer the file is refused: what was not scanned is not published.
"""

import logging
import socket
import struct
import time
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from bureaus.security.log import SecurityEvent, record_event
from bureaus.uploads.invalid_upload import InvalidUpload

logger = logging.getLogger(__name__)
CHUNK = 64 * 1024
ANSWER_BYTES = 4096
CLEAN, FOUND = "stream: OK", " FOUND"
# With AlertExceedsMax: what was within a limit was read, and the rest was not.
LIMITS = "Heuristics.Limits.Exceeded"
MEGABYTE = 1024 * 1024
_hanging: dict[str, float] = {}  # until when a daemon that did not answer is not asked again
NOT_SCANNED = InvalidUpload(
    "not_scanned",
    "を、ウイルスの検査ができないため、受け付けられませんでした。しばらくたってから、もう一度登録して"
    "ください。続くときは、運用の担当者に連絡してください。",
)
TOO_LARGE = InvalidUpload(
    "not_scanned",
    "は、ウイルスの検査が読める大きさを超えているため、受け付けられませんでした。ファイルを分けるか、"
    "小さくして登録してください。できないときは、運用の担当者に連絡してください。",
)


class ScannerUnavailable(Exception):
    """The daemon cannot be reached, does not answer in time, or answers with an error."""


class NotScannedWhole(Exception):
    """The file is beyond a limit of the daemon, which calls what it has not read clean."""


def refuse_virus(source: Path) -> None:
    """Raise InvalidUpload for an infected file, and for any file that was not scanned."""
    if not settings.CLAMD:
        return
    try:
        name = virus_in(source)
    except NotScannedWhole as error:
        record_event(SecurityEvent.UPLOAD, refused=True, reason="not_scanned")
        raise TOO_LARGE from error
    except ScannerUnavailable as error:
        logger.exception("ウイルスの検査（CLAMD）ができません。clamd を確かめてください。")
        record_event(SecurityEvent.UPLOAD, refused=True, reason="not_scanned")
        raise NOT_SCANNED from error
    if name:
        record_event(SecurityEvent.UPLOAD, refused=True, reason="virus", virus=name)
        raise InvalidUpload(
            "virus",
            f"から、ウイルス（{name}）が見つかったため、受け付けられませんでした。"
            "このファイルを開かずに、情報セキュリティの担当者に連絡してください。",
        )


def virus_in(source: Path) -> str:
    """
    Return the name of the virus in the file, or an empty text.

    Raises ScannerUnavailable, and NotScannedWhole.
    """
    if source.stat().st_size > settings.CLAMD_MEGABYTES * MEGABYTE:
        raise NotScannedWhole
    answer = answer_about(source)
    if answer == CLEAN:
        return ""
    if not answer.endswith(FOUND):
        raise ScannerUnavailable(answer)  # an error, such as a file over StreamMaxLength
    name = answer.partition(": ")[2].removesuffix(FOUND)
    if name.startswith(LIMITS):
        raise NotScannedWhole
    return name


def answer_about(source: Path) -> str:
    """
    Return the daemon's answer. Raises ScannerUnavailable.

    One that has not answered is not asked again for as long as it was waited for: the other files
    of the request are refused at once.
    """
    address, seconds = settings.CLAMD, settings.CLAMD_SECONDS
    if time.monotonic() < _hanging.get(address, 0):
        raise ScannerUnavailable("no answer to the file before")
    try:
        with connect(address) as daemon:
            return scan(daemon, source)
    except OSError as error:
        if isinstance(error, TimeoutError):
            _hanging[address] = time.monotonic() + seconds
        raise ScannerUnavailable(str(error)) from error


def connect(address: str) -> socket.socket:
    """Return a connection to unix:/path or tcp://host:port, with the time limit of one step."""
    parts = urlsplit(address)
    if parts.scheme == "tcp":
        return socket.create_connection((parts.hostname, parts.port), settings.CLAMD_SECONDS)
    daemon = socket.socket(socket.AF_UNIX)
    daemon.settimeout(settings.CLAMD_SECONDS)
    try:
        daemon.connect(parts.path)
    except OSError:
        daemon.close()
        raise
    return daemon


def scan(daemon: socket.socket, source: Path) -> str:
    """Send the file, and return the answer without its end."""
    daemon.sendall(b"zINSTREAM\0")
    try:
        with source.open("rb") as stream:
            while chunk := stream.read(CHUNK):
                daemon.sendall(struct.pack("!L", len(chunk)) + chunk)
        daemon.sendall(struct.pack("!L", 0))
    except (BrokenPipeError, ConnectionResetError):
        pass  # it has answered already, and reads no further
    answer = b""
    while not answer.endswith(b"\0") and (part := daemon.recv(ANSWER_BYTES)):
        answer += part
    return answer.rstrip(b"\0\n").decode(errors="replace").strip()

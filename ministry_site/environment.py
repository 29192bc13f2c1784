"""Reads one setting from the environment, or says in a sentence why it cannot."""

import os
import re
import secrets
import tempfile
import warnings
from collections.abc import Callable
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

Value = TypeVar("Value")
# What RFC 9116 takes for a contact: on the web, it must be https.
CONTACT = re.compile(r"(?:https://|mailto:|tel:)[!-~]+")
LAST_YEAR = 2999
KEY_LENGTH = 32  # characters of a SECRET_KEY
PASSWORD = re.compile(r"(//[^/:@]*:)[^@]*@")
HOST = re.compile(r"\*|\.?[a-z0-9_][a-z0-9_.-]*|\[[0-9a-f:.]+\]", re.ASCII | re.IGNORECASE)
BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
S3_PACKAGES = ("storages", "boto3")  # requirements-s3.txt
ENGINES = {"django.db.backends.sqlite3", "django.db.backends.postgresql"}


class MissingLibrary(ImproperlyConfigured):
    """The value is right, and what it needs is not installed."""


def read(name: str, default: Value, *, parse: Callable[[str], Value], expected: str) -> Value:
    """
    Return the environment variable `name` parsed, or `default` where it is unset or empty.

    Raises ImproperlyConfigured with the name, the value and what was expected.
    """
    text = os.environ.get(name, "").strip()
    if not text:
        return default
    try:
        return parse(text)
    except MissingLibrary:
        raise
    except Exception as error:
        raise ImproperlyConfigured(wrong(name, text, expected)) from error


def wrong(name: str, text: str, expected: str) -> str:
    shown = without_secrets(name, text)
    return (
        f"環境変数 {name} の値「{shown}」は使えません。{expected}を指定するか、"
        f"{name} を消して既定値で起動してください。"
    )


def without_secrets(name: str, text: str) -> str:
    """What may stand in a log: of a key the length, of an address no password."""
    if name == "SECRET_KEY":
        return f"（表示しません。{len(text)}文字）"
    return PASSWORD.sub(r"\1…@", text)


def switch(text: str) -> bool:
    return {"on": True, "true": True, "1": True, "off": False, "false": False, "0": False}[
        text.lower()
    ]


def whole(least: int, most: int) -> Callable[[str], int]:
    """What parses a whole number between these two, which may be meant too."""

    def parse(text: str) -> int:
        number = int(text)
        if not least <= number <= most:
            raise ValueError(text)
        return number

    return parse


def words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def hosts(text: str) -> list[str]:
    """Names as ALLOWED_HOSTS takes them: without a scheme, a port or a path."""
    names = words(text)
    if not names or not all(HOST.fullmatch(name) for name in names):
        raise ValueError(text)
    return names


def key(text: str) -> str:
    if len(text) < KEY_LENGTH:
        raise ValueError
    return text


def own_memory(text: str) -> dict[str, Any]:
    """The one cache there is: nothing in the site shares one, so that none is asked for."""
    if text != "locmemcache://":
        raise ValueError(text)
    return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}


def origin(text: str) -> str:
    """https://www.example.go.jp, without a path and without a slash at its end."""
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or text != f"{parts.scheme}://{parts.netloc}":
        raise ValueError(text)
    if not parts.hostname or "@" in parts.netloc:
        raise ValueError(text)
    return text


def contact(text: str) -> str:
    if not CONTACT.fullmatch(text):
        raise ValueError(text)
    return text


def day(text: str) -> date:
    if not DAY.fullmatch(text):
        raise ValueError(text)
    found = date.fromisoformat(text)
    if found.year > LAST_YEAR:  # a calendar's last days overflow in some places of the earth
        raise ValueError(text)
    return found


def database(text: str) -> dict[str, Any]:
    """Django's form of a `DATABASE_URL`. Raises ValueError for any but SQLite and PostgreSQL."""
    with warnings.catch_warnings(action="ignore"):
        config: dict[str, Any] = environ.Env.db_url_config(text)
    if config.get("ENGINE") not in ENGINES:
        raise ValueError(text)
    return config


def bucket(text: str, *, seconds: int = 5) -> dict[str, Any]:
    """
    Django's form of `s3://bucket/folder?endpoint=https://…&region=…`, all but the bucket optional.

    The storage has so many seconds to accept a connection, and again for each answer. The keys are
    not here: boto3 reads AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or asks the machine. Raises
    ValueError and MissingLibrary.
    """
    if missing := [name for name in S3_PACKAGES if find_spec(name) is None]:
        raise MissingLibrary(
            f"環境変数 MEDIA_STORAGE の値「{text}」には {'、'.join(missing)} が必要ですが、"
            "入っていません。「.venv/bin/python -m pip install -r requirements-s3.txt」を"
            "実行してください。"
        )
    parts = urlsplit(text)
    asked = parse_qs(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
    if parts.scheme != "s3" or not BUCKET.fullmatch(parts.netloc):
        raise ValueError(text)
    if asked.keys() - {"endpoint", "region"} or any(len(each) > 1 for each in asked.values()):
        raise ValueError(text)
    endpoint = asked.get("endpoint", [""])[0]
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": parts.netloc,
            "location": parts.path.strip("/"),
            "endpoint_url": origin(endpoint) if endpoint else None,
            "region_name": asked.get("region", [None])[0],
            "file_overwrite": False,
            "default_acl": None,  # as private as the bucket: the site alone hands files out
            "querystring_auth": False,
            "client_config": client_config(seconds),
        },
    }


def client_config(seconds: int) -> Any:
    """Tried twice: a connection that was kept open may have been closed by the other side."""
    from botocore.config import Config  # of use where the media are on S3 only

    return Config(
        connect_timeout=seconds,
        read_timeout=seconds,
        retries={"mode": "standard", "total_max_attempts": 2},
        signature_version="s3v4",
    )


def folder(name: str, default: Path) -> Path:
    """
    The folder that the variable `name` names, or `default`; made where there is none.

    Raises ImproperlyConfigured where it cannot be written to.
    """
    path = Path(os.environ.get(name, "").strip() or default).resolve()
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path):
            return path
    except OSError as error:
        raise ImproperlyConfigured(wrong(name, str(path), "書き込めるフォルダーの場所")) from error


def secret_key(folder: Path) -> str:
    """
    Return the key kept in `folder`, made there at the first start.

    Written under a name of its own and linked into place, so that workers which start at the
    same moment agree on one key, and a killed start leaves no half of one.
    """
    kept = folder / "secret_key"
    if not kept.exists():
        mine = folder / f"secret_key.{secrets.token_hex(8)}"
        mine.touch(mode=0o600)
        mine.write_text(secrets.token_urlsafe(50))
        try:
            os.link(mine, kept)
        except FileExistsError:
            pass
        finally:
            mine.unlink()
    text = kept.read_text().strip()
    if len(text) < KEY_LENGTH:
        raise ImproperlyConfigured(
            f"{kept} にある秘密鍵は、{len(text)}文字しかありません。このファイルを消してから"
            "起動すると、新しい鍵を作ります（全員のログインが終わります）。"
        )
    return text

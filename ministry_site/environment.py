"""Readers of settings from the environment, which refuse a wrong value with name and remedy."""

import errno
import os
import re
import secrets
import tempfile
import warnings
from collections.abc import Callable
from datetime import date
from importlib.util import find_spec
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

Value = TypeVar("Value")
Network = IPv4Network | IPv6Network
# A contact by RFC 9116: an address on the web has to be https.
CONTACT = re.compile(r"(?:https://|mailto:|tel:)[!-~]+")
REVIEWED_KINDS, MOST_DAYS = ("organisation", "page", "policy_section"), 3650
LAST_YEAR = 2999
KEY_LENGTH = 32  # characters of a SECRET_KEY
# Up to the last "@", since a password that nobody has escaped may contain one.
PASSWORD = re.compile(r"(//(?:[^/:@]*:)?).*@", re.DOTALL)
HOST = re.compile(r"\*|\.?[a-z0-9_][a-z0-9_.-]*|\[[0-9a-f:.]+\]", re.ASCII | re.IGNORECASE)
BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
S3_PACKAGES = ("storages", "boto3")  # requirements-s3.txt
TRIAL_BYTES = 1024  # more than the secret key takes
FULL = (
    "{name} の「{path}」があるディスクに空きがありません。不要なファイルを消すか、"
    "空きのある場所を {name} に指定して、もう一度起動してください。"
)
# They may be in a file that NAME_FILE names, as container managers hand secrets over.
SECRETS = {
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "CACHE_URL",
    "DATABASE_URL",
    "EMAIL_URL",
    "SECRET_KEY",
    "SECRET_KEY_FALLBACKS",
    "SENTRY_DSN",
}
HIDDEN = SECRETS - {"CACHE_URL", "DATABASE_URL", "EMAIL_URL"}  # as a whole
ENGINES = {"django.db.backends.sqlite3", "django.db.backends.postgresql"}


class MissingLibrary(ImproperlyConfigured):
    """The value is valid, but a library that it needs is not installed."""


def read(name: str, default: Value, *, parse: Callable[[str], Value], expected: str) -> Value:
    """
    Return the environment variable `name` parsed, or `default` where it is unset or empty.

    Raises ImproperlyConfigured with the name, the value and what was expected.
    """
    text = text_of(name)
    if not text:
        return default
    try:
        return parse(text)
    except MissingLibrary:
        raise
    except Exception:  # noqa: BLE001 - a cause, or its text, may hold the secret
        raise ImproperlyConfigured(wrong(name, text, expected)) from None


def text_of(name: str) -> str:
    """Return the variable `name`, of a secret also the content of the file in `name`_FILE."""
    text = os.environ.get(name, "").strip()
    file = os.environ.get(f"{name}_FILE", "").strip()
    if name not in SECRETS or not file:
        return text
    if text:
        raise ImproperlyConfigured(
            f"環境変数 {name} と {name}_FILE の両方に値があります。どちらかを消してください。"
        )
    return content_of(f"{name}_FILE", file)


def content_of(name: str, file: str) -> str:
    """Return the content of `file`. An empty one is no default: the secret has yet to be there."""
    try:
        content = Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise ImproperlyConfigured(wrong(name, file, "読めるファイルの場所")) from None
    if not content:
        raise ImproperlyConfigured(
            f"環境変数 {name} のファイル「{file}」は空です。その値を書くか、"
            f"{name} を消して既定値で起動してください。"
        )
    return content


def wrong(name: str, text: str, expected: str) -> str:
    return (
        f"環境変数 {name} の値「{without_secrets(name, text)}」は使えません。"
        f"{expected}を指定するか、{name} を消して既定値で起動してください。"
    )


def without_secrets(name: str, text: str) -> str:
    """Return `text` as a log may hold it: the length of a key, an address without its password."""
    if name in HIDDEN:
        return f"（表示しません。{len(text)}文字）"
    return PASSWORD.sub(r"\1…@", text)


def flag(name: str, *, default: bool) -> bool:
    return read(name, default, parse=switch, expected="on か off ")


def switch(text: str) -> bool:
    """Return what `text` switches. django-environ's bool takes an unknown word for off."""
    return {"on": True, "true": True, "1": True, "off": False, "false": False, "0": False}[
        text.lower()
    ]


def number(name: str, default: int, least: int, most: int) -> int:
    """Return the whole number in the variable `name`, from `least` to `most` inclusive."""

    def parse(text: str) -> int:
        value = int(text)
        if not least <= value <= most:
            raise ValueError(text)
        return value

    return read(name, default, parse=parse, expected=f"{least} から {most} までの数")


def review_days(text: str) -> dict[str, int]:
    """Return the days of each kind of `organisation=182,page=365`, or one number for all."""
    days = dict.fromkeys(REVIEWED_KINDS, 365)
    if text.isdecimal():
        days = dict.fromkeys(REVIEWED_KINDS, int(text))
    else:
        days |= {kind: int(value) for kind, value in (each.split("=") for each in text.split(","))}
    if days.keys() != set(REVIEWED_KINDS) or not all(
        0 <= each <= MOST_DAYS for each in days.values()
    ):
        raise ValueError(text)
    return days


def hosts(text: str) -> list[str]:
    """Return names as ALLOWED_HOSTS takes them: without a scheme, a port or a path."""
    names = [*filter(None, environ.Env.parse_value(text, [str.strip]))]
    if not names or not all(HOST.fullmatch(name) for name in names):
        raise ValueError(text)
    return names


def key(text: str) -> str:
    if len(text) < KEY_LENGTH:
        raise ValueError
    return text


def keys(text: str) -> list[str]:
    """Return former keys, separated by commas or lines."""
    return [key(each) for each in text.replace(",", " ").split()]


def networks(text: str) -> list[Network]:
    """Return addresses and networks, as 127.0.0.1 or 10.0.0.0/8, separated by commas."""
    return [ip_network(each.strip()) for each in text.split(",")]


def origin(text: str) -> str:
    """Return an origin such as https://www.example.go.jp, without a path or a final slash."""
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or text != f"{parts.scheme}://{parts.netloc}":
        raise ValueError(text)
    if not parts.hostname or "@" in parts.netloc:
        raise ValueError(text)
    return text


def origin_beside(names: list[str]) -> Callable[[str], str]:
    """Return a parser of an origin whose host is none of `names`, the hosts of the site."""

    def parse(text: str) -> str:
        host = (urlsplit(text).hostname or "").rstrip(".")
        if host in {name.lower().strip(".") for name in names}:
            raise ValueError(text)
        return origin(text)

    return parse


def range_service(text: str) -> str:
    """Return the address to which the first digits of a hash are added: https, or this machine."""
    parts = urlsplit(text)
    is_here = parts.scheme == "http" and parts.hostname == "127.0.0.1"
    if not (is_here or parts.scheme == "https") or not parts.hostname or not text.endswith("/"):
        raise ValueError(text)
    return text


def scanner(text: str) -> str:
    """Return the address of a virus scanner, unix:/path or tcp://host:port."""
    parts = urlsplit(text)
    is_file = parts.scheme == "unix" and not parts.netloc and parts.path.startswith("/")
    is_host = parts.scheme == "tcp" and parts.hostname and parts.port and not parts.path
    if not (is_file or is_host):
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
    if found.year > LAST_YEAR:  # the last days of the calendar overflow in some time zones
        raise ValueError(text)
    return found


def database(text: str) -> dict[str, Any]:
    """Return Django's form of a `DATABASE_URL`. Raises ValueError for other databases."""
    with warnings.catch_warnings(action="ignore"):
        config: dict[str, Any] = environ.Env.db_url_config(text)
    if config.get("ENGINE") not in ENGINES:
        raise ValueError(text)
    return config


def bucket(text: str, *, seconds: int = 5) -> dict[str, Any]:
    """
    Return Django's form of `s3://bucket/folder?endpoint=https://…&region=…`.

    Everything but the bucket is optional. The storage has `seconds` to accept a connection, and
    `seconds` for each answer. Without AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY
    boto3 asks the machine for keys. Raises ValueError and MissingLibrary.
    """
    if missing := [name for name in S3_PACKAGES if find_spec(name) is None]:
        raise MissingLibrary(
            f"環境変数 MEDIA_STORAGE の値「{without_secrets('MEDIA_STORAGE', text)}」には "
            f"{'、'.join(missing)} が必要ですが、入っていません。"
            "「.venv/bin/python -m pip install -r requirements-s3.txt」を実行してください。"
        )
    parts = urlsplit(text)
    options = parse_qs(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
    if parts.scheme != "s3" or not BUCKET.fullmatch(parts.netloc):
        raise ValueError(text)
    if options.keys() - {"endpoint", "region"} or any(len(each) > 1 for each in options.values()):
        raise ValueError(text)
    endpoint = options.get("endpoint", [""])[0]
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "access_key": text_of("AWS_ACCESS_KEY_ID") or None,
            "secret_key": text_of("AWS_SECRET_ACCESS_KEY") or None,
            "bucket_name": parts.netloc,
            "location": parts.path.strip("/"),
            "endpoint_url": origin(endpoint) if endpoint else None,
            "region_name": options.get("region", [None])[0],
            "file_overwrite": False,
            "default_acl": None,  # as private as the bucket: only the site serves files
            "querystring_auth": False,
            "client_config": client_config(seconds),
        },
    }


def client_config(seconds: int) -> Any:
    """Return a client that tries twice: the server may have closed a connection kept open."""
    from botocore.config import Config  # installed only where the media are on S3

    return Config(
        connect_timeout=seconds,
        read_timeout=seconds,
        retries={"mode": "standard", "total_max_attempts": 2},
        signature_version="s3v4",
    )


def folder(name: str, default: Path) -> Path:
    """
    Return the folder in the variable `name`, or `default`, and create it where it is missing.

    Raises ImproperlyConfigured where it is not writable, or has no space left.
    """
    path = Path(os.environ.get(name, "").strip() or default).resolve()
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path) as trial:
            trial.write(bytes(TRIAL_BYTES))
            return path
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise ImproperlyConfigured(FULL.format(name=name, path=path)) from error
        raise ImproperlyConfigured(wrong(name, str(path), "書き込めるフォルダーの場所")) from error


def secret_key(folder: Path) -> str:
    """
    Return the key stored in `folder`, which the first start creates.

    It is written to a temporary file and linked into place, so that workers that start at the
    same moment agree on one key, and a killed start leaves no truncated one.
    """
    stored = folder / "secret_key"
    if not stored.exists():
        temporary = folder / f"secret_key.{secrets.token_hex(8)}"
        temporary.touch(mode=0o600)
        temporary.write_text(secrets.token_urlsafe(50))
        try:
            os.link(temporary, stored)
        except FileExistsError:
            pass
        finally:
            temporary.unlink()
    text = stored.read_text().strip()
    if len(text) < KEY_LENGTH:
        raise ImproperlyConfigured(
            f"{stored} にある秘密鍵は、{len(text)}文字しかありません。このファイルを消してから"
            "起動すると、新しい鍵を作ります（全員のログインが終わります）。"
        )
    return text

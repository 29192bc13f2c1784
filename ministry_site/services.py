"""Settings of the services that an operator may add: a cache, mail, a Sentry."""

from email.utils import parseaddr
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

import environ

from ministry_site.environment import MissingLibrary, without_secrets

OWN_MEMORY = {
    "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
    "OPTIONS": {"MAX_ENTRIES": 10_000},  # a client's count is one of them
}
MAIL_PORTS = {"smtp": 25, "smtp+tls": 587, "smtp+ssl": 465}
CONSOLE = "consolemail"
NO_MAIL = {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}


def cache(text: str) -> dict[str, Any]:
    """Return Django's form of `redis://:password@host:6379/0`. Raises ValueError."""
    parts = urlsplit(text)
    if text == "locmemcache://":
        return OWN_MEMORY
    number = parts.path.strip("/") or "0"
    if parts.scheme not in {"redis", "rediss"} or not parts.hostname or not number.isdecimal():
        raise ValueError(text)
    location = f"{parts.scheme}://{parts.netloc}/{number}"
    return {"BACKEND": "ministry_site.caches.RedisCache", "LOCATION": location}


def mail(text: str) -> dict[str, Any]:
    """Return the settings of `smtp+tls://user:password@host:587`. Raises ValueError."""
    parts = urlsplit(text)
    if parts.scheme == CONSOLE:
        return NO_MAIL
    if parts.scheme not in MAIL_PORTS or not parts.hostname or parts.path.strip("/"):
        raise ValueError(text)
    found: dict[str, Any] = environ.Env.email_url_config(text)
    found["EMAIL_PORT"] = found["EMAIL_PORT"] or MAIL_PORTS[parts.scheme]
    return {name: value for name, value in found.items() if value and name.startswith("EMAIL_")}


def mail_address(text: str) -> str:
    """Return `text`, an address with or without a name. Raises ValueError."""
    if "@" not in parseaddr(text)[1]:
        raise ValueError(text)
    return text


def sentry_dsn(text: str) -> str:
    """Return `text`, if it is a DSN. Raises ValueError and MissingLibrary."""
    if find_spec("sentry_sdk") is None:
        raise MissingLibrary(
            f"環境変数 SENTRY_DSN の値「{without_secrets('SENTRY_DSN', text)}」には sentry_sdk が"
            "必要ですが、入っていません。"
            "「.venv/bin/python -m pip install -r requirements-sentry.txt」を実行してください。"
        )
    from sentry_sdk.utils import BadDsn, Dsn

    try:
        Dsn(text)
    except BadDsn as error:
        raise ValueError from error
    return text


def send_errors_to(dsn: str) -> None:
    """Send errors to a Sentry: without bodies, cookies, local variables, accounts and tokens."""
    import sentry_sdk

    sentry_sdk.init(
        dsn,
        before_send=without_query_and_token,
        include_local_variables=False,
        max_request_body_size="never",
        send_default_pii=False,
        traces_sample_rate=0.0,
    )


def without_query_and_token(event: Any, _hint: dict[str, Any]) -> Any:
    from ministry_site.request_records import shown

    if request := event.get("request"):
        request["url"] = shown(request.get("url", ""))
        request["headers"] = {}
        request.pop("query_string", None)
        event["transaction"] = shown(event.get("transaction") or "")
    return event

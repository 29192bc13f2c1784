"""The WSGI environ of an ASGI scope."""

import sys
from collections import defaultdict
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes

Environ = dict[str, Any]
BARE = {b"content-length": "CONTENT_LENGTH", b"content-type": "CONTENT_TYPE"}


def environ_of(scope: dict[str, Any]) -> Environ:
    """Return the environ of PEP 3333; its body is empty until it has been received."""
    host, port = scope.get("server") or ("localhost", 80)
    client = scope.get("client") or ("", 0)
    return {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "REMOTE_ADDR": client[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        **headers_of(scope["headers"]),
    }


def headers_of(pairs: list[tuple[bytes, bytes]]) -> dict[str, str]:
    """
    Return the headers by their CGI names; repeated ones are joined.

    A header with an underscore in its name is dropped: its CGI name would be that of another.
    """
    values = defaultdict(list)
    for name, value in pairs:
        if b"_" not in name:
            values[name.lower()].append(value.decode("latin-1"))
    return {cgi_name(name): separator(name).join(found) for name, found in values.items()}


def cgi_name(name: bytes) -> str:
    return BARE.get(name) or "HTTP_" + name.decode("latin-1").upper().replace("-", "_")


def separator(name: bytes) -> str:
    """HTTP/2 may send the cookies one by one."""
    return "; " if name == b"cookie" else ","

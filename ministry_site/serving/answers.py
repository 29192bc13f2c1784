"""Running the WSGI application in a thread, and sending its answer from the event loop."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ministry_site.serving.environ import Environ
from ministry_site.serving.peers import Peer
from ministry_site.serving.pools import Pool

Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
PIECE = 64 * 1024  # bytes read from a file at once


@dataclass(slots=True)
class Answer:
    """An answer of the application: `body` is all of it, or the first piece before `rest`."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes
    rest: "Pieces | None" = None


class Pieces:
    """A streamed body, in pieces large enough to be worth a change of threads."""

    def __init__(self, result: Iterable[bytes]) -> None:
        self.result = result
        self.chunks: Iterator[bytes] = iter(result)

    def next(self) -> bytes:
        """Return the next piece, empty at the end."""
        piece = bytearray()
        for chunk in self.chunks:
            piece += chunk
            if len(piece) >= PIECE:
                break
        return bytes(piece)

    def close(self) -> None:
        if close := getattr(self.result, "close", None):
            close()


def run(application: Application, environ: Environ) -> Answer:
    """Call the application and return its whole answer, or the first piece of a stream."""
    with environ["ministry.record"].active():
        return call(application, environ)


def call(application: Application, environ: Environ) -> Answer:
    started: list[tuple[str, list[tuple[str, str]]]] = []
    result = application(environ, lambda *line: started.append(line[:2]))
    pieces = Pieces(result)
    is_whole = not getattr(result, "streaming", True)
    try:
        body = b"".join(result) if is_whole else pieces.next()
    except BaseException:
        pieces.close()
        raise
    status, headers = started[-1]
    encoded = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers]
    answer = Answer(int(status.split()[0]), encoded, body)
    if is_whole or environ["REQUEST_METHOD"] == "HEAD":
        pieces.close()
    else:
        answer.rest = pieces
    return answer


async def send_answer(answer: Answer, pool: Pool, peer: Peer) -> None:
    """Send the whole answer. Raises Disconnected where the peer has gone or is too slow."""
    start = {"type": "http.response.start", "status": answer.status, "headers": answer.headers}
    await peer.send(start)
    if answer.rest is None:
        await peer.send({"type": "http.response.body", "body": answer.body})
        return
    departure = asyncio.ensure_future(peer.disconnect())
    try:
        piece = answer.body
        while piece and not departure.done():
            await peer.send({"type": "http.response.body", "body": piece, "more_body": True})
            piece = await pool.resume(answer.rest.next)
        await peer.send({"type": "http.response.body", "body": b""})
    finally:
        departure.cancel()
        answer.rest.close()

"""Runs the WSGI application in a thread, and sends its answer from the event loop."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ministry_site.serving.environ import Environ
from ministry_site.serving.peers import Peer
from ministry_site.serving.pools import Pool

Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
PIECE = 64 * 1024  # bytes that are read of a file at once


@dataclass(slots=True)
class Answer:
    """What the application answered: all of it in `body`, or the first piece and the rest."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes
    rest: "Pieces | None" = None


class Pieces:
    """What is streamed, in pieces worth a change of threads."""

    def __init__(self, result: Iterable[bytes]) -> None:
        self.result = result
        self.chunks: Iterator[bytes] = iter(result)

    def next(self) -> bytes:
        """Return the next piece, or nothing at the end."""
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
    """Call the application; take all that it answers, or the first piece of what it streams."""
    started: list[tuple[str, list[tuple[str, str]]]] = []
    result = application(environ, lambda *words: started.append(words[:2]))
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
    """Send it all. Raises Disconnected where nobody takes it."""
    start = {"type": "http.response.start", "status": answer.status, "headers": answer.headers}
    await peer.send(start)
    if answer.rest is None:
        await peer.send({"type": "http.response.body", "body": answer.body})
        return
    leaving = asyncio.ensure_future(peer.disconnect())
    try:
        piece = answer.body
        while piece and not leaving.done():
            await peer.send({"type": "http.response.body", "body": piece, "more_body": True})
            piece = await pool.go_on(answer.rest.next)
        await peer.send({"type": "http.response.body", "body": b""})
    finally:
        leaving.cancel()
        answer.rest.close()

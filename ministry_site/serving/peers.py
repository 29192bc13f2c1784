"""The other side of a connection, with time limits for what it sends and receives."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, Any

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
IN_MEMORY = 64 * 1024  # bytes of a body; a larger one is spooled to a file


class TooSlow(Exception):
    """The body arrived more slowly than the limit."""


class Disconnected(Exception):
    """The peer has gone, or does not read the answer."""


@dataclass(frozen=True, slots=True)
class Peer:
    """
    The sender of a request and receiver of its answer.

    A body may take `seconds`, and one second more for each `rate` bytes received. A piece of an
    answer may take `seconds` until there is room for the next.
    """

    receive: Receive
    send_message: Send
    seconds: float
    rate: float

    async def body(self, length: int) -> IO[bytes]:
        """Receive the body and rewind it. Raises TooSlow, Disconnected, or OSError of the disk."""
        body = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - its reader closes it
        begin = asyncio.get_running_loop().time()
        size, is_last = 0, False
        while size < length and not is_last:
            piece, is_last = await self.piece_until(begin + self.seconds + size / self.rate)
            size += body.write(piece)
        body.seek(0)
        return body

    async def piece_until(self, deadline: float) -> tuple[bytes, bool]:
        """Return the next piece, and whether it is the last. Raises TooSlow or Disconnected."""
        try:
            async with asyncio.timeout_at(deadline):
                message = await self.receive()
        except TimeoutError as error:
            raise TooSlow from error
        if message["type"] == "http.disconnect":
            raise Disconnected
        return message.get("body", b""), not message.get("more_body", False)

    async def send(self, message: Message) -> None:
        """Raises Disconnected where the connection has no room for the message in time."""
        try:
            async with asyncio.timeout(self.seconds):
                await self.send_message(message)
        except TimeoutError as error:
            raise Disconnected from error

    async def disconnect(self) -> None:
        """Return when the peer has gone; awaited while an answer is sent."""
        while (await self.receive())["type"] != "http.disconnect":
            pass

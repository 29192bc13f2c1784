"""The thread pools of a worker."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from ministry_site.serving.time_limits import TimeLimits, limit_this_thread

Result = TypeVar("Result")


class Busy(Exception):
    """No thread became free in time."""


class Pool:
    """At most `size` threads, each with its own database connection; started when needed."""

    def __init__(self, name: str, size: int, limits: TimeLimits, *, patience: float) -> None:
        self.name, self.patience = name, patience
        self.free = asyncio.Semaphore(size)
        self.threads = ThreadPoolExecutor(size, name, limit_this_thread, (limits,))

    async def begin(self, function: Callable[[], Result]) -> Result:
        """Return what `function` returns in a thread. Raises Busy if none is free in time."""
        try:
            async with asyncio.timeout(self.patience):
                await self.free.acquire()
        except TimeoutError as error:
            raise Busy from error
        return await self.run_and_release(function)

    async def resume(self, function: Callable[[], Result]) -> Result:
        """As `begin`, without a limit, for a request that has begun."""
        await self.free.acquire()
        return await self.run_and_release(function)

    async def run_and_release(self, function: Callable[[], Result]) -> Result:
        try:
            return await asyncio.get_running_loop().run_in_executor(self.threads, function)
        finally:
            self.free.release()

"""A Redis server on this machine, without a file of its own."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from tests.helpers.programs import needed
from tests.helpers.server import wait_until_it_listens


@contextmanager
def running_redis(port: int) -> Iterator["subprocess.Popen[bytes]"]:
    """Run Redis at `port`. Skip the test where the machine lacks it."""
    command = [needed("redis-server"), "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        wait_until_it_listens(process, port)
        yield process
    finally:
        process.kill()
        process.wait()

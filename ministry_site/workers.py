"""Set-up of a worker process of the server."""

import ctypes
import multiprocessing
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # from linux/prctl.h


def end_with_the_server() -> None:
    """
    Have the kernel kill this worker when the server that started it ends for any reason.

    granian's workers outlive a killed parent, keep the port and are not restarted. Does nothing
    outside of a worker, nor on systems other than Linux.
    """
    server = multiprocessing.parent_process()
    if server is None or sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != server.pid:  # it ended before the call
        os.kill(os.getpid(), signal.SIGKILL)

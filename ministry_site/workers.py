"""What a worker of the server needs beyond the application."""

import ctypes
import multiprocessing
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # from linux/prctl.h


def end_with_the_server() -> None:
    """
    Have the kernel kill this worker when the server that started it has gone, however it went.

    granian's workers outlive a killed parent and keep the port, and nobody starts them anew.
    Does nothing outside of a worker, and on other systems than Linux.
    """
    server = multiprocessing.parent_process()
    if server is None or sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != server.pid:  # it went before the kernel was asked
        os.kill(os.getpid(), signal.SIGKILL)

"""
The child process that opens uploads, with a limit of its own: it prints the most that it had.

To be started as a process that has just begun: what a process had stays in the figures of its
children.
"""

import sys
from pathlib import Path

from bureaus.uploads import sandbox_worker

if __name__ == "__main__":
    sandbox_worker.MEMORY = int(sys.argv[1])
    sandbox_worker.main(*sys.argv[2:])
    status = Path("/proc/self/status").read_text()
    sys.stderr.write("\n" + status.partition("VmHWM:")[2].split()[0])

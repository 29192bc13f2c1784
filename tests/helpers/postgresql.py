"""A PostgreSQL cluster for one run of the tests, as the user that PostgreSQL insists on."""

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path


def programs() -> Path | None:
    """The folder of initdb and pg_ctl, newest version first; None where there is none."""
    installed = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4])
    )
    if installed:
        return installed[-1].parent
    found = shutil.which("initdb")
    return Path(found).parent if found else None


class Cluster:
    def __init__(self, port: str) -> None:
        folder = programs()
        assert folder is not None, "ask programs() first"
        self.folder, self.port = folder, port
        self.home = Path(tempfile.mkdtemp(prefix="ministry-postgresql-"))
        if os.getuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(self.home, owner.pw_uid, owner.pw_gid)

    def start(self) -> None:
        data = str(self.home / "data")
        locale = ("--locale=C.UTF-8", "--encoding=UTF8")
        self.run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "--no-sync", *locale)
        options = (
            f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.home}"
            " -c max_connections=100 -c fsync=off -c synchronous_commit=off"
            " -c full_page_writes=off -c wal_level=minimal -c max_wal_senders=0"
        )
        self.run("pg_ctl", "-D", data, "-w", "-l", f"{self.home}/log", "-o", options, "start")

    def stop(self) -> None:
        self.run("pg_ctl", "-D", f"{self.home}/data", "-m", "immediate", "stop")
        shutil.rmtree(self.home)

    def processes(self) -> list[int]:
        """The server first: it starts no further ones while the others are stopped."""
        server = (self.home / "data" / "postmaster.pid").read_text().split()[0]
        children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
        return [int(pid) for pid in (server, *children)]

    def run(self, program: str, *arguments: str) -> None:
        command = [str(self.folder / program), *arguments]
        if os.getuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        subprocess.run(command, check=True, cwd=self.home, stdout=subprocess.DEVNULL)

"""A throw-away PostgreSQL cluster on 127.0.0.1: made in a temporary folder, gone with it.

May touch: a temporary folder and a free port of 127.0.0.1; one server process, which it ends.
"""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

SERVER_USER = "postgres"  # made by Debian's package; PostgreSQL refuses to run as root


class Cluster:
    """A running server; `new_database` makes an empty database and returns its SQLAlchemy URL."""

    def __init__(self, port: int) -> None:
        self.port = port

    def new_database(self) -> str:
        name = f"t{uuid.uuid4().hex[:12]}"
        with psycopg.connect(host="127.0.0.1", port=self.port, user="gongkai", dbname="postgres", autocommit=True) as c:
            c.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        return f"postgresql://gongkai@127.0.0.1:{self.port}/{name}"


@contextmanager
def running_cluster(kept: Path | None = None) -> Iterator[Cluster]:
    """Starts a cluster with the newest PostgreSQL that is installed, and ends it.

    `kept`: a folder that stays with what is in it, for benchmarks; the same cluster goes on in it the next time.
    """
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="gongkai-postgres-")) if kept is None else kept.resolve()
    folder.mkdir(exist_ok=True)
    user = SERVER_USER if os.geteuid() == 0 else None
    try:
        if user is not None:
            entry = pwd.getpwnam(user)
            os.chown(folder, entry.pw_uid, entry.pw_gid)
        data = folder / "data"
        # Loopback only, for the length of the tests, with invented data: trust is enough, and fsync is not needed.
        if not data.exists():
            made: list[str | Path] = [
                "-D",
                data,
                "-U",
                "gongkai",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C",
                "--no-sync",
            ]
            subprocess.run([programs / "initdb", *made], check=True, capture_output=True, user=user, cwd=folder)
        port = _free_port()
        options = f"-c listen_addresses=127.0.0.1 -p {port} -c unix_socket_directories={folder} -c fsync=off"
        options += " -c wal_level=minimal -c max_wal_senders=0"  # nobody follows it
        control = [str(programs / "pg_ctl"), "-D", str(data), "-w", "-t", "60"]
        # The server keeps the inherited streams open, so they must lead to a file and not to a pipe that is read.
        with (folder / "log").open("wb") as log:
            subprocess.run(
                [*control, "-o", options, "start"], check=True, stdout=log, stderr=log, user=user, cwd=folder
            )
        try:
            yield Cluster(port)
        finally:
            end = [*control, "-m", "immediate" if kept is None else "fast", "stop"]
            subprocess.run(end, check=True, capture_output=True, user=user, cwd=folder)
    finally:
        if kept is None:
            shutil.rmtree(folder)


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    if not found:
        raise RuntimeError("PostgreSQL is not installed: run `make test`, or apt-get install postgresql")
    return found[-1]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port

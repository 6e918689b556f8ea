"""The bytes as they came, under their sha256: <root>/ab/cd/<sha256>. Never changed, never removed.

May touch: the files below one folder. Knows nothing of portals, reports or the store.

A file gets its name only when it is complete and on the disk, so a process that is killed at any moment
leaves at most a file below <root>/incoming, which a later sweep removes.
"""

import contextlib
import errno
import hashlib
import os
import re
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, Literal

from crawler.errors import ArchiveError

STALE_AFTER = 3600  # seconds; no write takes so long, an older temporary file belongs to a dead process

_SHA256 = re.compile(r"[0-9a-f]{64}")


class Archive:
    """A content-addressed store. Any number of processes may use the same folder at once."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._incoming = root / "incoming"
        self._made: set[Path] = set()  # folders known to exist, to spare a system call per file

    def put(self, data: bytes) -> str:
        """Stores `data` and returns its sha256 in hexadecimal; what is there already is left alone.

        A file gets its name after its bytes were flushed to the disk. Raises ArchiveError when that fails.
        """
        return self.put_all([data])[0]

    def put_all(self, contents: Sequence[bytes]) -> list[str]:
        """Stores several contents as `put` does, in a fraction of the time: the disk is waited for once."""
        names = [hashlib.sha256(data).hexdigest() for data in contents]
        begun: dict[str, BinaryIO] = {}
        try:
            for name, data in zip(names, contents, strict=True):
                if name not in begun and not self._complete(self.path(name), len(data)):
                    begun[name] = self._begin(name, data)
            for stream in begun.values():
                os.fsync(stream.fileno())  # the first one makes a journalling file system write them all
            for name, stream in begun.items():
                path = self.path(name)
                self._make(path.parent)
                Path(stream.name).replace(path)
        except OSError as error:
            raise ArchiveError(f"{self.root}: cannot be written: {error.strerror or error}") from error
        finally:
            for stream in begun.values():
                stream.close()
                with contextlib.suppress(OSError):  # it has its final name, or the folder itself is gone
                    Path(stream.name).unlink()
        return names

    def get(self, sha256: str) -> bytes:
        """The bytes, verified. Raises ArchiveError when they are missing or are not those of this sha256."""
        path = self.path(sha256)
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            raise ArchiveError(f"{path}: not in the archive") from None
        except OSError as error:
            raise ArchiveError(f"{path}: cannot be read: {error.strerror or error}") from error
        found = hashlib.sha256(data).hexdigest()
        if found != sha256:
            raise ArchiveError(f"{path}: damaged, its bytes have the sha256 {found}; restore it from a backup")
        return data

    def check(self, sha256: str) -> Literal["whole", "missing", "damaged"]:
        """Whether the file of this name is there and holds its bytes; one that cannot be read is damaged."""
        path = self.path(sha256)
        try:
            with path.open("rb") as stream:
                found = hashlib.file_digest(stream, "sha256").hexdigest()
        except FileNotFoundError:
            return "missing"
        except OSError:
            return "damaged"
        return "whole" if found == sha256 else "damaged"

    def has(self, sha256: str) -> bool:
        """Whether a file of this name is there; only `get` proves that it is whole."""
        return self.path(sha256).is_file()

    def path(self, sha256: str) -> Path:
        """Where the bytes stand or would stand. Raises ArchiveError for anything but a sha256."""
        if not _SHA256.fullmatch(sha256):
            raise ArchiveError(f"{sha256!r} is no sha256 in lower-case hexadecimal")
        return self.root / sha256[:2] / sha256[2:4] / sha256

    def sweep(self) -> int:
        """Removes temporary files older than STALE_AFTER, left by dead processes, and returns how many.

        Ages are measured by the file system's own clock, that of a file made just now.
        """
        removed = 0
        if not self._incoming.is_dir():
            return removed
        with tempfile.TemporaryFile(dir=self._incoming) as fresh:
            now = os.fstat(fresh.fileno()).st_mtime
        for path in self._incoming.iterdir():
            with contextlib.suppress(FileNotFoundError):  # another process sweeps as well
                if now - path.stat().st_mtime > STALE_AFTER:
                    path.unlink()
                    removed += 1
        return removed

    def _complete(self, path: Path, size: int) -> bool:
        """A file of another size was cut by a power failure before it reached the disk: it is written anew."""
        try:
            return path.stat().st_size == size
        except FileNotFoundError:
            return False

    def _begin(self, name: str, data: bytes) -> BinaryIO:
        """Writes below incoming/, under a name that no other process and no other thread uses."""
        self._make(self._incoming)
        stream = (self._incoming / f"{name}.{os.getpid()}.{threading.get_ident()}").open("w+b", buffering=0)
        written = stream.write(data)
        if written != len(data):
            stream.close()
            raise OSError(errno.ENOSPC, f"only {written} of {len(data)} bytes were written")
        return stream

    def _make(self, folder: Path) -> None:
        if folder not in self._made:
            folder.mkdir(parents=True, exist_ok=True)
            self._made.add(folder)

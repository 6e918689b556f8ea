"""The secret of this installation: it signs the addresses by which recipients end their messages.

May touch: <data_dir>/secret, which it makes once. Machines that share a database share GONGKAI_SECRET.
"""

import contextlib
import os
import secrets
import tempfile
from pathlib import Path

from config.env import Settings
from config.errors import GongkaiError


def secret(settings: Settings) -> bytes:
    """GONGKAI_SECRET, or a random one that is kept in the data folder for its owner only. Raises GongkaiError."""
    if settings.secret:
        return settings.secret.encode()
    path = settings.data_dir / "secret"
    try:
        return _kept(path) or _made(path)
    except OSError as error:
        raise GongkaiError(f"{path}: the secret cannot be kept: {error.strerror or error}") from error


def _kept(path: Path) -> bytes:
    try:
        return path.read_bytes().strip()
    except FileNotFoundError:
        return b""


def _made(path: Path) -> bytes:
    """Written under another name first: of two processes that begin at once both use the one that was quicker."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".secret.")  # mode 600
    try:
        with os.fdopen(handle, "w", encoding="ascii") as stream:
            stream.write(secrets.token_urlsafe(32) + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(temporary, path)
    finally:
        Path(temporary).unlink(missing_ok=True)
    return path.read_bytes().strip()

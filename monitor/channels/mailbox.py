"""The mail box folder of file:///…: every message is one .eml file, which any mail program opens.

May touch: that folder. The file's name follows from the Message-ID, so a repeated message replaces itself.
"""

import hashlib
import os
import tempfile
from email import message_from_bytes, policy
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from crawler.errors import DeliveryError


def send(message: bytes, *, url: str, sender: str, recipient: str) -> None:  # noqa: ARG001 - as every transport
    """Writes the message whole or not at all: it is on the disk under another name before it gets its own."""
    folder = _folder(url)
    target = folder / _name(message, recipient)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=folder, prefix=f".{target.stem}.", suffix=".part")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(message)
                stream.flush()
                os.fsync(stream.fileno())
            Path(temporary).replace(target)
        except OSError:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise DeliveryError(f"the mail box {folder} cannot be written: {error.strerror or error}") from error


def _folder(url: str) -> Path:
    parts = urlsplit(url)
    if parts.netloc not in ("", "localhost") or not parts.path:
        raise DeliveryError("GONGKAI_MAIL_URL: a mail box is written file:///absolute/folder")
    return Path(url2pathname(parts.path))


def _name(message: bytes, recipient: str) -> str:
    message_id = str(message_from_bytes(message, policy=policy.SMTP)["Message-ID"])
    return hashlib.sha256(f"{message_id} {recipient}".encode()).hexdigest()[:32] + ".eml"

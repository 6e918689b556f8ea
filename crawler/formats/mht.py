"""MHTML (a web page with its pictures as one MIME message) → Document of its HTML. Touches nothing but the bytes.

How to recognise: a MIME header within the first lines. "Export to Word" of many systems writes it with the name
.doc; browsers write it as .mht.
"""

from __future__ import annotations

import email
import re
from dataclasses import replace

from crawler.errors import ReadError
from crawler.formats import html
from crawler.model import Document

NAME = "mht"

MAX_NESTED = 20  # boundaries declared; Python's parser goes one call deeper for each

_HEADER = re.compile(rb"^(?:mime-version:|content-type:\s*multipart/related)", re.I | re.M)
_BOUNDARY = re.compile(rb"\bboundary\s*=", re.I)


def sniff(data: bytes, name: str, content_type: str) -> bool:
    del name, content_type
    head = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n")
    first = head.partition(b"\n")[0]
    return b":" in first and b"<" not in first.partition(b":")[0] and _HEADER.search(head) is not None


def read(data: bytes, content_type: str) -> Document:
    """Raises ReadError: no HTML part, or nested too deeply."""
    del content_type
    if len(_BOUNDARY.findall(data)) > MAX_NESTED:
        raise ReadError("MHTML 嵌套过多，不像一份报告。 / The MHTML is nested too deeply.")
    message = email.message_from_bytes(data.lstrip(b"\xef\xbb\xbf \t\r\n"))
    part = next((part for part in message.walk() if part.get_content_type() == "text/html"), None)
    payload = part.get_payload(decode=True) if part is not None else None
    if part is None or not isinstance(payload, bytes) or not payload.strip():
        raise ReadError("MHTML 里没有网页内容。 / The MHTML has no HTML part.")
    return replace(html.read(payload, str(part.get("Content-Type", ""))), format=NAME)

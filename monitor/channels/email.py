"""E-mail: a digest becomes a message in text and HTML, which goes out by the transport of GONGKAI_MAIL_URL.

May touch: what its transport touches. Chinese needs nothing of the receiving side: bodies are base64, headers are
encoded words (RFC 2047), so the message is plain ASCII. Nothing in it is random, so the bytes stay the same.
"""

import datetime as dt
import hashlib
import unicodedata
from email import charset, message_from_bytes, policy
from email.header import Header
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime
from types import MappingProxyType
from urllib.parse import quote, urlsplit

from config.env import Settings
from crawler.errors import DeliveryError
from monitor.alerts.letter import Digest
from monitor.channels import mailbox, smtp
from monitor.days import SHANGHAI

TRANSPORTS = MappingProxyType({"smtp": smtp.send, "smtps": smtp.send, "file": mailbox.send})
UTF8 = charset.Charset("utf-8")
UTF8.header_encoding = charset.BASE64
UTF8.body_encoding = charset.BASE64
WIRE = policy.compat32.clone(linesep="\r\n", max_line_length=None)  # headers are folded here, not by the library


def compose(digest: Digest, *, settings: Settings, recipient: str, message_id: str, at: dt.datetime) -> bytes:
    """The message as it goes over the wire (CRLF lines, ASCII). Plain text first, then HTML (RFC 2046, 5.1.4)."""
    domain = settings.mail_from.rpartition("@")[2]
    message = MIMEMultipart("alternative", boundary=f"=_{message_id.partition('@')[0]}", policy=WIRE)
    message["From"] = f"gongkai <{settings.mail_from}>"
    message["To"] = _one_line(recipient)
    message["Subject"] = _words("Subject", digest.subject)
    message["Date"] = format_datetime(at.astimezone(SHANGHAI))
    message["Message-ID"] = f"<{message_id}>"
    if digest.thread:
        root = f"<{_root(digest.thread, recipient)}@{domain}>"
        message["In-Reply-To"] = root
        message["References"] = root
    message["List-Id"] = f"gongkai <gongkai.{domain}>"
    for name, value in _unsubscribe(digest.unsubscribe, settings.mail_from):
        message[name] = value
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office replies, please
    for text, subtype in ((digest.text, "plain"), (digest.html, "html")):
        message.attach(MIMEText(text, subtype, UTF8, policy=WIRE))  # type: ignore[arg-type]  # a Charset is taken, too
    return message.as_bytes(policy=WIRE)


def show(message: bytes) -> str:
    """The headers that matter and the plain text."""
    read = message_from_bytes(message, policy=policy.default)
    headers = [f"{name}: {read[name]}" for name in ("From", "To", "Subject", "Date", "Message-ID")]
    body = read.get_body(("plain",))
    return "\n".join([*headers, "", body.get_content() if body is not None else ""])


def deliver(message: bytes, *, settings: Settings, recipient: str) -> None:
    """Hands the message to the transport that the scheme of the mail URL names."""
    scheme = urlsplit(settings.mail).scheme
    if scheme not in TRANSPORTS:
        raise DeliveryError(f"GONGKAI_MAIL_URL: {scheme or 'no scheme'} is none of {', '.join(TRANSPORTS)}")
    if not recipient.isascii():
        raise DeliveryError(
            f"{recipient}: only ASCII addresses can be reached; write the domain as xn--…", permanent=True
        )
    TRANSPORTS[scheme](message, url=settings.mail, sender=settings.mail_from, recipient=recipient)


def _words(name: str, text: str) -> str:
    """A header's text: as it is where it is short ASCII, else as encoded words of whole characters, one a line."""
    _one_line(text)
    if text.isascii() and len(name) + 2 + len(text) <= 76 and "=?" not in text:
        return text
    return Header(text, UTF8, maxlinelen=75, header_name=name).encode(linesep="\r\n")


def _one_line(text: str) -> str:
    if any(unicodedata.category(mark) in ("Cc", "Zl", "Zp") for mark in text):
        raise ValueError(f"a header is one line, without a newline or another control character: {text!r}")
    return text


def _root(thread: str, recipient: str) -> str:
    """Of a message that never was sent: mail programs join all those that answer it to one conversation."""
    return hashlib.sha256(f"thread\n{recipient}\n{thread}".encode()).hexdigest()[:40]


def _unsubscribe(address: str, sender: str) -> list[tuple[str, str]]:
    """RFC 2369 and, where the page is reached by https, one click without a question (RFC 8058).

    The mail goes to the sender's own box, for a person: its subject has the same token as the address.
    """
    if not address:
        return []
    mail = f"<mailto:{sender}?subject={quote('unsubscribe ' + address.rpartition('/')[2])}>"
    if urlsplit(address).scheme != "https":
        return [("List-Unsubscribe", mail)]
    return [("List-Unsubscribe", f"<{address}>,\r\n {mail}"), ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")]

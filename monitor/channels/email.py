"""E-mail: a digest becomes a message in text and HTML, which goes out by the transport of GONGKAI_MAIL_URL.

May touch: what its transport touches. Chinese needs nothing of the receiving side: bodies are base64,
headers are RFC 2047 words, so the message is plain ASCII.
"""

import datetime as dt
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime
from types import MappingProxyType
from urllib.parse import urlsplit

from config.env import Settings
from crawler.errors import DeliveryError
from monitor.alerts.letter import Digest
from monitor.channels import mailbox, smtp
from monitor.days import SHANGHAI

TRANSPORTS = MappingProxyType({"smtp": smtp.send, "smtps": smtp.send, "file": mailbox.send})


def compose(digest: Digest, *, settings: Settings, recipient: str, message_id: str, at: dt.datetime) -> bytes:
    """The message as it goes over the wire (CRLF lines, ASCII). Plain text first, then HTML (RFC 2046, 5.1.4)."""
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = f"gongkai <{settings.mail_from}>"
    message["To"] = recipient
    message["Subject"] = digest.subject
    message["Date"] = format_datetime(at.astimezone(SHANGHAI))
    message["Message-ID"] = f"<{message_id}>"
    message["List-Id"] = f"gongkai <gongkai.{settings.mail_from.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office replies, please
    message.set_content(digest.text, charset="utf-8", cte="base64")
    message.add_alternative(digest.html, subtype="html", charset="utf-8", cte="base64")
    message.set_boundary(f"=_{message_id.partition('@')[0]}")  # not a random one: the bytes stay the same
    return message.as_bytes()


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

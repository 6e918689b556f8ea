"""Who wants no more messages by a channel: the address that ends them, and the acts that say so.

May touch: the table act, the installation's secret. The address carries recipient and channel, signed: nobody can make
one for somebody else, and nothing has to be looked up to read it.
"""

import base64
import binascii
import datetime as dt
import hashlib
import hmac
import json

from sqlalchemy.orm import Session

from config.env import Settings
from crawler.store.reads import acts as reads
from crawler.store.tables import Act
from crawler.store.writes import acts as writes
from monitor.secret import secret

LONGEST = 2000  # characters of a token; a recipient has 254 at most
KINDS = ("unsubscribe", "resubscribe")
PATH = "/unsubscribe/"


def token(key: bytes, recipient: str, channel: str) -> str:
    """Recipient and channel with an HMAC-SHA256 over them; letters, digits, `-`, `_` and one dot."""
    said = json.dumps([recipient, channel], ensure_ascii=False, separators=(",", ":")).encode()
    return f"{_coded(said)}.{_coded(_signature(key, said))}"


def address(settings: Settings, recipient: str, channel: str) -> str:
    """The web address under which this recipient can end the messages of this channel."""
    return f"{settings.public_url.rstrip('/')}{PATH}{token(secret(settings), recipient, channel)}"


def read_token(key: bytes, given: str) -> tuple[str, str] | None:
    """Recipient and channel; None for everything that was not made with this key, whatever is wrong with it."""
    said, _, signature = given.partition(".")
    if len(given) > LONGEST:
        return None
    try:
        words, signed = _decoded(said), _decoded(signature)
    except (binascii.Error, ValueError):
        return None
    if not hmac.compare_digest(_signature(key, words), signed):
        return None
    recipient, channel = json.loads(words)
    return str(recipient), str(channel)


def unsubscribe(session: Session, *, recipient: str, channel: str, at: dt.datetime, by: str, note: str = "") -> bool:
    """Records that this recipient wants no more; False if that is so already, and then nothing is written."""
    if is_unsubscribed(session, recipient, channel):
        return False
    writes.add(session, "unsubscribe", at=at, by=by, recipient=recipient, channel=channel, note=note)
    return True


def resubscribe(session: Session, *, recipient: str, channel: str, at: dt.datetime, by: str, note: str = "") -> bool:
    """Records that this recipient wants messages again; False if it never had unsubscribed."""
    if not is_unsubscribed(session, recipient, channel):
        return False
    writes.add(session, "resubscribe", at=at, by=by, recipient=recipient, channel=channel, note=note)
    return True


def is_unsubscribed(session: Session, recipient: str, channel: str) -> bool:
    newest = reads.newest(session, KINDS, recipient=recipient, channel=channel)
    return newest is not None and newest.kind == "unsubscribe"


def unsubscribed(session: Session) -> list[Act]:
    """The acts that stand: for each recipient and channel the newest, where it is an unsubscription."""
    newest = {(act.recipient, act.channel): act for act in reads.acts(session, KINDS)}
    return [act for act in newest.values() if act.kind == "unsubscribe"]


def _signature(key: bytes, said: bytes) -> bytes:
    return hmac.new(key, b"gongkai unsubscribe\0" + said, hashlib.sha256).digest()


def _coded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def _decoded(text: str) -> bytes:
    return base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)

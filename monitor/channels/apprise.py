"""WeCom, DingTalk, Feishu and a hundred other services by apprise: the plain text of a digest, as long as the service takes.

May touch: the service that an address of GONGKAI_CHANNELS_FILE names, and that file, for reading. The file is YAML, a
name and an apprise URL a line (`office-group: wecombot://KEY`); a subscription's `to` is such a name. The addresses
are secrets: they stand in no message, no log and no table. apprise tells no more than whether the service took it over:
what goes wrong is taken to pass.
"""

import datetime as dt
import json
import logging
from pathlib import Path

from apprise import Apprise, AppriseAsset, NotifyFormat
from apprise.common import PersistentStoreMode
from apprise.plugins import NotifyBase

from config.env import Settings
from config.errors import ConfigError
from config.load import read_yaml
from crawler.errors import DeliveryError
from monitor.alerts.letter import Digest

logging.getLogger("apprise").setLevel(logging.CRITICAL)  # its messages may have parts of an address in them

CUT = "…\n{url}"  # where a message is longer than the service takes


def compose(
    digest: Digest,
    *,
    settings: Settings,
    recipient: str,  # noqa: ARG001 - as every channel
    message_id: str,
    at: dt.datetime,  # noqa: ARG001 - as every channel
) -> bytes:
    """Title, text and where all of it can be read; how much of it goes out, the service decides at the delivery."""
    said = {"title": digest.subject, "body": digest.text, "url": settings.public_url, "message_id": message_id}
    return json.dumps(said, ensure_ascii=False, sort_keys=True).encode()


def show(message: bytes) -> str:
    """Title and text, before the service's limit."""
    said = json.loads(message)
    return f"Subject: {said['title']}\n\n{said['body']}"


def deliver(message: bytes, *, settings: Settings, recipient: str) -> None:
    """Hands the message to the service behind the name `recipient`. Raises DeliveryError."""
    service = _service(_address(settings.channels_file, recipient), recipient)
    said = json.loads(message)
    title, body = bounded(
        said["title"], said["body"], said["url"], title_most=service.title_maxlen, body_most=service.body_maxlen
    )
    sending = Apprise(asset=service.asset)
    sending.add(service)
    if not sending.notify(title=title, body=body, body_format=NotifyFormat.TEXT):
        raise DeliveryError(f"{recipient}: {service.service_name} did not take the message")


def bounded(title: str, body: str, url: str, *, title_most: int, body_most: int) -> tuple[str, str]:
    """Title and body for a service; one without titles gets it as the first line.

    The limits are counted in bytes of UTF-8: some services count so, and those that count characters take more.
    """
    if not title_most:
        title, body = "", f"{title}\n\n{body}"
    if len(body.encode()) > body_most:
        end = CUT.format(url=url)
        body = _begin(body, body_most - len(end.encode())) + end
    return _begin(title, title_most), body


def _begin(text: str, most: int) -> str:
    """The beginning of `text`, of at most `most` bytes, whole characters, and whole lines where that costs little."""
    begin = text.encode()[: max(0, most)].decode(errors="ignore")
    if begin == text:
        return begin
    lines, _, _ = begin.rpartition("\n")
    return lines + "\n" if len(lines) > len(begin) // 2 else begin


def _address(path: Path | None, name: str) -> str:
    if path is None:
        raise DeliveryError(f"{name}: GONGKAI_CHANNELS_FILE is not set; it says which service the name means")
    try:
        known = read_yaml(path)
    except ConfigError as error:
        raise DeliveryError(f"{name}: GONGKAI_CHANNELS_FILE: {error}") from error
    if not isinstance(known, dict) or not isinstance(known.get(name), str):
        raise DeliveryError(f"{name}: no such name with an address in GONGKAI_CHANNELS_FILE")
    return str(known[name])


def _service(address: str, name: str) -> NotifyBase:
    """Follows no redirect, keeps nothing on the disk, loads no plugin but those of apprise."""
    asset = AppriseAsset(http_redirects=False, storage_mode=PersistentStoreMode.MEMORY.value, async_mode=False)
    service = Apprise.instantiate(address, asset=asset, suppress_exceptions=True)
    if not isinstance(service, NotifyBase):
        raise DeliveryError(f"{name}: its address in GONGKAI_CHANNELS_FILE is none that apprise understands")
    return service

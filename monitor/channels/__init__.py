"""The channels by name: one module each, one line each.

A channel composes a digest into the bytes that will be sent, and hands such bytes over. Composing is
pure; delivering touches whatever the channel's address points to and raises DeliveryError.
"""

import datetime as dt
from typing import Protocol

from config.env import Settings
from monitor.alerts.letter import Digest
from monitor.channels import apprise, email


class Channel(Protocol):
    """What a module of this folder offers."""

    def compose(self, digest: Digest, *, settings: Settings, recipient: str, message_id: str, at: dt.datetime) -> bytes:
        """The final bytes of the message: the same arguments give the same bytes."""

    def show(self, message: bytes) -> str:
        """The message as its reader would have it, as plain text: for a dry run."""

    def deliver(self, message: bytes, *, settings: Settings, recipient: str) -> None:
        """Returns when the receiving side has taken the message over; else raises DeliveryError."""


CHANNELS: dict[str, Channel] = {"email": email, "apprise": apprise}

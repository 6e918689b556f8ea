"""One message to one recipient, and how far it came. Touches nothing."""

from dataclasses import dataclass
from typing import Literal

Status = Literal["sent", "waiting", "failed", "planned"]


@dataclass(frozen=True, slots=True)
class Told:
    """One message and how far it came.

    `status`: sent, waiting (tried without success, or claimed before: will be tried again), failed (given up:
    refused for good, or tried too often), planned (dry run; `id` is None). `event_ids`: only of a message that this run made.
    `edition`: of a digest that the calendar made its name (see crawler.store.tables.Delivery), else "".
    """

    id: int | None
    subscription: str
    recipient: str
    channel: str
    message_id: str
    subject: str
    message: bytes
    status: Status
    event_ids: tuple[int, ...] = ()
    edition: str = ""
    attempts: int = 0
    error: str = ""


@dataclass(frozen=True, slots=True)
class NotifyResult:
    told: tuple[Told, ...]

    @property
    def sent(self) -> tuple[Told, ...]:
        return tuple(one for one in self.told if one.status == "sent")

    @property
    def unsent(self) -> tuple[Told, ...]:
        """What did not arrive, each with its error."""
        return tuple(one for one in self.told if one.status in ("waiting", "failed"))

    @property
    def all_sent(self) -> bool:
        return not self.unsent

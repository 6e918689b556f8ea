"""How often something may be done: one place for every limit of the page, counted by the package `limits`.

May touch: memory. The counts are of one process: with several workers each has its own, and they begin anew with it.
"""

from typing import Final

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

# name → how often in which time; each is counted by a key of its own.
LIMITS: Final[dict[str, RateLimitItem]] = {
    "login_of_account": parse("10 per 10 minutes"),
    "login_from_address": parse("30 per 10 minutes"),
    "acts_of_account": parse("60 per minute"),
    "refusals_kept": parse("10 per 10 minutes"),  # of one address that go into the audit log
    "evidence": parse("10 per minute"),  # packs that one address has made
    "unsubscribing": parse("30 per minute"),  # requests with one address of a mail; with wrong ones all together
}
LONGEST_KEY = 300


class Limits:
    """The counts of one process."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def allows(self, name: str, key: str) -> bool:
        """Counts one more, and says whether it is still within the limit `name`. Raises KeyError for an unknown one."""
        return self._limiter.hit(LIMITS[name], name, key[:LONGEST_KEY])

    def minutes(self, name: str) -> int:
        """After how many minutes at most it is allowed again."""
        return -(-LIMITS[name].get_expiry() // 60)

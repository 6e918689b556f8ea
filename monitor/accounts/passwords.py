"""Passwords: what is accepted as one, its hash (argon2id), and checking without telling anything by time.

May touch: memory and a core for about a tenth of a second each time; at most AT_ONCE at the same time, since each takes
64 MiB (argon2-cffi's RFC 9106 profile for little memory).
"""

import contextlib
import secrets
import threading
import unicodedata
from collections.abc import Iterator
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from config.errors import GongkaiError

SHORTEST = 12  # characters
LONGEST = 128
FEWEST_DIFFERENT = 5
AT_ONCE = 2
WAITS = 5.0  # seconds for one's turn

_hasher = PasswordHasher()
_turns = threading.BoundedSemaphore(AT_ONCE)


class Busy(GongkaiError):
    """Raised when too many passwords are being checked at once."""


def checked(password: str, name: str) -> str:
    """A new password for the account `name`, as it is hashed. Raises GongkaiError, which never repeats it."""
    text = unicodedata.normalize("NFKC", password)
    if not SHORTEST <= len(text) <= LONGEST:
        raise GongkaiError(
            f"密码须有 {SHORTEST} 至 {LONGEST} 个字符 a password has {SHORTEST} to {LONGEST} characters, "
            f"this one {len(text)}"
        )
    if any(unicodedata.category(mark)[0] == "C" for mark in text):
        raise GongkaiError("密码不能含控制字符 a password has no control characters")
    if len(set(text)) < FEWEST_DIFFERENT or name.casefold() in text.casefold():
        raise GongkaiError(
            f"密码太简单：至少 {FEWEST_DIFFERENT} 种不同字符，且不含账户名 too simple: at least {FEWEST_DIFFERENT} "
            "different characters, and not the name of the account"
        )
    return text


def hashed(password: str, name: str) -> str:
    """The hash of a new password with its salt and parameters. Raises GongkaiError for one that is not accepted."""
    text = checked(password, name)
    with _turn():
        return _hasher.hash(text)


def matches(password: str, stored: str | None) -> bool:
    """Whether it is the password of `stored`. None (no such account) takes as long as a wrong password, and is False.

    Raises Busy when its turn does not come.
    """
    text = unicodedata.normalize("NFKC", password[: LONGEST + 1])[: LONGEST + 1]
    with _turn():
        nobodys = _nobodys()  # made with the first login of all, whoever tries
        try:
            _hasher.verify(nobodys if stored is None else stored, text)
        except (VerificationError, InvalidHashError):
            return False
    return stored is not None


def is_outdated(stored: str) -> bool:
    """Whether it was hashed with smaller parameters than those of today."""
    return _hasher.check_needs_rehash(stored)


def rehashed(password: str) -> str:
    """The same password, which was found right, hashed with the parameters of today."""
    with _turn():
        return _hasher.hash(unicodedata.normalize("NFKC", password))


@cache
def _nobodys() -> str:
    """The hash of a password that nobody has, with the same parameters as all."""
    return _hasher.hash(secrets.token_urlsafe(32))


@contextlib.contextmanager
def _turn() -> Iterator[None]:
    """Waits for a turn, so that many logins at once cannot take all memory."""
    if not _turns.acquire(timeout=WAITS):
        raise Busy("登录人数过多，请稍后再试 too many logins at once, try again later")
    try:
        yield
    finally:
        _turns.release()

"""HTTP Basic: how programs (feed readers, calendars, scripts) read where reading needs a login.

May touch: the tables account and audit. For reading only: a browser sends such a password by itself, so nothing is changed by
it. A password that was found right is known again for a while without the work of hashing; the memory holds a keyed hash.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
import threading
import time
from collections import OrderedDict

from crawler.store.reads import accounts as reads
from crawler.store.session import Sessions
from monitor.accounts.audit import record
from monitor.accounts.logins import Actor, authenticated
from monitor.accounts.roles import Role
from monitor.clock import REAL
from monitor.status.account.addresses import counted
from monitor.status.account.limits import Limits

KNOWN_SECONDS = 300.0
MOST_KNOWN = 500
LONGEST = 1000  # characters of the header


class Basic:
    """Reads `Authorization: Basic …`; safe to be used by many threads."""

    def __init__(self, sessions: Sessions, limits: Limits) -> None:
        self._sessions = sessions
        self._limits = limits
        self._key = secrets.token_bytes(32)
        self._known: OrderedDict[bytes, float] = OrderedDict()
        self._lock = threading.Lock()

    def actor(self, header: str, address: str) -> Actor | None:
        """Whose name and password the header holds; None for everything else. Raises passwords.Busy."""
        given = decoded(header)
        if given is None:
            return None
        name, password = given
        with self._sessions() as session:
            account = reads.account_named(session, name)
            if account is not None and account.disabled_at is None and self._is_known(account.password, password):
                return Actor(account.id, account.name, Role(account.role))
        if not (
            self._limits.allows("login_from_address", counted(address))
            and self._limits.allows("login_of_account", name)
        ):
            return None
        with self._sessions.begin() as session:
            found = authenticated(session, name, password)
            record(
                session,
                REAL.now(),
                account=name,
                action="login" if found else "login_failed",
                outcome="done" if found else "refused",
                subject="basic",
                address=address,
            )
            if found is None:
                return None
            self._remember(found.password, password)
            return Actor(found.id, found.name, Role(found.role))

    def _mark(self, stored: str, password: str) -> bytes:
        return hmac.new(self._key, f"{stored}\0{password}".encode(), hashlib.sha256).digest()

    def _is_known(self, stored: str, password: str) -> bool:
        mark = self._mark(stored, password)
        with self._lock:
            until = self._known.get(mark)
        return until is not None and time.monotonic() < until

    def _remember(self, stored: str, password: str) -> None:
        with self._lock:
            self._known[self._mark(stored, password)] = time.monotonic() + KNOWN_SECONDS
            while len(self._known) > MOST_KNOWN:
                self._known.popitem(last=False)


def decoded(header: str) -> tuple[str, str] | None:
    """Name and password of the header; None for everything that is none."""
    kind, _, text = header.partition(" ")
    if kind.lower() != "basic" or len(header) > LONGEST:
        return None
    try:
        name, colon, password = base64.b64decode(text.strip(), validate=True).decode("utf-8").partition(":")
    except (binascii.Error, ValueError):
        return None
    return (name, password) if colon and "\0" not in name else None

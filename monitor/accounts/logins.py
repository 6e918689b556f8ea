"""Sessions of the page: opened by a password, known by a random token, ended by logout, rest or age.

May touch: the tables account, login, audit. Moments are of the real clock. The store holds the SHA-256 of a token only,
so that a copy of it opens nothing; what stands in a form is made from the token itself, and opens nothing either.
"""

import base64
import datetime as dt
import hashlib
import hmac
import secrets
import unicodedata
from dataclasses import dataclass

from sqlalchemy.orm import Session

from config.errors import GongkaiError
from crawler.store.reads import accounts as reads
from crawler.store.tables import Account, Login
from crawler.store.writes import accounts as writes
from monitor.accounts import passwords
from monitor.accounts.roles import Role

RESTS = dt.timedelta(hours=2)  # without a request, then it is over
LASTS = dt.timedelta(hours=12)  # whatever happens: a working day
SEEN_EVERY = dt.timedelta(minutes=1)  # a request writes only if the last one that did is older
MOST = 10  # sessions of one account; the one that rested longest gives way
TOKEN_BYTES = 32
LONGEST_TOKEN = 100


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks. `form`: what every form of this session carries; empty for a program that gave its password (Basic).

    `login`: SHA-256 of the session's token, empty likewise.
    """

    account_id: int
    name: str
    role: Role
    login: str = ""
    form: str = ""

    def may(self, role: Role) -> bool:
        return self.role.includes(role)

    @property
    def reviews(self) -> bool:
        return self.may(Role.REVIEWER)

    @property
    def operates(self) -> bool:
        return self.may(Role.OPERATOR)


def new_token() -> str:
    """256 random bits, as a cookie may hold them."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def kept(token: str) -> str:
    """What the store holds of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def form_token(token: str) -> str:
    """What the forms of a session carry: nobody can make it without the token, and it does not give the token away."""
    made = hmac.new(token.encode(), b"gongkai form", hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode("ascii")


def authenticated(session: Session, name: str, password: str) -> Account | None:
    """The account, if this is its password and it is not disabled. Takes as long for a name that nobody has.

    A hash with smaller parameters than today's is made anew. Raises passwords.Busy.
    """
    account = reads.account_named(session, unicodedata.normalize("NFKC", name).strip())
    right = passwords.matches(password, account.password if account is not None else None)
    if account is None or not right or account.disabled_at is not None:
        return None
    if passwords.is_outdated(account.password):
        writes.set_password(session, account.id, passwords.rehashed(password))
    return account


def open_for(session: Session, account: Account, at: dt.datetime) -> str:
    """A new session, always with a token of its own; returns the token. Sessions that are over are dropped."""
    writes.drop_ended(session, expired=at, unseen_since=at - RESTS)
    for old in reads.logins(session, account.id)[MOST - 1 :]:
        writes.end_login(session, old.token, account.id)
    token = new_token()
    writes.add_login(session, token=kept(token), account_id=account.id, at=at, expires_at=at + LASTS)
    return token


def actor_of(session: Session, token: str, at: dt.datetime) -> tuple[Actor, bool] | None:
    """Whose session this token is, and whether it is time to note that it was seen; None for everything else."""
    if not token or len(token) > LONGEST_TOKEN:
        return None
    found = reads.login_of(session, kept(token))
    if found is None:
        return None
    login, account = found
    if account.disabled_at is not None or is_over(login, at):
        return None
    actor = Actor(account.id, account.name, Role(account.role), login.token, form_token(token))
    return actor, at - login.seen_at >= SEEN_EVERY


def is_over(login: Login, at: dt.datetime) -> bool:
    return at >= login.expires_at or at - login.seen_at >= RESTS


def seen(session: Session, actor: Actor, at: dt.datetime) -> None:
    writes.touch_login(session, actor.login, at)


def logout(session: Session, actor: Actor) -> None:
    writes.end_login(session, actor.login, actor.account_id)


def end(session: Session, actor: Actor, login: str) -> bool:
    """Ends one of the actor's own sessions; False: it has no such session."""
    return writes.end_login(session, login, actor.account_id)


def sessions_of(session: Session, actor: Actor, at: dt.datetime) -> list[Login]:
    """The actor's sessions that are not over."""
    return [login for login in reads.logins(session, actor.account_id) if not is_over(login, at)]


def change_password(session: Session, actor: Actor, old: str, new: str, at: dt.datetime) -> str:
    """Every session of the account ends; returns the token of a new one. Raises GongkaiError, and passwords.Busy."""
    account = authenticated(session, actor.name, old)
    if account is None:
        raise GongkaiError("原密码不对 the present password is not right")
    writes.set_password(session, account.id, passwords.hashed(new, account.name))
    writes.end_logins(session, account.id)
    return open_for(session, account, at)

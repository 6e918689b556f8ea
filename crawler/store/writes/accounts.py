"""Writes who may act on the page, who is logged in, and what was done. May touch: the tables account, login, audit."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from crawler.store.tables import Account, Audit, Login


def add_account(session: Session, *, name: str, role: str, password: str, at: dt.datetime) -> int:
    """A new account; `password`: its hash. Raises sqlalchemy.exc.IntegrityError for a name that is taken."""
    account = Account(name=name, role=role, password=password, created_at=at, disabled_at=None)
    session.add(account)
    session.flush()
    return account.id


def set_password(session: Session, account_id: int, password: str) -> None:
    """`password`: the new hash."""
    session.execute(update(Account).where(Account.id == account_id).values(password=password))


def set_role(session: Session, account_id: int, role: str) -> None:
    session.execute(update(Account).where(Account.id == account_id).values(role=role))


def set_disabled(session: Session, account_id: int, at: dt.datetime | None) -> None:
    """None: it may log in again."""
    session.execute(update(Account).where(Account.id == account_id).values(disabled_at=at))


def add_login(session: Session, *, token: str, account_id: int, at: dt.datetime, expires_at: dt.datetime) -> None:
    """`token`: the SHA-256 of what the browser holds."""
    session.add(Login(token=token, account_id=account_id, created_at=at, seen_at=at, expires_at=expires_at))
    session.flush()


def touch_login(session: Session, token: str, at: dt.datetime) -> None:
    session.execute(update(Login).where(Login.token == token).values(seen_at=at))


def end_login(session: Session, token: str, account_id: int) -> bool:
    """False: that account has no such session."""
    ended: CursorResult[Any] = session.connection().execute(
        delete(Login).where(Login.token == token, Login.account_id == account_id)
    )
    return ended.rowcount == 1


def end_logins(session: Session, account_id: int) -> None:
    """All sessions of an account."""
    session.execute(delete(Login).where(Login.account_id == account_id))


def drop_ended(session: Session, *, expired: dt.datetime, unseen_since: dt.datetime) -> None:
    """Sessions of anybody that are over, by age or by rest: nobody can use them any more."""
    session.execute(delete(Login).where((Login.expires_at <= expired) | (Login.seen_at <= unseen_since)))


def add_audit(
    session: Session,
    *,
    at: dt.datetime,
    account: str,
    action: str,
    outcome: str,
    subject: str = "",
    address: str = "",
    details: Mapping[str, Any] | None = None,
) -> None:
    """`outcome`: done, refused. Never a password or token in any of it."""
    session.add(
        Audit(
            at=at,
            account=account,
            action=action,
            outcome=outcome,
            subject=subject,
            address=address,
            details=dict(details or {}),
        )
    )
    session.flush()

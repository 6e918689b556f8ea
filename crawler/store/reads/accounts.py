"""Reads who may act on the page, who is logged in, and what was done.

May touch: the tables account, login, audit, for reading.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from crawler.store.tables import Account, Audit, Login


def account_named(session: Session, name: str) -> Account | None:
    return session.scalar(select(Account).where(Account.name == name))


def accounts(session: Session) -> list[Account]:
    """All of them, also the disabled ones, by name."""
    return list(session.scalars(select(Account).order_by(Account.name)))


def login_of(session: Session, token: str) -> tuple[Login, Account] | None:
    """A session by the SHA-256 of its token, with its account; whether it is over is for the caller to say."""
    row = session.execute(
        select(Login, Account).join(Account, Account.id == Login.account_id).where(Login.token == token)
    ).first()
    return None if row is None else (row[0], row[1])


def logins(session: Session, account_id: int) -> list[Login]:
    """The sessions of an account, the one that was seen last first."""
    return list(session.scalars(select(Login).where(Login.account_id == account_id).order_by(Login.seen_at.desc())))


def audits(
    session: Session, limit: int, *, before: int | None = None, account: str = "", action: str = ""
) -> list[Audit]:
    """What was done or tried, newest first. `before`: only rows with a smaller id, for the next page."""
    rows = select(Audit)
    if before is not None:
        rows = rows.where(Audit.id < before)
    if account:
        rows = rows.where(Audit.account == account)
    if action:
        rows = rows.where(Audit.action == action)
    return list(session.scalars(rows.order_by(Audit.id.desc()).limit(limit)))

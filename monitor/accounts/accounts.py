"""Accounts: made, changed and disabled on the command line only. What an account did keeps its name: none is deleted.

May touch: the tables account, login, audit. Moments are of the real clock.
"""

import datetime as dt
import unicodedata

from sqlalchemy.orm import Session

from config.errors import GongkaiError
from crawler.store.reads import accounts as reads
from crawler.store.tables import Account
from crawler.store.writes import accounts as writes
from monitor.accounts import passwords
from monitor.accounts.audit import COMMAND_LINE, record
from monitor.accounts.roles import Role

LONGEST_NAME = 60  # characters, as of every name that acts (monitor.desk.acks)
JOINTS = " ._-@"


def add(session: Session, name: str, role: Role, password: str, at: dt.datetime) -> None:
    """A new account. Raises GongkaiError for a name that is taken or is none, and for a password that is too simple."""
    wanted = name_of(name)
    taken = next((one for one in reads.accounts(session) if one.name.casefold() == wanted.casefold()), None)
    if taken is not None:
        state = "，已停用 and is disabled" if taken.disabled_at else ""
        raise GongkaiError(f"账户 {taken.name} 已存在 there is an account {taken.name}{state}")
    writes.add_account(session, name=wanted, role=role.value, password=passwords.hashed(password, wanted), at=at)
    _recorded(session, wanted, f"add {role.value}", at)


def set_password(session: Session, name: str, password: str, at: dt.datetime) -> None:
    """A new password; every session of the account ends."""
    account = existing(session, name)
    writes.set_password(session, account.id, passwords.hashed(password, account.name))
    writes.end_logins(session, account.id)
    _recorded(session, account.name, "password", at)


def set_role(session: Session, name: str, role: Role, at: dt.datetime) -> None:
    """Another role; it counts from the next request on."""
    account = existing(session, name)
    writes.set_role(session, account.id, role.value)
    _recorded(session, account.name, f"role {role.value}", at)


def disable(session: Session, name: str, at: dt.datetime) -> None:
    """It can log in no more, and its sessions end. Raises GongkaiError where that is so already."""
    account = existing(session, name)
    if account.disabled_at is not None:
        raise GongkaiError(f"账户 {account.name} 早已停用 the account {account.name} is disabled already")
    writes.set_disabled(session, account.id, at)
    writes.end_logins(session, account.id)
    _recorded(session, account.name, "disable", at)


def enable(session: Session, name: str, at: dt.datetime) -> None:
    """It may log in again. Raises GongkaiError where it was not disabled."""
    account = existing(session, name)
    if account.disabled_at is None:
        raise GongkaiError(f"账户 {account.name} 未停用 the account {account.name} is not disabled")
    writes.set_disabled(session, account.id, None)
    _recorded(session, account.name, "enable", at)


def existing(session: Session, name: str) -> Account:
    """The account of this name. Raises GongkaiError."""
    account = reads.account_named(session, unicodedata.normalize("NFKC", name).strip())
    if account is None:
        raise GongkaiError(f"没有账户 {name[:LONGEST_NAME]} there is no such account; gongkai account list")
    return account


def name_of(name: str) -> str:
    """A name as it is kept: letters (also 汉字), digits and `._-@` or a blank between them. Raises GongkaiError."""
    text = unicodedata.normalize("NFKC", name).strip()
    if not 1 <= len(text) <= LONGEST_NAME or not all(mark.isalnum() or mark in JOINTS for mark in text):
        raise GongkaiError(
            f"账户名须为 1 至 {LONGEST_NAME} 个汉字、字母、数字或 {JOINTS.strip()} an account's name has 1 to "
            f"{LONGEST_NAME} letters, digits or {JOINTS.strip()}"
        )
    return text


def _recorded(session: Session, name: str, what: str, at: dt.datetime) -> None:
    record(session, at, account=name, action="account", subject=what, address=COMMAND_LINE)

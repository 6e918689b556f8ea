"""`gongkai account`: who may act on the page. Touches the store, the clock, the terminal; a password comes by prompt or stdin."""

import json
import sys
from typing import Any

import click

from config.errors import GongkaiError
from crawler.store.reads import accounts as reads
from crawler.store.session import Sessions
from monitor.accounts import Role, accounts, passwords
from monitor.accounts.audit import ACTIONS
from monitor.clock import REAL
from monitor.commands.form import FORMAT
from monitor.commands.opening import open_sessions, read_settings
from monitor.days import iso_moment

NAME = click.argument("name", metavar="账户名 NAME")
ROLE = click.option(
    "--role",
    type=click.Choice([role.value for role in Role]),
    required=True,
    help="读者、复核员、运维员。 What the account may do.",
)
LONGEST_LINE = 4096  # of stdin


@click.group("account")
def account() -> None:
    """状态页的账户：谁可以登录、可以做什么。 Accounts of the status page: who may log in, and do what.

    reader 阅读（仅在 GONGKAI_READING=login 时需要）；reviewer 另可确认知悉、静默、登记答复、认定待核条目；
    operator 另可启动任务、查看审计记录。密码在提示后输入，或由标准输入的第一行给出，从不作为参数。
    A reader reads (where GONGKAI_READING is login), a reviewer also acknowledges, mutes, records replies and decides what
    waits, an operator also starts jobs and sees the audit log. A password is asked for, or the first line of stdin.

    \b
    例 Example:
      gongkai account add 张三 --role operator
      gongkai account add 李四 --role reviewer < password.txt
      gongkai account list
      gongkai account password 李四
      gongkai account role 李四 --role operator
      gongkai account disable 李四
      gongkai account enable 李四
      gongkai account audit --name 李四 --format json
    """


@account.command("add")
@NAME
@ROLE
def add(name: str, role: str) -> None:
    """建立账户。 Make an account.

    \b
    例 Example:
      gongkai account add 张三 --role operator
    """
    sessions, wanted = _sessions(), accounts.name_of(name)
    with sessions() as session:
        if reads.account_named(session, wanted) is not None:
            raise GongkaiError(f"账户 {wanted} 已存在 there is an account {wanted}")
    password = _password(wanted)
    with sessions.begin() as session:
        accounts.add(session, wanted, Role(role), password, REAL.now())
    click.echo(f"已建立账户 added：{wanted}（{role}）")


@account.command("list")
@FORMAT
def list_(form: str) -> None:
    """全部账户。 All accounts.

    \b
    例 Example:
      gongkai account list --format json
    """
    with _sessions()() as session:
        found = reads.accounts(session)
    if form == "json":
        rows = [
            {
                "name": one.name,
                "role": one.role,
                "created_at": iso_moment(one.created_at),
                "disabled_at": iso_moment(one.disabled_at) if one.disabled_at else None,
            }
            for one in found
        ]
        _say_json(rows)
        return
    if not found:
        click.echo("没有账户 there are no accounts；gongkai account add 张三 --role operator")
    for one in found:
        state = f"　已停用 disabled {iso_moment(one.disabled_at)}" if one.disabled_at else ""
        click.echo(f"{one.name}　{one.role}　建立 since {iso_moment(one.created_at)}{state}")


@account.command("password")
@NAME
def password_(name: str) -> None:
    """重设密码；该账户的全部会话结束。 Set a new password; every session of the account ends.

    \b
    例 Example:
      gongkai account password 李四
    """
    sessions = _sessions()
    with sessions() as session:
        wanted = accounts.existing(session, name).name
    password = _password(wanted)
    with sessions.begin() as session:
        accounts.set_password(session, wanted, password, REAL.now())
    click.echo(f"已重设密码，会话均已结束 the password was set, every session has ended：{wanted}")


@account.command("role")
@NAME
@ROLE
def role_(name: str, role: str) -> None:
    """改变角色，立即生效。 Change what an account may do; it counts at once.

    \b
    例 Example:
      gongkai account role 李四 --role reviewer
    """
    with _sessions().begin() as session:
        accounts.set_role(session, name, Role(role), REAL.now())
    click.echo(f"已改变角色 changed：{name}（{role}）")


@account.command("disable")
@NAME
def disable(name: str) -> None:
    """停用账户；其会话立即结束。账户和它做过的事都保留。 Disable an account: its sessions end at once. What it did is kept.

    \b
    例 Example:
      gongkai account disable 李四
    """
    with _sessions().begin() as session:
        accounts.disable(session, name, REAL.now())
    click.echo(f"已停用 disabled：{name}")


@account.command("enable")
@NAME
def enable(name: str) -> None:
    """重新启用账户。 Let a disabled account log in again.

    \b
    例 Example:
      gongkai account enable 李四
    """
    with _sessions().begin() as session:
        accounts.enable(session, name, REAL.now())
    click.echo(f"已启用 enabled：{name}")


@account.command("audit")
@click.option("--name", default="", help="只看一个账户。 Of one account only.")
@click.option("--action", type=click.Choice(ACTIONS), default=None, help="只看一种操作。 Of one kind only.")
@click.option(
    "--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="最多几条。 At most so many."
)
@FORMAT
def audit(name: str, action: str | None, limit: int, form: str) -> None:
    """审计记录，最新在前。 What was done or tried with accounts, newest first.

    \b
    例 Example:
      gongkai account audit --action login_failed --limit 20
    """
    with _sessions()() as session:
        rows = reads.audits(session, limit, account=name, action=action or "")
    if form == "json":
        found = [
            {
                "at": iso_moment(row.at),
                "account": row.account,
                "action": row.action,
                "outcome": row.outcome,
                "subject": row.subject,
                "address": row.address,
                "details": row.details,
            }
            for row in rows
        ]
        _say_json(found)
        return
    if not rows:
        click.echo("没有记录 nothing is recorded")
    for row in rows:
        outcome = "已做 done" if row.outcome == "done" else "已拒绝 refused"
        parts = (iso_moment(row.at), row.account or "–", row.action, outcome, row.subject, row.address)
        click.echo("　".join(part for part in parts if part))


def _say_json(rows: list[dict[str, Any]]) -> None:
    click.echo(json.dumps(rows, ensure_ascii=False, indent=1))


def _sessions() -> Sessions:
    return open_sessions(read_settings())


def _password(name: str) -> str:
    """By prompt, twice, or the first line of stdin. Raises GongkaiError for one that is not accepted."""
    if sys.stdin.isatty():
        given: str = click.prompt("密码 password", hide_input=True, confirmation_prompt="再次输入 again")
    else:
        given = sys.stdin.readline(LONGEST_LINE).rstrip("\r\n")
    return passwords.checked(given, name)

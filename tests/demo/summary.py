"""What the story came to, as tables for people: reports, the late and missing, changed numbers, mails.

May touch: the store and the mail box folder of the stage, for reading. Chinese first, English beside it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text
from sqlalchemy.orm import Session

from crawler.model import CellState
from crawler.reports import templates
from crawler.store.reads import coverage
from crawler.store.reads.coverage import FiledReport
from crawler.store.tables import AgencyState, Finding
from monitor.alerts.findings import ABOUT
from monitor.model import State
from monitor.wording import explain, say, show_moment, state_line
from tests.demo.stage import Stage

QUIET_STATES = (State.ON_TIME, State.NOT_DUE, State.DUE_SOON, State.EXEMPT)


def summary(stage: Stage, now: dt.datetime) -> Group:
    """All tables, as of the moment `now`."""
    with stage.sessions() as session:
        states = coverage.states(session, list(stage.configuration.agencies))
        parts: list[RenderableType] = [
            _reports(stage, session, states),
            _trouble(states, now),
            _changes(session, states),
            _sums(session, states),
            _contradictions(session, states),
        ]
    return Group(*parts, _mails(stage.settings.data_dir / "mailbox"))


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", show_lines=True, expand=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _both(key: str) -> str:
    return f"{say(key, 'zh')}\n{say(key, 'en')}"


def _name(state: AgencyState) -> str:
    agency = state.details["agency"]
    return f"{agency['name']}（虚构 invented）" if agency["invented"] else str(agency["name"])


def _reports(stage: Stage, session: Session, states: list[AgencyState]) -> RenderableType:
    table = _table(
        "找到的报告 / Reports found",
        "单位 Agency",
        "年度 Year",
        "格式 Form",
        "读出的数字 Numbers read",
        "落款 Signed",
        "标注的公布日 Stated",
        "首次看到 First seen",
        "状态 State",
    )
    others = 0
    for agency in stage.configuration.agencies.values():
        filed = coverage.filed_reports(session, agency.id)
        others += len({report.entry.id for report in filed if not agency.watched(report.filing.year or 0)})
        for state in (state for state in states if state.agency_id == agency.id):
            newest = next((report for report in filed if report.filing.year == state.year), None)
            if newest is not None:
                table.add_row(*_report_row(session, state, newest))
    note = f"另有往年报告 {others} 份，未列入监测。/ {others} reports of earlier years were found, too; they are not watched."
    return Group(table, Text(note), Text())


def _report_row(session: Session, state: AgencyState, report: FiledReport) -> tuple[str, ...]:
    stated = sorted({date["value"] for date in state.details["stated"] if date["source"] in ("list", "meta", "shown")})
    return (
        _name(state),
        str(state.year),
        report.reading.template or "–",
        _numbers(session, report),
        report.reading.signed_on.isoformat() if report.reading.signed_on else "–",
        "、".join(stated) or "–",
        str(state.details["first_seen_at"])[:16].replace("T", " "),
        _both(f"state.{state.state}"),
    )


def _numbers(session: Session, report: FiledReport) -> str:
    """How many cells hold a number, how many were left open, and the requests received as an example."""
    facts = coverage.facts(session, [report.reading.id])[report.reading.id]
    if not facts:
        given = [s for s in report.reading.details["statements"] if s["key"] == "requests_received"]
        about = {True: "约 about ", False: ""}
        return "正文 in the text：" + "、".join(f"新收申请 received {about[s['about']]}{s['value']}" for s in given)
    counted = sum(fact.state == CellState.NUMBER.value for fact in facts)
    left_open = sum(fact.state == CellState.OPEN.value for fact in facts)
    received = next((fact.value for fact in facts if fact.code == "requests.received.total"), None)
    text = f"{counted}/{len(facts)} 个数字 numbers；新收申请 received {received}"
    return text + (f"；{left_open} 格无法确定 open" if left_open else "")


def _trouble(states: list[AgencyState], now: dt.datetime) -> RenderableType:
    table = _table(
        "逾期、未见、撤下、日期不确定、无法判断 / Late, missing, withdrawn, date unsure, unknown",
        "单位 Agency",
        "年度 Year",
        "截止 Due",
        "状态 State",
        "理由 Reason",
        "依据 Rule",
    )
    for state in (state for state in states if state.state not in QUIET_STATES):
        details = state.details
        reasons = [explain(f"reason.{details['reason']}", details["parameters"], language) for language in ("zh", "en")]
        table.add_row(
            _name(state),
            str(state.year),
            state.due.isoformat() if state.due else "–",
            f"{state_line(details, now, 'zh')}\n{state_line(details, now, 'en')}",
            "\n".join(reasons),
            details["citation"]["zh"] if details["citation"] else "–",
        )
    return Group(table, Text())


def _findings(session: Session, states: list[AgencyState], kind: str) -> Iterator[tuple[AgencyState, Finding]]:
    for state in states:
        for finding in reversed(coverage.findings(session, state.agency_id)):
            if (finding.kind, finding.year) == (kind, state.year):
                yield state, finding


def _changes(session: Session, states: list[AgencyState]) -> RenderableType:
    table = _table(
        "公布后改动的数字 / Numbers changed after publication",
        "单位 Agency",
        "年度 Year",
        "表格单元 Cell",
        "原为 From",
        "改为 To",
        "两次所见 Seen",
    )
    for state, finding in _findings(session, states, "changed"):
        found = finding.details["finding"]
        seen = f"{_moment(found['before']['at'])}\n{_moment(found['after']['at'])}"
        labels = _labels(session, state.agency_id, found["after"]["sha256"])
        for cell in found["cells"]:
            label = f"{labels.get(cell['code'], '')}\n{cell['code']}".strip()
            before, after = (side["value"] or side["raw"] or "空 blank" for side in (cell["before"], cell["after"]))
            table.add_row(_name(state), str(state.year), label, before, after, seen)
    return Group(table, Text())


def _sums(session: Session, states: list[AgencyState]) -> RenderableType:
    table = _table(
        "报告自身不相符的合计 / Sums that do not hold",
        "单位 Agency",
        "年度 Year",
        "勾稽关系 Identity",
        "两边 Both sides",
    )
    for state, finding in _findings(session, states, "arithmetic"):
        found = finding.details["finding"]
        sides = f"{found['left']['total']} ≠ {found['right']['total']}"
        table.add_row(_name(state), str(state.year), f"{found['description']}\n{found['identity']}", sides)
    return Group(table, Text())


def _contradictions(session: Session, states: list[AgencyState]) -> RenderableType:
    table = _table(
        "与正文、上年度或其他报告的矛盾 / Against its own words, another year, another report",
        "单位 Agency",
        "年度 Year",
        "发现 Finding",
        "内容 What",
    )
    for kind in ("narrative", "carry_over", "copied"):
        for state, finding in _findings(session, states, kind):
            lines = ABOUT[kind](finding.details["finding"], "zh")
            what = "\n".join(f"{line.label}：{line.text}" for line in lines if line.text)
            table.add_row(_name(state), str(state.year), _both(f"finding.{kind}"), what)
    return Group(table, Text())


def _labels(session: Session, agency_id: str, sha256: str) -> dict[str, str]:
    """For the cells of a content: row and column as its form prints them."""
    filed = coverage.filed_reports(session, agency_id)
    form = next((report.reading.template for report in filed if report.reading.sha256 == sha256), None)
    cells = templates.load()[form].cells() if form is not None else ()
    return {cell.code: f"{cell.row_label} × {cell.column_label}" for cell in cells}


def _moment(iso: str) -> str:
    return show_moment(dt.datetime.fromisoformat(iso), "zh")


@dataclass(frozen=True, slots=True)
class Mail:
    """One message of the mail box: what its file says."""

    path: Path
    to: str
    subject: str
    sent: dt.datetime
    message: EmailMessage


def mails(folder: Path) -> list[Mail]:
    """The messages of a mail box folder, oldest first."""
    found = []
    for path in folder.glob("*.eml"):
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        sent = parsedate_to_datetime(str(message["Date"]))
        found.append(Mail(path, str(message["To"]), str(message["Subject"]), sent, message))
    return sorted(found, key=lambda mail: (mail.sent, mail.to))


def _mails(folder: Path) -> RenderableType:
    table = _table("发出的邮件 / Mails sent", "时间 Time", "收件人 To", "主题 Subject", "文件 File")
    for mail in mails(folder):
        table.add_row(show_moment(mail.sent, "zh"), mail.to, mail.subject, mail.path.name)
    return Group(table, Text(f"邮件在 / The mails lie in {folder}"), Text())

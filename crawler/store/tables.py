"""The tables. What was seen and read is append-only; only runs, findings, deliveries and jobs have an end that is filled in.

May touch: SQLAlchemy only. A change here comes with a migration in store/migrations that keeps the data.
Long, because all of them stand side by side.

    host     what a host asked of us
    seen     run → look → entry_change → entry        a visit, its looks at columns, what appeared, changed or left there
             capture                                  one answer of a portal: address, headers, sha256 of its bytes
    read     reading → fact                           bytes (by sha256) as one version of the extractor reads them
             filing                                   an entry's content that is an agency's report of a year, with the evidence
             ruling                                   what a person decided an entry to be
    judged   agency_state, finding, event             the state as last recorded; what opened and closed; what became news
             change                                   what a report's address showed next, and how it differs
    told     delivery, delivery_event                 one message, and the events in it
    acted    act                                      what a person did: acknowledged, muted, replied for, unsubscribed
    sealed   seal                                     the chain of hashes over captures and looks
    worked   job_run, job                             the scheduler's record
    shown    board                                    how everybody stands, packed for the page (monitor.board)
    trusted  account, login, audit                    who may act on the page, who is logged in, what was done there

Long, because it is the whole schema, table by table.
"""

import datetime as dt
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, LargeBinary, MetaData, Text, UniqueConstraint, text, true
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from crawler.store.columns import ExactDecimal, Json, Moment

# BIGINT on PostgreSQL; SQLite counts rows only in a column that is declared INTEGER.
Key = BigInteger().with_variant(Integer(), "sqlite")


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text(),
        dt.datetime: Moment(),
        Decimal: ExactDecimal(),
        dict[str, Any]: Json,
        list[Any]: Json,
    }


class Run(Base):
    """One visit to one portal. `outcome`: running, finished, failed, offline. A running one of a dead process is failed later.

    offline: no portal at all answered, so it was our own network; its looks say nothing about anybody.
    """

    __tablename__ = "run"
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    portal: Mapped[str] = mapped_column(index=True)
    started_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]
    outcome: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    requests: Mapped[int] = mapped_column(default=0)
    simulated: Mapped[bool] = mapped_column(default=False)


class Host(Base):
    """What a host asked of us: not to come back before `not_before` (Retry-After, or our own back-off after failures)."""

    __tablename__ = "host"
    name: Mapped[str] = mapped_column(primary_key=True)
    not_before: Mapped[dt.datetime | None]
    failures: Mapped[int] = mapped_column(default=0)  # visits in a row that it answered with nothing at all
    reason: Mapped[str] = mapped_column(default="")
    at: Mapped[dt.datetime]


class Look(Base):
    """How one run saw one column. `outcome` is a crawler.model.LookOutcome; `status` the HTTP status that decided."""

    __tablename__ = "look"
    __table_args__ = (Index(None, "portal", "column", "at"),)
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"))
    portal: Mapped[str]
    column: Mapped[str]
    at: Mapped[dt.datetime]
    outcome: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    status: Mapped[int | None]
    url: Mapped[str] = mapped_column(default="")
    entries: Mapped[int] = mapped_column(default=0)
    pages: Mapped[int] = mapped_column(default=0)


class Entry(Base):
    """An address that a column has listed at least once."""

    __tablename__ = "entry"
    __table_args__ = (UniqueConstraint("portal", "column", "url"),)
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    portal: Mapped[str]
    column: Mapped[str]
    url: Mapped[str]


class EntryChange(Base):
    """An entry appeared in, changed in or left the list; only healthy looks write these. `kind`: appeared, changed, gone.

    `verdict`: report, lookalike, unsure, as the title tells; `verdict_reason` in words.
    """

    __tablename__ = "entry_change"
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    look_id: Mapped[int] = mapped_column(ForeignKey("look.id"), index=True)
    at: Mapped[dt.datetime]
    kind: Mapped[str]
    title: Mapped[str] = mapped_column(default="")
    list_date: Mapped[dt.date | None]
    list_date_raw: Mapped[str] = mapped_column(default="")
    verdict: Mapped[str] = mapped_column(default="")
    verdict_reason: Mapped[str] = mapped_column(default="")


class Capture(Base):
    """One answer of a portal. `sha256` None: no body was kept (an error, a block), `reason` says why.

    `kind`: listing, detail, attachment, screenshot (of the page before the # in `url`; of no entry). `outcome` is a LookOutcome: HEALTHY for a page that is what it should be.
    `not_modified`: the portal answered 304, `sha256` is that of the earlier body. `headers`: {"pairs": [[name, value],
    …]}, those of the earlier answer after a 304, whose own are then under "not_modified". `request`: {"method",
    "headers" (pairs), "body" (text of a form, "" for GET)} as it went out; {} where nothing was sent, and where it was
    captured before that was kept.
    """

    __tablename__ = "capture"
    __table_args__ = (Index(None, "url", "fetched_at"), Index(None, "sha256"))
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"), index=True)
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"), index=True)
    portal: Mapped[str]
    column: Mapped[str]
    kind: Mapped[str]
    url: Mapped[str]
    final_url: Mapped[str]
    fetched_at: Mapped[dt.datetime]
    status: Mapped[int | None]
    outcome: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    sha256: Mapped[str | None]
    size: Mapped[int | None]
    media_type: Mapped[str] = mapped_column(default="")
    headers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    request: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'"))
    not_modified: Mapped[bool] = mapped_column(default=False)


class Reading(Base):
    """The bytes `sha256` as the extractor's version `extractor` reads them. `error`: why they could not be read.

    `agency`, `year`, `signed_on` are what the document says; `details` holds title, evidence, dates, statements,
    identities, proposals, fingerprint and issues as written by crawler.read_captures.
    """

    __tablename__ = "reading"
    __table_args__ = (UniqueConstraint("sha256", "extractor"),)
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    sha256: Mapped[str]
    extractor: Mapped[str]
    read_at: Mapped[dt.datetime]
    format: Mapped[str] = mapped_column(default="")
    is_report: Mapped[bool] = mapped_column(default=False)
    agency: Mapped[str | None]
    year: Mapped[int | None]
    template: Mapped[str | None]
    signed_on: Mapped[dt.date | None]
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    error: Mapped[str] = mapped_column(default="")


class FactRow(Base):
    """One statutory cell of one reading. `state` is a CellState; `value` is set only for `number`.

    `certain` False: recognised in a picture, and not confirmed by the form's own sums.
    """

    __tablename__ = "fact"
    __table_args__ = (UniqueConstraint("reading_id", "code"),)
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    reading_id: Mapped[int] = mapped_column(ForeignKey("reading.id"))
    code: Mapped[str]
    state: Mapped[str]
    value: Mapped[Decimal | None]
    unit: Mapped[str]
    raw: Mapped[str] = mapped_column(default="")
    place: Mapped[dict[str, Any] | None]
    certain: Mapped[bool] = mapped_column(default=True, server_default=true())


class Ruling(Base):
    """What a person decided an entry to be; it outlives rereading. The newest one of an entry counts.

    `sha256`: the content that was before the person's eyes; the ruling holds for it, and for a later content of the
    entry as long as that is undecided by itself. `decision`: filed (agency and year are set), not_a_report, undone.
    """

    __tablename__ = "ruling"
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    sha256: Mapped[str | None]
    decision: Mapped[str]
    agency_id: Mapped[str | None]
    year: Mapped[int | None]
    at: Mapped[dt.datetime]
    by: Mapped[str]
    note: Mapped[str] = mapped_column(default="")


class Filing(Base):
    """What one content of an entry was decided to be, by one reading; `evidence` says by what.

    `decision`: filed (agency and year are set), review (a person has to say; `evidence` holds the candidates),
    not_a_report. `capture_id` is the first capture with this content.
    """

    __tablename__ = "filing"
    __table_args__ = (
        UniqueConstraint("entry_id", "reading_id"),
        Index(None, "agency_id", "year"),
        Index(None, "year", "agency_id"),
        Index(
            "ix_filing_waiting",  # few of many: what a person has to decide
            "entry_id",
            sqlite_where=text("decision = 'review'"),
            postgresql_where=text("decision = 'review'"),
        ),
    )
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    reading_id: Mapped[int] = mapped_column(ForeignKey("reading.id"), index=True)
    capture_id: Mapped[int] = mapped_column(ForeignKey("capture.id"))
    decision: Mapped[str]
    agency_id: Mapped[str | None]
    year: Mapped[int | None]
    evidence: Mapped[dict[str, Any]] = mapped_column(default=dict)


class AgencyState(Base):
    """The state last recorded for an agency and report year; days are never stored, they follow from `due` and the day."""

    __tablename__ = "agency_state"
    agency_id: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(index=True)
    since: Mapped[dt.datetime]
    due: Mapped[dt.date | None]
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Finding(Base):
    """Something that is wrong for a while: opened once, closed once. `key` tells it from all others of its kind."""

    __tablename__ = "finding"
    __table_args__ = (
        Index(
            "uq_finding_open_key",
            "key",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index(None, "agency_id", "year"),
        Index(None, "kind", "id"),
        Index(None, "year", "id"),
    )
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    key: Mapped[str]
    kind: Mapped[str]
    agency_id: Mapped[str]
    year: Mapped[int]
    opened_at: Mapped[dt.datetime]
    closed_at: Mapped[dt.datetime | None]
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Event(Base):
    """A change of state, or a finding that opened or closed: the only thing that makes an alert. Never altered."""

    __tablename__ = "event"
    __table_args__ = (
        Index(None, "agency_id", "year"),
        Index(None, "kind", "id"),
        # Most events are quiet; lists of news pass them over.
        *(
            Index(name, *columns, sqlite_where=text("kind != 'quiet'"), postgresql_where=text("kind != 'quiet'"))
            for name, columns in (("ix_event_news", ("id",)), ("ix_event_news_year", ("year", "id")))
        ),
    )
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(index=True)
    kind: Mapped[str]  # a config.alerts.EventKind, or "quiet" for a change that nobody is told of
    agency_id: Mapped[str]
    year: Mapped[int]
    finding_id: Mapped[int | None] = mapped_column(ForeignKey("finding.id"))
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Change(Base):
    """Two contents that a report's address (or its new address) showed one after the other, and how they differ.

    Written by evaluate, and written anew where more is known (monitor.checks.changes): `kind` is a
    config.changes.ChangeKind; `severity` "" for what needs nobody's eyes, else a config.alerts.Severity.
    `key` is `agency:year:before_capture-after_capture[:detail]`; `at`: the first capture that showed the new content.
    """

    __tablename__ = "change"
    __table_args__ = (Index(None, "agency_id", "year"), Index(None, "kind", "id"), Index(None, "year", "id"))
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    agency_id: Mapped[str]
    year: Mapped[int]
    at: Mapped[dt.datetime] = mapped_column(index=True)
    kind: Mapped[str]
    severity: Mapped[str] = mapped_column(default="")
    url: Mapped[str]
    before_capture: Mapped[int | None] = mapped_column(ForeignKey("capture.id"))
    after_capture: Mapped[int | None] = mapped_column(ForeignKey("capture.id"))
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Act(Base):
    """What a person did. Never altered: the newest act of a kind about the same thing counts, and an expiry ends it.

    `kind`: ack, mute, unmute (of a finding: `finding_key`; of an agency's year; of an agency; of a portal:
    `finding_key` "portal:slug"), reply (what the office said or corrected), unsubscribe, resubscribe (`recipient`,
    `channel`), job (asked to run at once: `details` "job"; `at` by the real clock). `by`: who did it. `note`: the reason
    or the text. `source`: an address or document for a reply.
    """

    __tablename__ = "act"
    __table_args__ = (Index(None, "agency_id", "year"), Index(None, "recipient", "channel"))
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    at: Mapped[dt.datetime]
    kind: Mapped[str]
    by: Mapped[str]
    agency_id: Mapped[str | None]
    year: Mapped[int | None]
    finding_key: Mapped[str | None]
    recipient: Mapped[str | None]
    channel: Mapped[str | None]
    until: Mapped[dt.datetime | None]
    note: Mapped[str] = mapped_column(default="")
    source: Mapped[str] = mapped_column(default="")
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Seal(Base):
    """One link of the chain of hashes: `hash` covers the row `kind`/`row_id` and the hash of the link before it.

    `kind`: capture, look. Links are made in the order of their ids, whole batches in one transaction; `previous` is unique,
    so that two chains cannot grow from one link. The first one's is 64 noughts.
    """

    __tablename__ = "seal"
    __table_args__ = (UniqueConstraint("kind", "row_id"),)
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    kind: Mapped[str]
    row_id: Mapped[int] = mapped_column(Key)
    previous: Mapped[str] = mapped_column(unique=True)
    hash: Mapped[str] = mapped_column(unique=True)
    sealed_at: Mapped[dt.datetime]


class Delivery(Base):
    """One message to one recipient. Its bytes are fixed when it is claimed, so that a repetition is the same message.

    `status`: claimed, sent, failed. Sent is written only after the receiving side took the message over. `edition`: of a
    digest that the calendar made its name (run_up:2023:2024-01-31:12), which a recipient gets once; "" of events.
    `sender`, `leased_until`: who is delivering it just now, and when somebody else may take over (the real clock);
    `next_try_at`: not before.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        Index(
            "uq_delivery_edition",
            "recipient",
            "channel",
            "edition",
            unique=True,
            sqlite_where=text("edition != ''"),
            postgresql_where=text("edition != ''"),
        ),
    )
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    subscription: Mapped[str]
    recipient: Mapped[str]
    channel: Mapped[str]
    message_id: Mapped[str] = mapped_column(unique=True)
    subject: Mapped[str]
    message: Mapped[bytes] = mapped_column(LargeBinary)
    status: Mapped[str] = mapped_column(index=True)
    claimed_at: Mapped[dt.datetime]
    sent_at: Mapped[dt.datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(default="")
    edition: Mapped[str] = mapped_column(default="", server_default="")
    sender: Mapped[str] = mapped_column(default="", server_default="")
    leased_until: Mapped[dt.datetime | None]
    next_try_at: Mapped[dt.datetime | None]


class DeliveryEvent(Base):
    """An event is told to a recipient through a channel once: the key says so, whoever tries."""

    __tablename__ = "delivery_event"
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), primary_key=True)
    recipient: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"), index=True)


class JobRun(Base):
    """One run of one job of the scheduler. `outcome`: running, finished, failed."""

    __tablename__ = "job_run"
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    job: Mapped[str] = mapped_column(index=True)
    started_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]
    outcome: Mapped[str]
    message: Mapped[str] = mapped_column(default="")


class Job(Base):
    """When the scheduler means to run a job next; None while no scheduler is up."""

    __tablename__ = "job"
    name: Mapped[str] = mapped_column(primary_key=True)
    next_run_at: Mapped[dt.datetime | None]


class BoardRow(Base):
    """A packed board (monitor.board.pack); written with the states that it shows. The newest counts."""

    __tablename__ = "board"
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    made_at: Mapped[dt.datetime]
    digest: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary)


class Account(Base):
    """Who may log in to the page. `role`: reader, reviewer, operator. `password`: its hash with salt and parameters (argon2id).

    A disabled one stays, so that what it did keeps its name.
    """

    __tablename__ = "account"
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    role: Mapped[str]
    password: Mapped[str]
    created_at: Mapped[dt.datetime]
    disabled_at: Mapped[dt.datetime | None]


class Login(Base):
    """A session of the page. `token`: SHA-256 of what the browser's cookie holds, so that a copy of the store opens nothing."""

    __tablename__ = "login"
    token: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    created_at: Mapped[dt.datetime]
    seen_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]


class Audit(Base):
    """What was done, or tried, with an account of the page. Only ever added to; `details` never hold a password or token.

    `account`: the name as it was given, also where there is no such account. `action`: login, login_failed, logout, ack,
    mute, unmute, ruling, reply, job, account, …; `outcome`: done, refused.
    """

    __tablename__ = "audit"
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(index=True)
    account: Mapped[str] = mapped_column(index=True)
    action: Mapped[str]
    outcome: Mapped[str]
    subject: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")  # the client's
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)

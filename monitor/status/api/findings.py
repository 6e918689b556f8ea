"""The findings about one agency as JSON, each with what the office replied. May touch: the store for reading."""

import datetime as dt

from fastapi import APIRouter, HTTPException, Response
from pydantic import BaseModel, Field

from crawler.store.reads import coverage
from crawler.store.tables import Finding
from monitor.alerts.findings import ABOUT
from monitor.desk import replies as desk
from monitor.desk.replies import Reply, ReplyKind
from monitor.status.web import Web
from monitor.wording import LANGUAGES, Language, say


class ShownReply(BaseModel):
    """What the office said of a finding or of the year as a whole. It was not verified."""

    id: int
    kind: ReplyKind
    text: str
    source: str = Field(description="An address or a document.")
    received_on: dt.date
    superseded_by: int | None = Field(description="The id of the newer reply that replaced it; null while it counts.")


class FindingLine(BaseModel):
    """One line of what was found, as mails have it."""

    label: str
    text: str
    address: str


class ShownFinding(BaseModel):
    """One finding, open or closed."""

    key: str = Field(description="Tells it from all others; `gongkai reply --finding` takes it.")
    kind: str
    year: int
    opened_at: dt.datetime
    closed_at: dt.datetime | None = Field(description="Null while it stands.")
    title: dict[Language, str]
    lines: dict[Language, list[FindingLine]] = Field(description="Empty where the state says it all.")
    replies: list[ShownReply] = Field(description="Oldest first.")


class YearReplies(BaseModel):
    """What the office said of a whole report year."""

    year: int
    replies: list[ShownReply] = Field(description="Oldest first.")


class AgencyFindings(BaseModel):
    """All findings about one agency in the years for which it is watched, newest first."""

    agency: str
    name: str
    invented: bool = Field(description="True for an agency of a demonstration, which does not exist.")
    generated_at: dt.datetime
    findings: list[ShownFinding]
    years: list[YearReplies] = Field(description="Replies that are about no single finding.")


def routes(web: Web) -> APIRouter:
    """The route for programs."""
    router = APIRouter()

    @router.get("/api/agency/{agency_id}/findings.json", responses={404: {"description": "No such agency."}})
    def get_findings(agency_id: str, response: Response) -> AgencyFindings:
        """What was found of an agency, and what it said of that."""
        agency = web.configuration.agencies.get(agency_id)
        if agency is None:
            raise HTTPException(404)
        moment = web.now()
        with web.sessions() as session:
            rows = [row for row in coverage.findings(session, agency_id) if agency.watched(row.year)]
            said = desk.load(session, agency_id, until=moment)
        response.headers["Access-Control-Allow-Origin"] = "*"
        years = sorted({reply.year for reply in said if not reply.finding_key}, reverse=True)
        return AgencyFindings(
            agency=agency.id,
            name=agency.name,
            invented=agency.invented,
            generated_at=moment,
            findings=[_finding(row, said) for row in rows],
            years=[YearReplies(year=year, replies=_replies(said, year, "")) for year in years],
        )

    return router


def _finding(row: Finding, said: tuple[Reply, ...]) -> ShownFinding:
    return ShownFinding(
        key=row.key,
        kind=row.kind,
        year=row.year,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        title={language: say(f"finding.{row.kind}", language) for language in LANGUAGES},
        lines={language: _lines(row, language) for language in LANGUAGES},
        replies=_replies(said, row.year, row.key),
    )


def _lines(row: Finding, language: Language) -> list[FindingLine]:
    about, details = ABOUT.get(row.kind), row.details.get("finding")
    if about is None or not details:
        return []
    return [FindingLine(label=one.label, text=one.text, address=one.address) for one in about(details, language)]


def _replies(said: tuple[Reply, ...], year: int, key: str) -> list[ShownReply]:
    return [
        ShownReply(
            id=one.id,
            kind=one.kind,
            text=one.text,
            source=one.source,
            received_on=one.received_on,
            superseded_by=one.superseded_by,
        )
        for one in said
        if (one.year, one.finding_key) == (year, key)
    ]

"""What programs read: coverage as JSON, the health of the service, robots.txt. May touch: the store for reading."""

import datetime as dt
import hashlib

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse, JSONResponse, PlainTextResponse
from pydantic import BaseModel, Field
from sqlalchemy.exc import SQLAlchemyError

from config.schema import Agency, AgencyKind
from crawler.store.reads import coverage
from crawler.store.reads.coverage import StateLine
from crawler.store.session import head
from monitor.model import State
from monitor.status.site import PREFIXES, STATIC
from monitor.status.views.verdicts import Verdict, verdict
from monitor.status.web import Web
from monitor.wording import LANGUAGES, Language


class Bound(BaseModel):
    """One end of the interval of publication, with the ids of the looks and captures that prove it."""

    at: dt.datetime
    looks: list[int]
    captures: list[int]


class Published(BaseModel):
    """When the report was published, as far as looks tell."""

    not_before: Bound | None = Field(description="The last healthy look without it; null where there was none.")
    not_after: Bound = Field(description="When it was first seen, with the first capture that holds it.")


class LocalCoverage(BaseModel):
    """How the report stands against the supervising office's own day, which is not the Regulation's."""

    rule: str = Field(description="The id of the local rule.")
    due: dt.date
    state: State = Field(description="As if that day were the due day.")
    decides: bool = Field(description="True where the law names no day, and the state is by this one.")


class YearCoverage(BaseModel):
    """How the agency stands with its report of one year, at `generated_at`."""

    year: int = Field(description="The report year; its report is published in the year after.")
    state: State = Field(description="How the agency stands; docs/method.md says how each state comes about.")
    since: dt.datetime = Field(description="Since when this state is recorded.")
    due: dt.date | None = Field(
        description="The day that decides, which itself counts: the law's, or where it names none the supervising "
        "office's; null where nobody names one."
    )
    days: tuple[int, int] | None = Field(
        description="missing: days overdue; late: days late; due_soon: days left. Least and most: they differ "
        "where only a span is proven. Null in every other state."
    )
    basis: str = Field(description="on_time only: seen (by us by the due day) or claimed (by the agency's own dates).")
    rule: str = Field(description="The id of the deadline rule; empty where none applies.")
    local: LocalCoverage | None = Field(description="Null where no supervising office set an earlier day.")
    published: Published | None = Field(description="Between which looks it was published; null if never seen.")
    reason: dict[Language, str] = Field(description="Why it is so, for people, in Chinese (zh) and English (en).")


class AgencyCoverage(BaseModel):
    """One agency of the registry and the years for which it is watched and judged."""

    id: str = Field(description="Never changes, also when the name does.")
    name: str
    invented: bool = Field(description="True for an agency of a demonstration, which does not exist.")
    region: str
    region_code: str = Field(description="GB/T 2260.")
    kind: AgencyKind
    url: dict[Language, str] = Field(description="The agency's page in Chinese (zh) and English (en).")
    years: list[YearCoverage] = Field(description="Oldest first.")


class Coverage(BaseModel):
    """Every agency with its states."""

    generated_at: dt.datetime = Field(description="The moment at which days are counted.")
    simulated: bool = Field(description="True if any of it comes from simulated portals.")
    agencies: list[AgencyCoverage]


class Health(BaseModel):
    """Whether the service can do its work."""

    status: str = Field(description="ok or failed.")
    database: str = Field(description="ok, or why it cannot be used.")
    schema_version: str | None = Field(description="The version of the database's schema.")


def routes(web: Web) -> APIRouter:
    """The routes for programs."""
    router = APIRouter()
    configuration, sessions, public_url, now = web.configuration, web.sessions, web.settings.public_url, web.now

    @router.get("/api/coverage.json", responses={304: {"description": "Not changed since the ETag that was sent."}})
    def get_coverage(request: Request) -> Coverage:
        """Agency by year: state, due day, days, basis and reason. Send the ETag back as If-None-Match."""
        moment = now()
        with sessions() as session:
            simulated = bool(coverage.simulated_portals(session))
            by_agency: dict[str, list[YearCoverage]] = {}
            for row in coverage.state_lines(session):
                agency = configuration.agencies.get(row.agency_id)
                if agency is not None and agency.watched(row.year):
                    by_agency.setdefault(row.agency_id, []).append(_year(row, moment))
        found = Coverage(
            generated_at=moment,
            simulated=simulated,
            agencies=[
                _agency(agency, by_agency.get(agency.id, []), public_url) for agency in configuration.agencies.values()
            ],
        )
        # The moment alone is no change: days are part of the content, and change at midnight.
        etag = _etag(found.model_dump_json(exclude={"generated_at"}))
        headers = {"ETag": etag, "Access-Control-Allow-Origin": "*"}
        if etag in (tag.strip() for tag in request.headers.get("if-none-match", "").split(",")):
            return Response(status_code=304, headers=headers)  # type: ignore[return-value]  # FastAPI sends it as it is
        body = found.model_dump_json()
        return Response(body, media_type="application/json", headers=headers)  # type: ignore[return-value]  # see above

    @router.get("/healthz", response_model=Health, responses={503: {"model": Health, "description": "It cannot."}})
    def get_health() -> JSONResponse:
        """200 while the database answers and has the schema that the program needs, 503 with the reason otherwise."""
        version, problem = None, ""
        try:
            with sessions() as session:
                version = coverage.schema_version(session)
            if version != head():
                problem = f"the schema is of version {version}, the program needs {head()}: run `gongkai migrate`"
        except SQLAlchemyError as error:
            problem = f"the database does not answer ({type(error).__name__})"
        health = Health(status="failed" if problem else "ok", database=problem or "ok", schema_version=version)
        return JSONResponse(health.model_dump(), status_code=503 if problem else 200)

    @router.get("/robots.txt", include_in_schema=False)
    def get_robots() -> PlainTextResponse:
        return PlainTextResponse("User-agent: *\nAllow: /\n")

    @router.get("/favicon.ico", include_in_schema=False)
    def get_favicon() -> FileResponse:
        return FileResponse(STATIC / "favicon.svg", media_type="image/svg+xml")

    return router


def _agency(agency: Agency, years: list[YearCoverage], public_url: str) -> AgencyCoverage:
    return AgencyCoverage(
        id=agency.id,
        name=agency.name,
        invented=agency.invented,
        region=agency.region,
        region_code=agency.region_code,
        kind=agency.kind,
        url={language: f"{public_url.rstrip('/')}{prefix}/agency/{agency.id}" for language, prefix in PREFIXES.items()},
        years=years,
    )


def _year(row: StateLine, now: dt.datetime) -> YearCoverage:
    found = verdict(row, now)
    return YearCoverage(
        year=found.year,
        state=found.state,
        since=found.since,
        due=found.due,
        days=found.days,
        basis=found.basis,
        rule=found.rule_id,
        local=_local(found),
        published=_published(found),
        reason={language: found.reason(language) for language in LANGUAGES},
    )


def _local(found: Verdict) -> LocalCoverage | None:
    local = found.local
    if local is None:
        return None
    return LocalCoverage(rule=local.rule_id, due=local.due, state=local.state, decides=local.decides)


def _published(found: Verdict) -> Published | None:
    if found.interval is None:
        return None
    ends = [end and Bound(at=end.at, looks=list(end.looks), captures=list(end.captures)) for end in found.interval]
    return Published.model_validate(dict(zip(("not_before", "not_after"), ends, strict=True)))


def _etag(content: str) -> str:
    """Weak: the same content may be packed in another way."""
    return f'W/"{hashlib.sha256(content.encode()).hexdigest()[:32]}"'

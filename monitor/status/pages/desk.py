"""The page `/desk` for reviewers: what was done about a finding, an agency or a portal, and the forms that do something.

May touch: the store for reading, and by monitor.desk the acts of persons. Every act is one of the command line's, by the
account's name, and stands in the audit log besides.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from config.errors import GongkaiError
from crawler.store.reads import coverage
from monitor.accounts import Role
from monitor.agencies import agency_named
from monitor.clock import REAL
from monitor.desk import acks, jobs, mutes, replies
from monitor.desk.replies import ReplyKind, checked
from monitor.status.account.asking import needs, note
from monitor.status.account.request import back, field
from monitor.status.site import METHODS, PREFIXES
from monitor.status.views.desk import About, desk_page, known_about
from monitor.status.web import Web
from monitor.wording import Language

YEARS = (2007, 2100)
Does = Callable[[Session, str], str]  # session, name of who does it → what it was about


def routes(web: Web, language: Language) -> APIRouter:
    router = APIRouter(prefix=PREFIXES[language], include_in_schema=False)
    desk = f"{PREFIXES[language]}/desk"

    @router.api_route("/desk", methods=METHODS)
    def show(request: Request) -> Response:
        needs(web, request, Role.REVIEWER)
        query = request.query_params
        about = About(
            query.get("finding", ""), query.get("agency", ""), _year(query.get("year", "")), query.get("portal", "")
        )
        with web.sessions() as session:
            if not known_about(session, web.configuration, about):
                raise HTTPException(404)
            view = desk_page(session, web.configuration, about, web.now())
        return web.site.render(
            request,
            "desk.html",
            language,
            view=view,
            today=web.now().date(),
            latest=web.now().date() + dt.timedelta(days=mutes.LONGEST),
            longest_note=acks.LONGEST_NOTE,
            longest_text=replies.LONGEST_TEXT,
            longest_source=replies.LONGEST_SOURCE,
            kinds=tuple(ReplyKind),
            back=f"{PREFIXES[language]}{request.scope['path'].removeprefix(PREFIXES[language])}?{request.url.query}",
        )

    def act(request: Request, action: str, role: Role, does: Does) -> Response:
        """One act in one transaction: done and told, or refused with the reason, and either kept in the audit log."""
        actor = needs(web, request, role)
        wanted = back(request, desk)
        try:
            with web.sessions.begin() as session:
                subject = does(session, actor.name)
        except GongkaiError as error:
            note(web, request, action, actor.name, outcome="refused", details={"why": str(error)})
            alternates = {each: f"{prefix}/" for each, prefix in PREFIXES.items()}
            return web.site.render(
                request, "refused.html", language, status=400, problem=str(error), wanted=wanted, alternates=alternates
            )
        note(web, request, action, actor.name, subject=subject)
        return RedirectResponse(wanted, status_code=303)

    @router.post("/act/ack")
    def ack(request: Request) -> Response:
        def does(session: Session, by: str) -> str:
            key = field(request, "finding")
            acks.acknowledge(session, key, by=by, note=field(request, "note"), at=web.now())
            return key

        return act(request, "ack", Role.REVIEWER, does)

    @router.post("/act/mute")
    def mute(request: Request) -> Response:
        def does(session: Session, by: str) -> str:
            about = mutes.target(session, web.configuration, **_target(request))
            reason, until = field(request, "reason"), _day(field(request, "until"))
            made = mutes.mute(session, about, reason=reason, until=until, by=by, at=web.now())
            return mutes.described(made.target)

        return act(request, "mute", Role.REVIEWER, does)

    @router.post("/act/unmute")
    def unmute(request: Request) -> Response:
        def does(session: Session, by: str) -> str:
            about = mutes.once(web.configuration, **_target(request))
            ended = mutes.unmute(session, about, note=field(request, "note"), by=by, at=web.now())
            return mutes.described(ended.target)

        return act(request, "unmute", Role.REVIEWER, does)

    @router.post("/act/reply")
    def reply(request: Request) -> Response:
        def does(session: Session, by: str) -> str:
            year = _year(field(request, "year"))
            if year is None:
                raise GongkaiError("请给出报告年度 the year of the report is needed")
            agency = agency_named(web.configuration, field(request, "agency"), year).id
            if field(request, "kind") not in tuple(ReplyKind):
                raise GongkaiError("请选择答复或更正 a reply or a correction is expected")
            new = checked(
                agency_id=agency,
                year=year,
                finding_key=field(request, "finding"),
                kind=ReplyKind(field(request, "kind")),
                text=field(request, "text"),
                source=field(request, "source"),
                received_on=_day(field(request, "received")),
                by=by,
                known_findings={one.key for one in coverage.findings(session, agency) if one.year == year},
                now=web.now(),
            )
            replies.record(session, new, web.now())
            return new.finding_key or f"{agency} {year}"

        return act(request, "reply", Role.REVIEWER, does)

    @router.post("/act/job")
    def job(request: Request) -> Response:
        def does(session: Session, by: str) -> str:
            jobs.ask(session, field(request, "job"), by=by, at=REAL.now())
            return field(request, "job")

        return act(request, "job", Role.OPERATOR, does)

    return router


def _target(request: Request) -> dict[str, Any]:
    given = {name: field(request, name) or None for name in ("finding", "agency", "portal")}
    return {**given, "year": _year(field(request, "year")) if given["agency"] else None}


def _year(text: str) -> int | None:
    """Raises HTTPException 400 for what is no year."""
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) == 4 and YEARS[0] <= int(text) <= YEARS[1]):
        raise HTTPException(400)
    return int(text)


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise GongkaiError("请给出日期，如 2024-02-05 a day is expected, like 2024-02-05") from error

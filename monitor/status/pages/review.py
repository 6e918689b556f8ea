"""The pages `/review` (what waits for a person) and `/review/ENTRY` (everything about one entry, and the decision).

Everybody may read them; reviewers decide. May touch: the store, for reading, and by monitor.desk.rulings a ruling.
"""

import threading

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from config.errors import GongkaiError
from crawler.identification import Identifier
from crawler.store.reads import waiting
from monitor.accounts import Role
from monitor.desk import rulings as desk
from monitor.desk.rulings import Wanted
from monitor.status.account.asking import needs, note
from monitor.status.account.request import field
from monitor.status.filters import BadFilter
from monitor.status.site import METHODS, PREFIXES
from monitor.status.views.review import REASONS, review_entry, review_list, tried
from monitor.status.web import Web
from monitor.wording import Language

LONGEST_ID = 15  # digits


def routes(web: Web, language: Language) -> APIRouter:
    router = APIRouter(prefix=PREFIXES[language], include_in_schema=False)
    identifiers = _Identifiers(web)

    @router.api_route("/review", methods=METHODS)
    def show(request: Request) -> Response:
        query = request.query_params
        portal, reason, after = query.get("portal", ""), query.get("why", ""), query.get("after", "0")
        if portal and portal not in web.configuration.portals:
            raise BadFilter("portal")
        if reason and reason not in REASONS:
            raise BadFilter("why")
        if not _is_number(after):
            raise BadFilter("after")
        with web.sessions() as session:
            view = review_list(session, web.configuration, after=int(after), portal=portal, reason=reason)
        return web.site.render(
            request, "review.html", language, view=view, reasons=REASONS, portal=portal, reason=reason, after=int(after)
        )

    @router.api_route("/review/{entry_id}", methods=METHODS)
    def show_entry(request: Request, entry_id: str) -> Response:
        if not _is_number(entry_id):
            raise HTTPException(404)
        with web.sessions() as session:
            contents = waiting.current(session, [int(entry_id)]).get(int(entry_id), [])
            if not contents:
                raise HTTPException(404)
            seen = desk.seen(session, int(entry_id))
            view = review_entry(session, web.configuration, int(entry_id), contents, seen)
        return web.site.render(request, "review_entry.html", language, view=view, most_year=web.now().year)

    @router.post("/act/ruling")
    def decide(request: Request) -> Response:
        """Without `confirmed` it is only tried, and what would come of it is shown with the button that does it."""
        actor = needs(web, request, Role.REVIEWER)
        wanted = _wanted(request)
        is_confirmed = field(request, "confirmed") == "yes"
        alternates = {each: f"{prefix}/review/{wanted.entry_id}" for each, prefix in PREFIXES.items()}
        try:
            with web.sessions() as session:
                now = desk.decide(session, web.configuration, identifiers.get(), wanted, by=actor.name, at=web.now())
                view = tried(session, web.configuration, now)
                if is_confirmed:
                    session.commit()
                else:
                    session.rollback()
        except GongkaiError as error:
            note(web, request, "ruling", actor.name, subject=str(wanted.entry_id), outcome="refused")
            return web.site.render(
                request,
                "refused.html",
                language,
                status=400,
                problem=str(error),
                wanted=f"{PREFIXES[language]}/review/{wanted.entry_id}",
                alternates=alternates,
            )
        if not is_confirmed:
            return web.site.render(request, "ruling.html", language, wanted=wanted, view=view, alternates=alternates)
        details = {"decision": wanted.decision, "agency": wanted.agency, "year": str(wanted.year or "")}
        note(web, request, "ruling", actor.name, subject=str(wanted.entry_id), details=details)
        return RedirectResponse(f"{PREFIXES[language]}/review/{wanted.entry_id}?done=ruling", status_code=303)

    return router


class _Identifiers:
    """The registry as identification needs it, indexed when the first decision is made: the list itself does without."""

    def __init__(self, web: Web) -> None:
        self._web = web
        self._lock = threading.Lock()
        self._made: Identifier | None = None

    def get(self) -> Identifier:
        with self._lock:
            if self._made is None:
                self._made = Identifier(self._web.configuration)
            return self._made


def _wanted(request: Request) -> Wanted:
    """The decision that a form asks for. Raises HTTPException 400: the form of ours cannot send such a thing."""
    entry, decision, year = field(request, "entry"), field(request, "decision"), field(request, "year")
    named = field(request, "agency").strip() or field(request, "candidate")
    if not _is_number(entry) or (year and not (_is_number(year) and len(year) == 4)):
        raise HTTPException(400)
    if decision == "filed":
        return Wanted(
            int(entry), "filed", named, int(year) if year else None, field(request, "note"), field(request, "seen")
        )
    if decision == "not_a_report":
        return Wanted(int(entry), "not_a_report", "", None, field(request, "note"), field(request, "seen"))
    if decision == "undone":
        return Wanted(int(entry), "undone", "", None, field(request, "note"), field(request, "seen"))
    raise HTTPException(400)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= LONGEST_ID

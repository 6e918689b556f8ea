"""The templates with everything they may use: words in two languages, addresses, days. Renders, reads no store.

May touch: the files below templates/ and static/, for reading.
"""

import datetime as dt
import hashlib
from collections.abc import Callable
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from monitor.days import SHANGHAI, day_of
from monitor.status.account.request import actor_of
from monitor.status.cells import CELLS
from monitor.status.headers import SECURITY
from monitor.status.links import web_address
from monitor.templates import environment
from monitor.wording import Language, say, show_days
from monitor.wording import keys as wording_keys

HERE = Path(__file__).resolve().parent
STATIC = HERE / "static"
METHODS: Final = ["GET", "HEAD"]
PREFIXES: Final[dict[Language, str]] = {"zh": "", "en": "/en"}
HTML_LANGUAGES: Final[dict[Language, str]] = {"zh": "zh-CN", "en": "en"}
# The pages that every page links to: name (wording key `nav.NAME`) and path, in the order of the menu.
NAVIGATION: Final = (
    ("overview", "/"),
    ("coverage", "/coverage"),
    ("late", "/late"),
    ("changes", "/changes"),
    ("review", "/review"),
    ("portals", "/portals"),
    ("jobs", "/jobs"),
    ("data", "/data"),
    ("method", "/method"),
)


class Site:
    """Renders templates in one language or the other."""

    def __init__(self, now: Callable[[], dt.datetime]) -> None:
        self.now = now
        self._templates = environment(HERE / "templates")
        self._templates.globals.update(CELLS)
        self._templates.globals["web_address"] = web_address
        self._templates.globals["static"] = static_addresses()
        self._templates.globals["navigation"] = NAVIGATION
        self._templates.filters["iso_moment"] = iso_moment
        self._templates.filters["shown_moment"] = shown_moment
        self._templates.filters["thousands"] = thousands
        self._templates.globals["percent"] = percent

    def render(
        self, request: Request, template: str, language: Language, *, status: int = 200, **values: Any
    ) -> HTMLResponse:
        """One page as an answer, with the security headers also where no middleware comes after."""
        page = self.part(request, template, language, **values)
        return HTMLResponse(page, status_code=status, headers=dict(SECURITY))

    def part(self, request: Request, template: str, language: Language, **values: Any) -> Markup:
        """A page or a part of one, as it is put into another."""
        now = self.now()
        context = {
            "language": language,
            "html_language": HTML_LANGUAGES[language],
            "t": partial(_text, language),
            "known": _known,
            "url": partial(_address, language),
            "alternates": alternates(request),
            "here": path_of(request),
            "actor": actor_of(request),
            "days_ago": partial(_days_ago, language, now),
            "show_days": show_days,
            "now": now,
        }
        return Markup(self._templates.get_template(template).render(context | values))  # noqa: S704  it escapes by itself


def language_of(path: str) -> Language:
    """By the address: English below /en, Chinese everywhere else."""
    return "en" if path == "/en" or path.startswith("/en/") else "zh"


def path_of(request: Request) -> str:
    """The path of this page without its language: /coverage for /en/coverage."""
    path: str = request.scope["path"]  # not request.url, which is made of the host that the visitor claims
    return (path.removeprefix("/en") or "/") if language_of(path) == "en" else path


def alternates(request: Request) -> dict[Language, str]:
    """The address of this page in each language, its query kept."""
    path = path_of(request)
    asked = request.scope.get("query_string", b"").decode("ascii", "replace")
    query = f"?{asked}" if asked else ""
    # Two slashes at the beginning would be another host.
    path = quote(path.lstrip("/"), safe="/:@")
    return {language: f"{prefix}/{path}{query}" for language, prefix in PREFIXES.items()}


def static_addresses() -> dict[str, str]:
    """The address of every static file by its path below static/; it changes with the content."""
    return {
        (name := path.relative_to(STATIC).as_posix()): (
            f"/static/{name}?v={hashlib.sha256(path.read_bytes()).hexdigest()[:12]}"
        )
        for path in sorted(STATIC.rglob("*"))
        if path.is_file()
    }


def iso_moment(moment: dt.datetime) -> str:
    """For machines: 2024-02-01T09:00:00+08:00."""
    return moment.astimezone(SHANGHAI).isoformat(timespec="seconds")


def shown_moment(moment: dt.datetime) -> str:
    """For people, in Asia/Shanghai: 2024-02-01 09:00."""
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def thousands(number: int) -> str:
    """12,345: for people."""
    return f"{number:,}"


def percent(count: int, total: int) -> str:
    """A share in whole per cent that says neither "none" of some nor "all" of not all: <1, 37, >99."""
    share = 100 * count / total
    if 0 < share < 0.5:
        return "<1"
    return ">99" if 99.5 <= share < 100 else f"{share:.0f}"


def _text(language: Language, key: str, /, **values: object) -> str:
    return say(key, language, **values) if values else _fixed_text(key, language)


@lru_cache(maxsize=4096)
def _fixed_text(key: str, language: Language) -> str:
    return say(key, language)


def _known(key: str) -> bool:
    return key in wording_keys()


def _address(language: Language, path: str) -> str:
    return f"{PREFIXES[language]}{path}"


def _days_ago(language: Language, now: dt.datetime, when: dt.datetime | dt.date) -> str:
    """今天, 1天前, 12天前; also for what is to come: 3天后."""
    days = (day_of(now) - (day_of(when) if isinstance(when, dt.datetime) else when)).days
    if days == 0:
        return say("page.today", language)
    key = "page.days_ago" if days > 0 else "page.days_ahead"
    return say(key, language, days=show_days(abs(days), language))

"""Which addresses are open to everybody, which are for programs, and the way to the login. May touch nothing."""

from typing import Final
from urllib.parse import quote, urlencode

from monitor.desk.unsubscribes import PATH as UNSUBSCRIBE
from monitor.status.site import PREFIXES, language_of

# Open also where reading needs a login: what says nothing of anybody, and what recipients of mails must reach.
OPEN: Final = ("/healthz", "/favicon.ico", "/robots.txt", "/login", "/en/login")
OPEN_BELOW: Final = ("/static/", UNSUBSCRIBE, f"/en{UNSUBSCRIBE}")
# Programs are answered 401, with words that programs read; people are led to the login.
PROGRAMS: Final = ("/api", "/calendar.ics", "/sitemap.xml")
PROGRAMS_BELOW: Final = ("/api/", "/feeds/", "/badge/", "/sitemaps/")


def is_open(path: str) -> bool:
    return path in OPEN or path.startswith(OPEN_BELOW)


def is_for_programs(path: str) -> bool:
    return path in PROGRAMS or path.startswith(PROGRAMS_BELOW)


def is_unsubscribing(path: str) -> bool:
    """The one form without a session: its address is the permission, and mail programs send it (RFC 8058)."""
    return path.startswith((UNSUBSCRIBE, f"/en{UNSUBSCRIBE}"))


def is_login(path: str) -> bool:
    return path in ("/login", "/en/login")


def login_way(path: str, query: str = "") -> str:
    """The login in the language of `path`, which leads back there."""
    wanted = quote(path, safe="/:@") + (f"?{query}" if query else "")
    return f"{PREFIXES[language_of(path)]}/login?{urlencode({'next': wanted})}"

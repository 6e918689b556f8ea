"""Absolute addresses, and names that never change, all from the setting public_url, never from what a visitor asks for. Pure."""

import datetime as dt
import re
from urllib.parse import urlsplit

from config.env import Settings
from monitor.status.filters import BadFilter
from monitor.status.site import PREFIXES
from monitor.wording import LANGUAGES, Language

NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*")
FIRST_DAY = "2026"  # RFC 4151: a day on which the host was ours, for what has no day of its own


def absolute(settings: Settings, path: str, language: Language = "zh") -> str:
    """The address of a page in one language; what has no language (feeds, badges) takes the default."""
    return f"{settings.public_url.rstrip('/')}{PREFIXES[language]}{path}"


def authority(settings: Settings) -> str:
    """The host by which tags and UIDs are told from those of others; `localhost` where the address names none."""
    try:
        host = (urlsplit(settings.public_url).hostname or "").encode("idna").decode()
    except (UnicodeError, ValueError):
        return "localhost"
    return host if NAME.fullmatch(host) else "localhost"


def tag(settings: Settings, what: str, on: dt.date | None = None) -> str:
    """A tag URI (RFC 4151). It changes with nothing but the host of public_url."""
    return f"tag:{authority(settings)},{on.isoformat() if on else FIRST_DAY}:{what}"


def language_asked(text: str) -> Language:
    """`zh` (also where nothing is said) or `en`. Raises BadFilter."""
    for language in LANGUAGES:
        if text == language:
            return language
    if text:
        raise BadFilter("lang")
    return "zh"

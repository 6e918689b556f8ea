"""When two addresses are one page. Touches nothing.

The same report stands at http and https, with and without index.html, with its parameters in another order, and
with parameters that change its dress only (?isMobile=false).
"""

import re
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

_DRESS = frozenset(("ismobile", "from", "_t", "timestamp", "spm", "showtype"))  # parameters, in lower case
_INDEX = re.compile(r"(?:index|default)\.(?:s?html?|jsp|php|aspx?)$", re.I)


def canonical(url: str) -> str:
    """A name for the page at `url`; equal names are the same page. It is for comparing, not for fetching."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return url.strip()
    host = (parts.hostname or "").removeprefix("www.")
    if port not in (None, 80, 443):
        host = f"{host}:{port}"
    path = _INDEX.sub("", quote(unquote(parts.path), safe="/")).rstrip("/")
    fields = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True)]
    query = urlencode(sorted((name, value) for name, value in fields if name.lower() not in _DRESS))
    return f"{host}{path}" + (f"?{query}" if query else "")

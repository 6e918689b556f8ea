"""Addresses from outside become links only if they are plain web addresses. May touch nothing."""

from urllib.parse import urlsplit

LONGEST = 2000


def web_address(address: str) -> str | None:
    """`address` if a browser may be sent there (http or https with a host, no credentials), else None.

    What is refused is still shown, as text.
    """
    if len(address) > LONGEST or any(ord(character) <= 0x20 for character in address):
        return None
    try:
        parts = urlsplit(address)
        has_host = bool(parts.hostname)
    except ValueError:
        return None
    plain = parts.scheme in ("http", "https") and has_host and "@" not in parts.netloc and "\\" not in address
    return address if plain else None

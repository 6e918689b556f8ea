"""Whose address a request comes from, and which ways within our own site a form may lead to. May touch nothing."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope

Network = IPv4Network | IPv6Network
UNKNOWN = "unknown"
LONGEST_PATH = 2000


def client_address(scope: Scope, trusted: Sequence[Network]) -> str:
    """The socket's address; if that is a trusted proxy's, the last address of X-Forwarded-For that is none of ours.

    What a visitor writes into that header stands before what the proxy adds, and is never looked at.
    """
    client = scope.get("client")
    found = _address(client[0]) if client else None
    if found is None:
        return UNKNOWN
    if _is_trusted(found, trusted):
        said = ",".join(Headers(scope=scope).getlist("x-forwarded-for")).split(",")
        for text in reversed(said):
            named = _address(text)
            if named is None:
                break
            found = named
            if not _is_trusted(named, trusted):
                break
    return str(found)


def counted(address: str) -> str:
    """What limits are counted by: the address, of IPv6 the network of one customer (/64)."""
    found = _address(address)
    return str(IPv6Network((found, 64), strict=False)) if isinstance(found, IPv6Address) else address


def local_path(path: str) -> str:
    """`path` if it leads to a page of ours, else `/`: nobody is sent to another site."""
    plain = path.startswith("/") and not path.startswith(("//", "/\\")) and len(path) <= LONGEST_PATH
    if not plain or any(mark <= " " or mark == "\\" or not mark.isascii() or mark == "\x7f" for mark in path):
        return "/"
    parts = urlsplit(path)
    return path if not parts.scheme and not parts.netloc else "/"


def is_from_here(headers: Headers, public_url: str) -> bool:
    """Whether a form was sent from a page of ours, as far as the browser says (Sec-Fetch-Site, else Origin).

    A program that says neither is let through to the check of the form's token.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = headers.get("origin")
    if origin is None:
        return True
    # Only compared: no address is ever made of what a visitor says to be our host.
    return origin == _origin(public_url) or origin in (f"{scheme}://{headers.get('host')}" for scheme in SCHEMES)


SCHEMES = ("http", "https")


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def _is_trusted(address: IPv4Address | IPv6Address, trusted: Sequence[Network]) -> bool:
    return any(address.version == network.version and address in network for network in trusted)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(text.strip().partition("%")[0])
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found

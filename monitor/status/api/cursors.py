"""The places at which pages of a list begin, packed for addresses. May touch nothing.

A cursor is opaque to its holder and bound to the list and the filters of which it marks a place. It is validated, not
signed: it holds nothing but a place, so that forging one gives no more than asking for that place.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Sequence

LONGEST = 400  # characters
MOST = 2**63 - 1  # ids are no larger in any store

Place = tuple[str | int, ...]


class BadCursor(ValueError):
    """It is none of ours, or of another list or other filters."""


def packed(scope: str, place: Sequence[str | int]) -> str:
    """The cursor of a place in the list that `scope` (its path and filters) names."""
    content = json.dumps(list(place), ensure_ascii=False, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(_mark(scope, content) + content).decode().rstrip("=")


def unpacked(scope: str, cursor: str, shape: Sequence[type[str] | type[int]]) -> Place:
    """The place that a cursor marks; `shape`: the types of its parts. Raises BadCursor."""
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        mark, content = raw[:MARK], raw[MARK:]
        if mark != _mark(scope, content):
            raise BadCursor
        place = json.loads(content)
    except (binascii.Error, ValueError, RecursionError) as error:
        raise BadCursor from error
    if not isinstance(place, list) or [type(part) for part in place] != list(shape):
        raise BadCursor
    if any(isinstance(part, int) and not 0 <= part <= MOST for part in place):
        raise BadCursor
    return tuple(place)


MARK = 6  # bytes


def _mark(scope: str, content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=MARK, key=hashlib.sha256(scope.encode()).digest()).digest()

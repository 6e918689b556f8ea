"""JSON as portals answer it: bare, in a callback's brackets (JSONP), or as a string within JSON. Touches nothing."""

import json
import re
from typing import Any

# Half of a pair that makes one sign (\ud83d\ude00 is a pair), and NUL: no text can be stored with them.
_UNFIT = re.compile(r"\\u0000|\\ud[89ab][0-9a-f]{2}(?!\\ud[c-f])|(?<!\\ud[89ab][0-9a-f]{2})\\ud[c-f][0-9a-f]{2}", re.I)


def json_object(text: str) -> dict[str, Any] | None:
    """The object in `text`, with or without a callback around it; None where there is none."""
    start, end = text.find("{"), text.rfind("}")
    if not 0 <= start < end:
        return None
    try:
        found = json.loads(_UNFIT.sub(r"\\ufffd", text[start : end + 1]))
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def nested(value: Any) -> dict[str, Any]:
    """An object that stands in another one, as itself or as a string; empty where it is none."""
    if isinstance(value, str):
        return json_object(value) or {}
    return value if isinstance(value, dict) else {}


def number(value: Any) -> int | None:
    """A count, written as a number or as its digits."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value if value >= 0 else None
    if isinstance(value, str) and value.strip().isdecimal() and len(value) <= 12:
        return int(value)
    return None


def text_of(value: Any) -> str:
    """A text with single spaces; "" where the value is none."""
    return " ".join(value.split()) if isinstance(value, str) else ""

"""A badge: a label and a value beside each other as SVG, read out as one sentence. Pure but for its template.

Nothing is loaded and nothing is styled from outside; the widths are those of common fonts, to which the text is fitted.
"""

import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Final

from jinja2 import Template

from monitor.status.feeds.document import writable
from monitor.status.site import HERE, HTML_LANGUAGES
from monitor.templates import environment
from monitor.wording import Language

MEDIA_TYPE = "image/svg+xml"
PADDING: Final = 7
WIDE, NARROW = 11.0, 6.4  # pixels of a sign at 11 pixels
# White on it keeps 4.5 to 1; the colours of the page's states in its light scheme.
COLOURS: Final = {
    "on_time": "#176242",
    "late": "#864c00",
    "date_unsure": "#3d6b6b",
    "missing": "#a3201b",
    "unknown": "#56438c",
    "withdrawn": "#8a1c58",
    "due_soon": "#1a5587",
}
PLAIN: Final = "#565e66"


@dataclass(frozen=True, slots=True)
class Badge:
    """`title`: the whole of it in a sentence, for those who do not see it."""

    label: str
    value: str
    title: str
    colour: str


def drawn(badge: Badge, language: Language) -> bytes:
    """The badge as SVG in UTF-8."""
    label_width = _width(badge.label)
    return (
        _template()
        .render(
            label=writable(badge.label),
            value=writable(badge.value),
            title=writable(badge.title),
            colour=badge.colour,
            label_width=label_width,
            width=label_width + _width(badge.value),
            padding=PADDING,
            html_language=HTML_LANGUAGES[language],
        )
        .encode()
    )


def _width(text: str) -> int:
    signs = sum(WIDE if unicodedata.east_asian_width(sign) in ("W", "F") else NARROW for sign in text)
    return round(signs) + 2 * PADDING


@cache
def _template() -> Template:
    return environment(HERE / "templates").get_template("badge.svg")

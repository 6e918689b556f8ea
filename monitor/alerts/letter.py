"""A message in one or two languages, written as text and as HTML: how everything that is told looks. Pure.

May touch: the templates of this folder, for reading. Whatever comes from outside was made a bounded line before
(monitor.alerts.lines); the template escapes it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment

from config.alerts import Speaks
from monitor.alerts.lines import Line
from monitor.templates import environment
from monitor.wording import LANGUAGES, Language, say

TEMPLATES = Path(__file__).parent / "templates"
SPOKEN: dict[Speaks, tuple[Language, ...]] = {Speaks.BOTH: LANGUAGES, Speaks.ZH: ("zh",), Speaks.EN: ("en",)}
# Colours of headings by tone, as (light, dark): those of the status page. Both keep 4.5 to 1 on their ground.
TONES = {
    "missing": ("#a3201b", "#ff9d93"),
    "late": ("#864c00", "#efb65c"),
    "withdrawn": ("#8a1c58", "#f3a0cb"),
    "unknown": ("#56438c", "#c1b1f4"),
    "due_soon": ("#1a5587", "#8fc3ee"),
    "on_time": ("#176242", "#7fcfa5"),
    "plain": ("#17456b", "#9cc7ea"),
}


@dataclass(frozen=True, slots=True)
class Digest:
    """A message before any channel has formed it. `subject` is one line.

    `thread`: what it belongs to, in words that never change; messages with the same one are shown as one conversation.
    "": a conversation of its own. `unsubscribe`: the web address under which this recipient can end all this; "": none.
    """

    subject: str
    text: str
    html: str
    thread: str = ""
    unsubscribe: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is told: a title and what is said of it, line by line."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list of many: what it is about, its address ("" for none), and what is said of it."""

    title: str
    link: str
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """Items with all their lines, or rows of a list, under one title.

    `note`: what has to be known of all of them; `more`: how many are not shown; "" for none.
    """

    title: str
    tone: str
    note: str = ""
    items: tuple[Item, ...] = ()
    rows: tuple[Row, ...] = ()
    more: str = ""


@dataclass(frozen=True, slots=True)
class Half:
    """The message in one language. `summary`: what a mail program shows beside the subject; one line.

    `lead`: the sentence that says it all. `over`: what was recorded earlier and is no longer so. `left_out`: that more is
    to be read on the page.
    """

    language: Language
    title: str
    as_of: str
    summary: str
    sections: tuple[Section, ...]
    lead: str = ""
    over_title: str = ""
    over: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    left_out: str = ""
    footer: str = ""


def written(subject: str, halves: Sequence[Half], *, thread: str, unsubscribe: str) -> Digest:
    """The message as text and as HTML; Chinese first where both languages are spoken."""
    html = (
        _environment().get_template("letter.html").render(halves=halves, tones=TONES, unsubscribe=unsubscribe, say=say)
    )
    text = "\n\n".join(_text(half, unsubscribe) for half in halves) + "\n"
    return Digest(subject, text, html, thread, unsubscribe)


def _text(half: Half, unsubscribe: str) -> str:
    lines = [half.title, half.as_of]
    if half.lead:
        lines += ["", half.lead]
    for section in half.sections:
        lines += ["", f"■ {section.title}", *filter(None, (section.note,))]
        for number, item in enumerate(section.items, start=1):
            lines += ["", f"{number}. {item.title}", *(_line(line, half.language) for line in item.lines)]
        if section.rows:
            lines += ["", *(_row(row, half.language) for row in section.rows)]
        lines += filter(None, (section.more,))
    if half.over:
        lines += ["", f"■ {half.over_title}", "", *(f"- {line}" for line in half.over)]
    lines += ["", *half.notes, *filter(None, (half.left_out, half.footer))]
    if unsubscribe:
        lines.append(f"{say('mail.unsubscribe', half.language)}{_colon(half.language)}{unsubscribe}")
    return "\n".join(lines)


def _line(line: Line, language: Language) -> str:
    return f"   {line.label}{_colon(language)}{' '.join(filter(None, (line.text, line.address)))}"


def _row(row: Row, language: Language) -> str:
    return f"- {row.title}{_colon(language) + row.text if row.text else ''}"


def _colon(language: Language) -> str:
    return "：" if language == "zh" else ": "


@cache
def _environment() -> Environment:
    return environment(TEMPLATES)

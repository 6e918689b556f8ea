"""An Atom document (RFC 4287) from plain values, by lxml: whatever stands in a text stays text. Pure.

XML 1.0 has no way to write control characters, halves of surrogate pairs, U+FFFE and U+FFFF: in their place stands U+FFFD.
"""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

from monitor.alerts.lines import Line
from monitor.days import iso_moment
from monitor.status.site import HTML_LANGUAGES
from monitor.wording import Language

ATOM = "http://www.w3.org/2005/Atom"
MEDIA_TYPE = "application/atom+xml"
UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """`page`: the address for people. `term`, `label`: what kind of event it is, for programs and for people."""

    id: str
    title: str
    updated: dt.datetime
    page: str
    term: str
    label: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Feed:
    """`links`: by relation (self, alternate, first, next), absolute addresses."""

    id: str
    title: str
    subtitle: str
    author: str
    language: Language
    updated: dt.datetime
    links: Mapping[str, str]
    entries: Sequence[Entry]


def document(feed: Feed) -> bytes:
    """The feed as UTF-8."""
    root = etree.Element(_atom("feed"), nsmap={None: ATOM})  # type: ignore[dict-item]  # the stubs forget the default namespace
    root.set("{http://www.w3.org/XML/1998/namespace}lang", HTML_LANGUAGES[feed.language])
    _text(root, "id", feed.id)
    _text(root, "title", feed.title)
    _text(root, "subtitle", feed.subtitle)
    _text(root, "updated", _moment(feed.updated))
    _text(etree.SubElement(root, _atom("author")), "name", feed.author)
    _text(root, "generator", "gongkai")
    for relation, address in feed.links.items():
        kind = "text/html" if relation == "alternate" else MEDIA_TYPE
        etree.SubElement(root, _atom("link"), rel=relation, type=kind, href=writable(address))
    for entry in feed.entries:
        _append(root, entry, feed.language)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def _append(root: etree._Element, entry: Entry, language: Language) -> None:
    node = etree.SubElement(root, _atom("entry"))
    _text(node, "id", entry.id)
    _text(node, "title", entry.title)
    _text(node, "updated", _moment(entry.updated))
    _text(node, "published", _moment(entry.updated))
    etree.SubElement(node, _atom("link"), rel="alternate", type="text/html", href=writable(entry.page))
    etree.SubElement(node, _atom("category"), term=entry.term, label=writable(entry.label))
    _text(node, "content", _html(entry.lines, language)).set("type", "html")


def _html(lines: Sequence[Line], language: Language) -> str:
    """A list of lines as HTML in a text: made by lxml too, so that the second reading finds text again."""
    colon = "：" if language == "zh" else ": "
    shown = etree.Element("ul")
    for line in lines:
        item = etree.SubElement(shown, "li")
        label = etree.SubElement(item, "strong")
        label.text = writable(line.label + colon)
        label.tail = writable(f"{line.text} " if line.text and line.address else line.text)
        if line.link:
            link = etree.SubElement(item, "a", href=writable(line.link), rel="nofollow noopener")
            link.text = writable(line.address)
        else:
            label.tail += writable(line.address)
    return etree.tostring(shown, encoding="unicode", method="html")


def writable(text: str) -> str:
    return UNWRITABLE.sub("\ufffd", text)


def _text(parent: etree._Element, name: str, text: str) -> etree._Element:
    node = etree.SubElement(parent, _atom(name))
    node.text = writable(text)
    return node


def _atom(name: str) -> str:
    return f"{{{ATOM}}}{name}"


def _moment(moment: dt.datetime) -> str:
    """RFC 3339, in Shanghai's time, to the second."""
    return iso_moment(moment.replace(microsecond=0))

"""Which paragraphs of a page are the site's, not the report's: menus, 上一篇 and 下一篇, lists of other articles. Touches nothing.

They change whenever something else is published, so nothing may be said of a report because of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from crawler.model import Document, Paragraph
from crawler.reports.title import plain

_OWN_WORDS = 10  # signs beside the links' own that make a paragraph a sentence
_SHORTEST_LINK = 2  # a link of one sign stands in every text
_LONGEST = 400  # signs; a longer paragraph is no line of links
_SECTION = re.compile(r"[一二三四五六七八九][、.]")  # a table of contents links to the headings, which stay headings


def own_paragraphs(document: Document) -> Iterator[tuple[int, str]]:
    """(block counted from 1, text without spaces and with unified signs) of every paragraph but those made of links."""
    texts = {plain(link.text) for link in document.links}
    links = sorted((text for text in texts if len(text) >= _SHORTEST_LINK), key=len, reverse=True)
    for number, block in enumerate(document.blocks, start=1):
        if not isinstance(block, Paragraph) or not (text := plain(block.text)):
            continue
        if block.heading or _SECTION.match(text) or not _is_of_links(text, links):
            yield number, text


def _is_of_links(text: str, links: Sequence[str]) -> bool:
    if len(text) > _LONGEST:
        return False
    rest = text
    for link in links:
        if link in rest:
            rest = rest.replace(link, "")
    return rest != text and len(rest) < _OWN_WORDS

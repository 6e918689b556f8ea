"""A page as the crawl looks at it: bytes → text → tree, only as far as needed to follow links and judge health.

Touches nothing. What a report says is read later, from the archive, by crawler.formats.
"""

import re
from dataclasses import dataclass
from functools import cached_property

from lxml import etree, html

from crawler.formats import charset
from crawler.formats.html import embedded

INVISIBLE = ("script", "style", "noscript", "template")
_SPACE = re.compile(r"\s+")
_CALLBACK = re.compile(r"(?:/\*\*/\s*)?[\w$.]{1,80}\s*\(\s*[{\[]")  # JSONP


@dataclass(frozen=True)
class Page:
    """One answer with text. `url` is where it arrived, the base of its links."""

    url: str
    text: str

    @cached_property
    def tree(self) -> html.HtmlElement:
        """The tree without comments, scripts and styles: what stands only there is not on the page.

        But for an article that the page's own script would take from its data.
        """
        tree = parse(embedded.with_article(self.text))
        etree.strip_elements(tree, *INVISIBLE, etree.Comment, with_tail=False)
        return tree

    @cached_property
    def visible(self) -> str:
        """The characters a reader sees, without any white space."""
        return squeeze("".join(self.tree.itertext()))


def decode(body: bytes, content_type: str = "") -> str:
    """The text of `body`. Nearly every page is UTF-8; the rest goes through the careful and slower way."""
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return charset.decode(body, content_type=content_type)[0]


def parse(text: str) -> html.HtmlElement:
    """A tree of whatever HTML there is, also of a fragment or of nothing. No network, no entities."""
    parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
    tree = etree.fromstring(text.encode("utf-8", errors="replace") or b"<html/>", parser)
    return html.fromstring(b"<html><body/></html>") if tree is None else tree


def squeeze(text: str) -> str:
    """`text` without white space."""
    return _SPACE.sub("", text)


def longer(element: html.HtmlElement, characters: int) -> bool:
    """Whether an element has more text than that, without white space; no more of it is read than is needed."""
    length = 0
    for text in element.itertext():
        length += len(squeeze(text))
        if length > characters:
            return True
    return False


def is_text(body: bytes, content_type: str) -> bool:
    """Whether the answer is text at all, be it a page or data; a PDF that calls itself text/html is not."""
    if body.startswith((b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x89PNG", b"\xff\xd8\xff", b"{\\rtf")):
        return False
    kind = content_type.partition(";")[0].strip().lower()
    if kind.startswith("text/") or any(word in kind for word in ("html", "xml", "json", "javascript")):
        return True
    return body.lstrip()[:1] in (b"<", b"{", b"[")


def is_document(text: str) -> bool:
    """Whether the text is a page for readers, and not the bare data that a script fetches."""
    start = text[:200].lstrip().lower()
    if start.startswith(("<datastore", "{", "[")) or _CALLBACK.match(start):
        return False
    return not (start.startswith("<?xml") and "<datastore" in start)

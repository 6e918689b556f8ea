"""An article that stands in a page's data only: `DETAIL` of `window._CONFIG`, of Guangdong's catalogue gkmlpt.

    <script>window._CONFIG = {"SITE_ID": 200001, …, "DETAIL": {"id": …, "title": "…", "content": "<p>…"}};</script>

The page's own script would put it where the reader looks. No script is run here: the data is JSON, and what stands in
`content` is read like any other HTML. Where the page shows the text already, nothing is added, so nothing is read
twice. Touches nothing but the text it is given; imports nothing of crawler, because crawler.page uses it too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import escape
from typing import Any

from lxml import etree

MAX_DATA = 8_000_000  # characters of DETAIL; the article of a report with its tables has some hundred thousand
MAX_FILES = 20

_DETAIL = re.compile(r"""["']?\bDETAIL["']?\s*[:=]\s*(?=\{)""")
_CONFIG = re.compile(r"\b_CONFIG\s*=\s*\{")
_FILE = re.compile(r"\.(?:pdf|docx?|wps|xlsx?|et|ofd|rtf|zip|png|jpe?g)$", re.I)
_END = re.compile(r"</body\b", re.I)
_SPACE = re.compile(r"\s+")
_PROBES, _LENGTH = 8, 24  # pieces of the article that are looked for on the page, and their characters
_SHOWN = 0.5  # part of the pieces from which on the page shows the article itself


def carries_data(text: str) -> bool:
    """Whether the page carries such data: what it shows without its script is not all that it says."""
    return "_CONFIG" in text and _CONFIG.search(text) is not None


def with_article(text: str) -> str:
    """The page with the article of its data at the end; the page itself where there is none, or it shows it."""
    found = _detail(text)
    content = found.get("content")
    if not isinstance(content, str) or not _words(content) or _shows(text, content):
        return text
    title = found.get("title")
    heading = f"<h1>{escape(title)}</h1>" if isinstance(title, str) else ""
    files = "".join(f'<p><a href="{escape(url)}">{escape(name)}</a></p>' for name, url in _files(found))
    article = f'<div class="article-content">{heading}{content}{files}</div>'
    ends = list(_END.finditer(text))
    end = ends[-1].start() if ends else len(text)
    return f"{text[:end]}{article}{text[end:]}"


def _detail(text: str) -> dict[str, Any]:
    """DETAIL, empty where there is none or it is no JSON."""
    if not carries_data(text):
        return {}
    begin = _DETAIL.search(text)
    if begin is None:
        return {}
    try:
        found, _ = json.JSONDecoder().raw_decode(text[begin.end() : begin.end() + MAX_DATA])
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _files(detail: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """(name, address) of the documents beside the article."""
    lists = [value for key, value in detail.items() if key.startswith("attachment") and isinstance(value, list)]
    for entry in [one for files in lists for one in files if isinstance(one, dict)][:MAX_FILES]:
        texts = [value for value in entry.values() if isinstance(value, str)]
        url = next((value for value in texts if "/" in value and _FILE.search(value.partition("?")[0])), "")
        name = next((str(entry[key]) for key in ("name", "title", "filename") if isinstance(entry.get(key), str)), "")
        if url:
            yield name or url.rpartition("/")[2], url


def _shows(text: str, content: str) -> bool:
    """Whether the page without its scripts has the article's words."""
    words, page = _words(content), _words(text)
    step = max(1, (len(words) - _LENGTH) // (_PROBES - 1))
    probes = {words[start : start + _LENGTH] for start in range(0, max(1, len(words) - _LENGTH + 1), step)}
    return sum(probe in page for probe in probes) >= _SHOWN * len(probes)


def _words(markup: str) -> str:
    """The characters outside tags, scripts, styles and comments, without white space."""
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True, remove_comments=True)
    tree = etree.fromstring(markup.encode("utf-8", errors="replace") or b"<p/>", parser)
    if tree is None:
        return ""
    etree.strip_elements(tree, "script", "style", "noscript", "template", "title", with_tail=False)
    return _SPACE.sub("", "".join(str(part) for part in tree.itertext()))

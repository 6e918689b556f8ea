"""Which links of a detail page are the report itself: documents it carries, or the pictures that stand for its text.

Touches nothing. A page that says "see the attachment" leads to it; one whose tables are pictures leads to these.
The forms and guides that hang beside every page (申请表, 指南 …) are left alone. What an attachment says is read later,
from the archive; hosts and politeness are the middlewares' matter.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from urllib.parse import parse_qsl, quote, unquote, urldefrag, urljoin, urlsplit

from lxml.html import HtmlElement

from crawler.page import Page, squeeze

MAX_ATTACHMENTS = 12  # of one page; a report printed page by page as pictures has about ten
MAX_ADDRESS = 2000  # characters

_DOCUMENT = re.compile(r"\.(?:pdf|docx?|wps|xlsx?|et|ofd|rtf|zip)$", re.I)
# Without any of these signs, in small letters, a page leads to no document, and without the last to no picture.
_ANY_SIGN = (".pdf", ".doc", ".wps", ".xls", ".et", ".ofd", ".rtf", ".zip", "down")
_IMAGE = "<im"
# Addresses without a file name: Hanweb, Boda, JPaaS.
_DOWNLOAD = re.compile(r"downfile\.jsp|/download\.jsp|/document/download$|DownloadAttach", re.I)
# JPaaS: …/document/download?fileUrl=…&fileName=…, where fileUrl is good for a short time and fileName stays.
_PASSING = re.compile(r"/document/download\?(?=.*\bfileName=)", re.I)
_PICTURE = re.compile(r"\.(?:png|jpe?g|gif|bmp|tiff?)$", re.I)
_REPORT = re.compile(r"年度?报告|年报|工作报告")
_OTHER_PAPER = re.compile(r"申请表|指南|流程图|目录|格式文本|样表|须知|授权委托书|使用说明")
# What the text of a page is called across the families (portals.md §12), to tell its pictures from the page's own.
_BODY = re.compile(
    r"zoom|editor|UCAP-?CONTENT|vsb_content|v_news_content|news_?cont|article|xxgk_content|zw_?content|con_con|mainText|zwnr",
    re.I,
)
_ORNAMENT = re.compile(r"logo|icon|ewm|qr_?code|weixin|wechat|banner|arrow|share|jiucuo|dzjg|red\.png|blue\.png", re.I)
_SMALL = 200  # pixels; a table is wider and higher
# A page that prints the head of table three needs no pictures of it.
_TABLE_THREE = "新收政府信息公开申请"


def attachments(page: Page) -> tuple[str, ...]:
    """Absolute addresses, each once, in the page's order: its documents; without any, the pictures of its text."""
    text = page.text.lower()
    if not any(sign in text for sign in _ANY_SIGN) and (_TABLE_THREE in text or _IMAGE not in text):
        return ()  # most pages: a look at the text costs a hundredth of a tree
    found = list(dict.fromkeys(_documents(page)))
    if not found:
        found = list(dict.fromkeys(_pictures(page)))
        if found and _TABLE_THREE in page.visible:
            found = []
    return tuple(found[:MAX_ATTACHMENTS])


def keys(urls: Sequence[str]) -> dict[str, str]:
    """Under which address each document of one page is kept: its own, or what lasts of it.

    Where the address is another one every time, its file's name stands for it; where two documents of the page have one
    name, that would make one of them, and they keep their addresses.
    """
    wanted = {url: _lasting(url) for url in dict.fromkeys(urls)}
    shared = Counter(wanted.values())
    return {url: key if shared[key] == 1 else url for url, key in wanted.items()}


def lasts(url: str) -> bool:
    """Whether a document can be asked for under this address on another day."""
    return _PASSING.search(url) is None


def _lasting(url: str) -> str:
    if lasts(url):
        return url
    names = [value for name, value in parse_qsl(urlsplit(url).query) if name.lower() == "filename"]
    return f"{url.partition('?')[0]}?fileName={quote(names[0])}" if names else url


def _documents(page: Page) -> Iterator[str]:
    for element in page.tree.iter("a", "iframe", "embed", "object"):
        for url in _addresses(page, element):
            words = squeeze(
                "".join(element.itertext())
                + (element.get("title") or "")
                + unquote(urlsplit(url).path).rpartition("/")[2]
            )
            if _is_document(url, words) and (_REPORT.search(words) or not _OTHER_PAPER.search(words)):
                yield url


def _is_document(url: str, words: str) -> bool:
    parts = urlsplit(url)
    if _DOCUMENT.search(parts.path):
        return True
    if _DOWNLOAD.search(url.partition("?")[0]) or _DOWNLOAD.search(parts.query):
        return True
    return "/attachment/" in parts.path and _DOCUMENT.search(words) is not None


def _pictures(page: Page) -> Iterator[str]:
    for element in page.tree.iter("img"):
        if _is_small(element) or not any(_BODY.search(_names(holder)) for holder in element.iterancestors()):
            continue
        for url in _addresses(page, element):
            if _PICTURE.search(urlsplit(url).path) and not _ORNAMENT.search(url):
                yield url


def _names(element: HtmlElement) -> str:
    return f"{element.get('id') or ''} {element.get('class') or ''}"


def _is_small(element: HtmlElement) -> bool:
    sizes = [re.match(r"\s*(\d+)\s*(?:px)?\s*$", element.get(name) or "") for name in ("width", "height")]
    return any(size is not None and int(size[1]) < _SMALL for size in sizes)


def _addresses(page: Page, element: HtmlElement) -> Iterator[str]:
    """What the element points to, and what a viewer's address names as its file (viewer.html?file=…)."""
    for name in ("href", "src", "data"):
        written = (element.get(name) or "").strip()
        if not written or len(written) > MAX_ADDRESS:
            continue
        try:
            url = urldefrag(urljoin(page.url, written)).url
            parts = urlsplit(url)
        except ValueError:
            continue
        if parts.scheme not in ("http", "https"):
            continue
        named = [value for key, value in parse_qsl(parts.query) if key.lower() in ("file", "src", "url")]
        viewed = (
            [value for value in named if _DOCUMENT.search(urlsplit(value).path)] if "iframe" in str(element.tag) else []
        )
        yield from (urldefrag(urljoin(url, value)).url for value in viewed)
        yield url

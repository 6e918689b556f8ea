"""By what an annual-report column is known: its ColumnType, what its page calls itself, the links that lead to it.

Touches nothing. An address is a hint and no more (slugs lie), so it serves only where no link says anything.
"""

import re
from collections.abc import Callable, Iterator
from urllib.parse import urldefrag, urljoin, urlsplit

from crawler.page import Page, squeeze
from spiders.lists.listing import absolute, is_address

# What columns are called: letters around the words that name disclosure, hardly any around bare 年报.
_NAME = re.compile(
    r"[^\W\d_]{0,10}(?:信息公开(?:工作)?(?:年度(?:工作)?报告|年报)|公开年报)[^\W\d_]{0,4}"
    r"|(?:历年|部门|单位|各部门|街道|乡镇|镇街|工作)?(?:年度报告|年报)"
)
WAY = re.compile(r"(?:法定)?(?:主动公开内容|政府信息公开(?:平台|专栏|目录)?|政务公开|信息公开(?:目录|平台)?)")
SLUG = re.compile(r"zfxxgkn[bd]|zfxxgkgznd|(?:^|[/_])(?:x?x?gknb|gkndbg|xxgknd|ndbg|nb|bmnb|ndgzbg|bmxxgknb)", re.I)
# Other annual reports that every office publishes as well.
_OTHER = re.compile(r"法治|依法行政|执法|网站|财政|审计|债务|统计|企业|质量|环境|预算|决算|解读")
_LONGEST_NAME = 20


def links_to_columns(page: Page) -> dict[str, str]:
    """Addresses of columns with the text of their links; without any such text those of telling slugs, with none."""
    return links(page, is_name) or dict.fromkeys(_by_slug(page), "")


def links(page: Page, wanted: Callable[[str], object]) -> dict[str, str]:
    """Address → text of the links on the same host whose text, or title, is `wanted`."""
    found: dict[str, str] = {}
    for link in page.tree.iter("a"):
        texts = (squeeze("".join(link.itertext())), squeeze(link.get("title") or ""))
        text = next((text for text in texts if wanted(text)), "")
        url = _address(page, link.get("href") or "")
        if text and url:
            found.setdefault(url, text)
    return found


def _by_slug(page: Page) -> list[str]:
    urls = (_address(page, link.get("href") or "") for link in page.tree.iter("a"))
    return [url for url in dict.fromkeys(urls) if url.endswith("/") and SLUG.search(urlsplit(url).path)]


def _address(page: Page, href: str) -> str:
    """Absolute, on the page's own host; the part behind # is kept where it names a column (gkmlpt); else ""."""
    href = href.strip()
    if not href or href.lower().startswith(("javascript:", "mailto:", "#")):
        return ""
    url = absolute(page.url, href)
    if not is_address(url) or urlsplit(url).netloc != urlsplit(page.url).netloc:
        return ""
    fragment = urldefrag(urljoin(page.url, href)).fragment
    return f"{url}#{fragment}" if re.fullmatch(r"\d+", fragment) else url


def is_name(text: str) -> bool:
    """Whether a text is what an annual-report column is called: short, and not the title of one report."""
    return len(text) <= _LONGEST_NAME and not _OTHER.search(text) and _NAME.fullmatch(text) is not None


def names(page: Page) -> Iterator[str]:
    """What the page calls itself."""
    yield meta(page, "columnname")
    for tag in ("h1", "h2", "h3", "title"):
        for element in page.tree.iter(tag):
            yield from re.split(r"[_|\-—\s]+", "".join(element.itertext()).strip())
    for element in page.tree.iter("div", "p"):
        if "zdgktit" in f"{element.get('class') or ''}":
            yield squeeze("".join(element.itertext()))


def meta(page: Page, name: str) -> str:
    for element in page.tree.iter("meta"):
        if (element.get("name") or "").lower() == name:
            value = " ".join((element.get("content") or "").split())
            if value.lower() not in ("", "null", "undefined"):
                return value[:100]
    return ""

"""The sub-columns of a column: yearly ones, whose addresses follow no pattern, and those of kinds of agencies.

Touches nothing. A sub-column is told by the text of its link alone; its address (2022n_5930973, 2024n78) says nothing.
"""

import re
from urllib.parse import urljoin, urlsplit

from crawler.addresses import canonical
from crawler.page import Page, squeeze
from spiders.lists.listing import absolute, is_address

YEARS = "years"
# 2024 · 2024年 · 2024年度 · 2024年年报: a year and nothing else; a report's title says more.
_YEAR = r"(?:19|20)\d\d年?度?(?:年报|年度报告)?"


def branches(page: Page, pattern: str) -> tuple[str, ...]:
    """The addresses behind links whose whole text fits `pattern` (`years`, or a regular expression), in order.

    Only below the folder above the page's own: the years of another column of the menu are not this one's.
    """
    wanted = re.compile(_YEAR if pattern == YEARS else pattern)
    above = urljoin(page.url, "../" if page.url.endswith("/") or _is_index(page.url) else ".")
    found = []
    for link in page.tree.iter("a"):
        href = (link.get("href") or "").strip()
        if not href or href.lower().startswith(("javascript:", "#", "mailto:")):
            continue
        texts = {squeeze("".join(link.itertext())), squeeze(link.get("title") or "")}
        if not any(text and wanted.fullmatch(text) for text in texts):
            continue
        url = absolute(page.url, href)
        if is_address(url) and url.startswith(above) and canonical(url) != canonical(page.url):
            found.append(url)
    return tuple(dict.fromkeys(found))


def _is_index(url: str) -> bool:
    return re.fullmatch(r"(?:index|default|\w*list)\w*\.\w+", urlsplit(url).path.rpartition("/")[2]) is not None

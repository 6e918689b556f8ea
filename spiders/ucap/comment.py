"""The list that the server wrote into a comment of the page, while a script fills the one that is seen. Touches nothing.

The comment is the column's own list if it stands in the list's container, or if its articles bear the column's code
(meta code = c110634, /c110634/202511/174240943.shtml). It holds the call of the pager as well.
"""

import re
from itertools import islice

from lxml import etree

from crawler.page import Page, parse
from spiders.lists.listing import Listing
from spiders.lists.pager import CREATE_PAGE, with_paging
from spiders.lists.rows import CONTAINERS, is_placeholder, lines, once

MAX_COMMENTS = 200  # with links, of one page
STALE = "列表写在注释里，看得见的由脚本填入：可能缺少新的条目"


def read(page: Page, article: re.Pattern[str]) -> Listing | None:
    """The commented list with its paging, always partial; None where there is none."""
    if "<!--" not in page.text:
        return None
    tree = parse(page.text)
    code = next((meta.get("content") for meta in tree.iter("meta") if (meta.get("name") or "").lower() == "code"), None)
    telling = (found for found in tree.iter(etree.Comment) if "href" in found.text or CREATE_PAGE.search(found.text))
    for found in islice(telling, MAX_COMMENTS):
        text = found.text
        in_container = any(
            CONTAINERS & set((ancestor.get("class") or "").split()) for ancestor in found.iterancestors()
        )
        if not (in_container or (code and f"/{code}/" in text)):
            continue
        rows = [line.row for line in lines(parse(text), page.url, article) if line.is_article]
        if any(is_placeholder(row) for row in rows) or not (rows or (in_container and CREATE_PAGE.search(text))):
            continue
        return with_paging(Listing(once(rows), partial=STALE), page, markup=text)
    return None

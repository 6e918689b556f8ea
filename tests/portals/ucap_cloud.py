"""UCAP cloud, a switch of ucap.py: `/zwgk/col/col42150/index.html` looks like Hanweb's and is not.

May touch nothing: values in, text out. The first rows stand in the page's script, all of them behind POST /queryList.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any

from tests.portals.site import Article, Column, Page

QUERY = "/queryList"
WEBSITE = "sim-shili"


def column_path(column: Column) -> str:
    return f"/{column.path}/index.html"


def article_path(column: Column, article: Article) -> str:
    return f"/{column.path}/content/content_{18 * 10**17 + article.number}.html"


def content(column: Column, listed: Sequence[Article]) -> str:
    """The place of the list and the script that holds its first rows."""
    records = [
        {
            "title": article.title,
            "pubDate": f"{article.published} 09:30:00",
            "urls": {"pc": article_path(column, article)},
            "contentSource": article.issuer,
            "articleFiles": [],
        }
        for article in listed[: column.page_size]
    ]
    return f"""<div class="list" id="list"></div><div id="page_div"></div>
<script>
var websiteCode = '{WEBSITE}';
var channelId = '42150';
var codeName = '{_code(column)}';
var channelsTagSelf = {{"articleCount": {len(listed)}, "name": "{column.name}"}};
var listData = {{}};
listData.articleList = {json.dumps(records, ensure_ascii=False)};
</script>"""


def answer(columns: Sequence[Column], day: dt.date, posted: Mapping[str, str]) -> Page | None:
    """What /queryList says: records under `source`, addresses as a string of JSON."""
    column = next((c for c in columns if _code(c) == posted.get("channelCode[]")), None)
    number, size = posted.get("current", ""), posted.get("pageSize", "")
    if column is None or posted.get("webSiteCode[]") != WEBSITE or not number.isdigit() or not size.isdigit():
        return None
    listed = column.listed(day)
    part = listed[(int(number) - 1) * int(size) : int(number) * int(size)]
    records: list[dict[str, Any]] = [
        {
            "source": {
                "title": article.title,
                "pubDate": f"{article.published} 09:30:00",
                "urls": json.dumps({"pc": article_path(column, article), "wap": ""}),
                "content": {"content": "（模拟摘要）"},
            }
        }
        for article in part
    ]
    data = {"code": 200, "data": {"results": records, "total": len(listed)}}
    return Page(json.dumps(data, ensure_ascii=False).encode(), media_type="application/json")


def _code(column: Column) -> str:
    return column.path.rpartition("/")[2]

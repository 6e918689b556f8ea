"""Epoint columns: `/dynamic/zwgk/govInfoPub.html?categorynum=003002&deptcode=`, a template without a row.

May touch nothing: a site and a day in, pages out. A column's path is its categorynum; its rows stand behind a POST of JSON
to `/EWB-FRONT/rest/lightfrontaction/getgovinfolist`. Column options:

- `first`: the pageIndex of the first page, 0 (default) or 1; where it is 1, 0 is taken for 1 unless `strict` is True: then
  0 brings nothing;
- `inline`: True writes siteInfo into the page; otherwise it stands in /js/webBuilderCommon.js;
- `custom`: `object` (default) or `string`.
"""

from __future__ import annotations

import datetime as dt
import json
import uuid
from html import escape
from typing import Any

from tests.portals import frame
from tests.portals.site import NOTHING, Article, Column, Page, Sent, Site

PROJECT = "/EWB-FRONT"
POINT = f"{PROJECT}/rest/lightfrontaction/getgovinfolist"
COLUMN_PAGE = "/dynamic/zwgk/govInfoPub.html"
GUID = "99999999-9041-43ad-8e13-8fcb82ea0000"
SITE_INFO = f'var siteInfo = {{"siteGuid":"{GUID}","projectName":"{PROJECT}","webVersion":"5.0","tempVersion":"20200630144301"}}'


def column_path(column: Column) -> str:
    return f"{COLUMN_PAGE}?categorynum={column.path}&deptcode="


def article_path(column: Column, article: Article) -> str:
    name = uuid.uuid5(uuid.NAMESPACE_URL, f"{column.path} {article.number}")
    return f"/{column.path[:3]}/{column.path}/{article.published:%Y%m%d}/{name}.html"


def pages(site: Site, host: str, day: dt.date) -> dict[str, Page]:
    """All static addresses."""
    found = {"/": Page(frame.home(site, host, [(column_path(c), c.name) for c in site.columns]).encode())}
    found["/js/webBuilderCommon.js"] = Page(
        f"{SITE_INFO}\nif (!window.webbuilder) {{ window.webbuilder = {{}}; }}\n".encode(),
        media_type="application/javascript",
    )
    for column in site.columns:
        for article in column.listed(day):
            html = _detail_page(site, host, column, article, day)
            found |= article.pages_on(day, article_path(column, article), html)
    return found


def extra(site: Site, host: str, day: dt.date, path: str, query: dict[str, str], sent: Sent = NOTHING) -> Page | None:
    """The columns, by their query, and the answers of getgovinfolist."""
    asked = query if sent.posted is None else sent.posted
    column = next((one for one in site.columns if one.path == asked.get("categorynum")), None)
    if column is None:
        return None
    if path == COLUMN_PAGE and sent.posted is None:
        return Page(_column_page(site, host, column).encode())
    if path == POINT and asked.get("siteGuid") == GUID:
        return Page(json.dumps(_answer(column, day, dict(asked)), ensure_ascii=False).encode(), "application/json")
    return None


def _answer(column: Column, day: dt.date, asked: dict[str, str]) -> dict[str, Any]:
    listed = column.listed(day)
    size, index = int(asked["pageSize"]), int(asked["pageIndex"]) - int(column.options.get("first", 0))
    if index < 0 and not column.options.get("strict"):
        index = 0
    data = [_record(column, article) for article in listed[index * size :][:size]] if index >= 0 else []
    custom: dict[str, Any] = {"total": len(listed), "data": data}
    told = json.dumps(custom, ensure_ascii=False) if column.options.get("custom") == "string" else custom
    return {"status": {"code": "200", "text": ""}, "controls": [], "custom": told}


def _record(column: Column, article: Article) -> dict[str, str]:
    return {
        "infoid": str(article.number),
        "title": f"<font color='red'>{article.title[:16]}...</font>",
        "realtitle": article.title,
        "infourl": article_path(column, article),
        "infodate": article.published.isoformat(),
    }


def _column_page(site: Site, host: str, column: Column) -> str:
    name = escape(column.name)
    inline = f"<script>{SITE_INFO}</script>" if column.options.get("inline") else ""
    content = f"""<div class="ewb-location">当前位置：<a href="/">首页</a> &gt; {name}</div>
<h2 class="ewb-title">{name}</h2>
<ul class="ewb-menu"><li><a href="{COLUMN_PAGE}?categorynum=003001">政府信息公开指南</a></li></ul>
<ul id="infolist" class="ewb-list"></ul>
<script id="template" type="text/template">
<? for(var i=0;i<data.length;i++){{var el=data[i]; ?><li><a href="<?=el.link?>"><?=el.title?></a></li><? }} ?>
</script>
{inline}
<script src="/js/webBuilderCommon.js?v=2"></script>
<script src="/js/govInfoPub.js"></script>"""
    meta = [*frame.site_meta(site, host), *frame.column_meta(column)]
    return frame.page(site, f"{site.name} {column.name}", meta, content)


def _detail_page(site: Site, host: str, column: Column, article: Article, day: dt.date) -> str:
    content = f"""<h1 class="ewb-article-title">{escape(article.title)}</h1>
<div class="info">发布时间：{article.published} 09:30　来源：{escape(article.issuer)}</div>
<div class="ewb-article-con mian-cont">
{article.body_on(day)}
</div>
<script src="/js/webBuilderCommon.js"></script>"""
    meta = [*frame.site_meta(site, host), *frame.column_meta(column), *frame.article_meta(article)]
    return frame.page(site, f"{site.name} {article.title}", meta, content, article.note)

"""TrueCMS columns: `/zwgk/nb/nb.html` with a hidden #initData, the rest behind `/truecms/messageController/getMessage.do`.

May touch nothing: a site and a day in, pages out. Articles are `/zwgk/nb/content/<uuid>.html`. Column options:

- `shown`: rows in the page (default 60);
- `ceiling`: records that one answer holds at most (default 50); asked for more it brings nothing, or, with
  `over` = `404`, does not exist;
- `dead`: True, the end point does not exist at all.

The end point answers nobody without a Referer.
"""

from __future__ import annotations

import datetime as dt
import json
import uuid
from html import escape

from tests.portals import frame
from tests.portals.site import NOTHING, Article, Column, Page, Sent, Site

POINT = "/truecms/messageController/getMessage.do"
CUT_AFTER = 30  # characters of the visible title; the title attribute is whole


def column_path(column: Column) -> str:
    return f"/{column.path}/{column.path.rpartition('/')[2]}.html"


def article_path(column: Column, article: Article) -> str:
    return f"/{column.path}/content/{_uuid(f'{column.path} {article.number}')}.html"


def pages(site: Site, host: str, day: dt.date) -> dict[str, Page]:
    """All static addresses."""
    found = {"/": Page(frame.home(site, host, [(column_path(c), c.name) for c in site.columns]).encode())}
    for column in site.columns:
        html = _column_page(site, host, column, column.listed(day))
        found[column_path(column)] = Page(html.encode(), changed_on=column.changed_on(day))
        for article in column.listed(day):
            html = _detail_page(site, host, column, article, day)
            found |= article.pages_on(day, article_path(column, article), html)
    return found


def extra(site: Site, host: str, day: dt.date, path: str, query: dict[str, str], sent: Sent = NOTHING) -> Page | None:
    """The answers of getMessage.do."""
    column = next((one for one in site.columns if _uuid(one.path) == query.get("columnId")), None)
    if path != POINT or column is None or column.options.get("dead"):
        return None
    if not sent.referer:
        return Page(b"", status=403)
    start, size = int(query.get("startrecord", "1")), int(query.get("perpage", "10"))
    too_many = size > int(column.options.get("ceiling", 50))
    if too_many and column.options.get("over") == "404":
        return None
    listed = column.listed(day)
    store = "" if too_many else _store(column, listed[start - 1 :][:size], len(listed))
    text = f"{query.get('callback', 'cb')}({json.dumps({'result': store}, ensure_ascii=False)})"
    return Page(text.encode(), media_type="text/javascript")


def _uuid(name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, name))


def _store(column: Column, part: list[Article], total: int) -> str:
    records = "".join(f"<record><![CDATA[{_row(column, article)}]]></record>" for article in part)
    return f"<datastore><totalrecord>{total}</totalrecord><recordset>{records}</recordset></datastore>"


def _row(column: Column, article: Article) -> str:
    title = escape(article.title)
    shown = title if len(article.title) <= CUT_AFTER else f"{escape(article.title[:CUT_AFTER])}..."
    return f'<li><a href="{article_path(column, article)}" title="{title}">{shown}</a><span>{article.published}</span></li>'


def _column_page(site: Site, host: str, column: Column, listed: list[Article]) -> str:
    rows = "\n".join(_row(column, article) for article in listed[: int(column.options.get("shown", 60))])
    content = f"""<div class="menu"><ul><li><a href="/zwgk/zn/zn.html">公开指南</a></li>
<li><a href="{column_path(column)}">{escape(column.name)}</a></li></ul></div>
<h2>{escape(column.name)}</h2>
<div id="list"></div>
<ul id="initData" style="display:none">
{rows}
</ul>
<script src="/truecms/resource/jquery.jpage.js"></script>
<script>$("#list").jpage({{dataStore:$("#initData").html(),totalRecord:{len(listed)},
contentTemplate:'<datastore><totalrecord>${{total}}</totalrecord><recordset></recordset></datastore>',
proxyUrl:'{POINT}',perPage:{column.page_size},groupSize:3,ajaxParam:{{columnId:'{_uuid(column.path)}'}}}});</script>"""
    meta = [*frame.site_meta(site, host), *frame.column_meta(column)]
    return frame.page(site, f"{column.name}-{site.name}", meta, content)


def _detail_page(site: Site, host: str, column: Column, article: Article, day: dt.date) -> str:
    content = f"""<h1>{escape(article.title)}</h1>
<div class="info">发布日期：{article.published}　来源：{escape(article.issuer)}</div>
<div id="zoomcon">
{article.body_on(day)}
</div>
<script src="/truecms/resource/visit.js"></script>"""
    meta = [*frame.site_meta(site, host), *frame.column_meta(column), *frame.article_meta(article)]
    return frame.page(site, f"{article.title}-{site.name}", meta, content, article.note)

"""UCAP columns: `/jyt/c110634/list.shtml`, `list_2.shtml`, `/jyt/c110634/202401/7001.shtml`.

May touch nothing: a site and a day in, pages out. A column's path ends with its code (`jyt/c110634`). Column options:

- `list`: where the rows stand: `shown` (for everybody to see, the default), `comment` (in a comment, the list that is
  seen is filled by a script), `search` (behind GET /common/search/<channelId>), `tax` (behind POST
  /getFileListByCodeId), `cloud` (see ucap_cloud.py: other addresses as well);
- `named`: False: the page's own script does not name the endpoint (it stands in a script file);
- `total`: False: the endpoint does not say how many records there are;
- `blocked`: the endpoint wants a token that only a browser makes: 412;
- `stem`: the name of the list's files, `list` by default.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from html import escape
from typing import Any

from tests.portals import frame, ucap_cloud
from tests.portals.site import NOTHING, Article, Column, Page, Sent, Site

SEARCH = "/common/search/"
TAX = "/getFileListByCodeId"
BLOCK = "<!DOCTYPE html><html><head><meta r='m' content='simulated'><script r='m'>$_ts={};</script></head></html>"


def kind_of(column: Column) -> str:
    return str(column.options.get("list", "shown"))


def column_path(column: Column) -> str:
    return ucap_cloud.column_path(column) if kind_of(column) == "cloud" else f"/{column.path}/{_stem(column)}.shtml"


def article_path(column: Column, article: Article) -> str:
    if kind_of(column) == "cloud":
        return ucap_cloud.article_path(column, article)
    return f"/{column.path}/{article.published:%Y%m}/{article.number}.shtml"


def channel_id(column: Column) -> str:
    return hashlib.md5(column.path.encode(), usedforsecurity=False).hexdigest()


def code_of(column: Column) -> str:
    return column.path.rpartition("/")[2]


def pages(site: Site, host: str, day: dt.date) -> dict[str, Page]:
    """All static addresses of the site on `day`, by path."""
    found = {"/": Page(frame.home(site, host, [(column_path(c), c.name) for c in site.columns]).encode())}
    for column in site.columns:
        listed = column.listed(day)
        changed = column.changed_on(day)
        for number, html in _list_pages(site, host, column, listed, day).items():
            path = column_path(column)
            name = path if number == 1 else path.replace(".shtml", f"_{number}.shtml")
            found[name] = Page(html.encode(), changed_on=changed)
        for article in listed:
            html = _detail_page(site, host, column, article, day)
            found |= article.pages_on(day, article_path(column, article), html)
    return found


def extra(site: Site, host: str, day: dt.date, path: str, query: dict[str, str], sent: Sent = NOTHING) -> Page | None:
    """The data endpoints: search by GET, those of tax and cloud by POST."""
    if path == ucap_cloud.QUERY and sent.posted is not None:
        return ucap_cloud.answer([c for c in site.columns if kind_of(c) == "cloud"], day, sent.posted)
    if path.startswith(SEARCH) and sent.posted is None:
        asked, channel, number = "search", path.removeprefix(SEARCH), query.get("page", "1")
        size = int(query.get("_pageSize", "20"))
    elif path == TAX and sent.posted is not None:
        asked, channel, number = "tax", sent.posted.get("channelId", ""), sent.posted.get("page", "1")
        size = int(sent.posted.get("size", "20"))
    else:
        return None
    column = next((c for c in site.columns if channel_id(c) == channel and kind_of(c) == asked), None)
    if column is None or not number.isdigit():
        return Page(frame.not_found(site, host).encode(), status=404)
    if column.options.get("blocked"):
        return Page(BLOCK.encode(), status=412)
    listed = column.listed(day)
    part = listed[(int(number) - 1) * size : int(number) * size]
    inner: dict[str, Any] = {"results": [_record(column, article, asked) for article in part], "page": int(number)}
    if column.options.get("total", True):
        inner["total"] = len(listed)
    data = {"data": inner} if asked == "search" else {"results": {"data": inner}, "code": 200}
    return Page(json.dumps(data, ensure_ascii=False).encode(), media_type="application/json")


def _stem(column: Column) -> str:
    return str(column.options.get("stem", "list"))


def _record(column: Column, article: Article, asked: str) -> dict[str, Any]:
    common = {
        "url": article_path(column, article),
        "publishedTimeStr": f"{article.published} 09:30:00",
        "channelName": column.name,
    }
    if asked == "search":
        return {**common, "title": article.title, "content": "（模拟摘要）"}
    return {**common, "titleHtml": f"<em>{escape(article.title)}</em>", "redirectUrl": "", "domainMetaList": []}


def _list_pages(site: Site, host: str, column: Column, listed: list[Article], day: dt.date) -> dict[int, str]:
    """The list pages by number, counted from 1; one where the rows stand behind an endpoint."""
    kind = kind_of(column)
    if kind == "cloud":
        content = ucap_cloud.content(column, listed)
        return {1: _column_page(site, host, column, content, day, code=False)}
    if kind in ("search", "tax"):
        script = (
            _script(column) if column.options.get("named", True) else '<script src="/xhtml/js/page_list.js"></script>'
        )
        rows = f'<div class="zfxxgk_zdgkc"><ul id="list"></ul></div><div id="page_div"></div>{script}'
        return {1: _column_page(site, host, column, rows, day)}
    count = max(1, -(-len(listed) // column.page_size))
    found = {}
    for number in range(1, count + 1):
        part = listed[(number - 1) * column.page_size :][: column.page_size]
        items = "\n".join(_item(column, article) for article in part)
        call = f"<script>createPageHTML('page_div',{count}, {number},'{_stem(column)}','shtml',{len(listed)});</script>"
        if kind == "comment":
            rows = f'<ul class="list"><!--\n{items}\n{call}-->\n</ul>'
        else:
            rows = f'<ul class="list">{items}</ul>' if part else "<p>暂无信息</p>"
        pager = '<div class="page"><div id="page_div"></div></div>' + (call if kind == "shown" else "")
        loader = '<script src="/xhtml/js/page_list.js"></script>' if kind == "comment" else ""
        content = f'{loader}<div class="zfxxgk_zdgkc">{rows}</div>{pager}'
        found[number] = _column_page(site, host, column, content, day)
    return found


def _item(column: Column, article: Article) -> str:
    title = escape(article.title)
    return (
        f'<li><a target="_blank" href="{article_path(column, article)}" title="{title}">\n{title}\n</a>'
        f"<b>{article.published}</b></li>"
    )


def _script(column: Column) -> str:
    if kind_of(column) == "tax":
        return f"""<script>var channelId = "{channel_id(column)}";
function load(page){{$.post("{TAX}", {{channelId: channelId, page: page, size: 20}}, show);}}</script>"""
    return f"""<script>var channelId = "{channel_id(column)}";
$.get("{SEARCH}" + channelId + "?_isAgg=true&_isJson=true&_pageSize=20&_template=index&page=" + page, show);</script>"""


def _column_page(site: Site, host: str, column: Column, rows: str, day: dt.date, *, code: bool = True) -> str:
    menu = "".join(f'<li id="erji_{name}"><a href="/jyt/{name}/list.shtml">{text}</a></li>' for name, text in MENU)
    years = "".join(
        f'<li id="erji_c{year}01"><a href="/jyt/c{year}01/list.shtml">{year}</a></li>' for year in (2021, 2020)
    )
    content = f"""<div class="sideMenu"><ul id="fd_list">{menu}</ul><ul id="nb_list">{years}</ul></div>
<div class="zfxxgk_zdgktit"><a style="cursor: default;">{escape(column.name)}</a></div>
{rows}"""
    own = [("channelId", channel_id(column)), ("code", code_of(column))] if code else [("HtmlGenerateTime", f"{day}")]
    made = ("others", f"页面生成时间 {day} 06:00:00")
    meta = [*own, *frame.site_meta(site, host), *frame.column_meta(column), made]
    return frame.page(site, f"{column.name} - {site.name}", meta, content)


MENU = (("c100001", "政府信息公开指南"), ("c100002", "政府信息公开制度"), ("c100003", "法定主动公开内容"))


def _detail_page(site: Site, host: str, column: Column, article: Article, day: dt.date) -> str:
    title = escape(article.title)
    content = f"""<div class="position">首页 &gt; {escape(column.name)}</div>
<h1><UCAPTITLE>{title}</UCAPTITLE></h1>
<div class="info">发布时间：{article.published} 09:30　来源：{escape(article.issuer)}</div>
<div id="UCAP-CONTENT"><UCAPCONTENT>
{article.body_on(day)}
</UCAPCONTENT></div>"""
    own = [("channelId", channel_id(column)), ("code", code_of(column))]
    meta = [*own, *frame.site_meta(site, host), *frame.column_meta(column), *frame.article_meta(article)]
    return frame.page(site, f"{article.title} - {site.name}", meta, content, article.note)

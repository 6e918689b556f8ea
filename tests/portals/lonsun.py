"""Lonsun columns: `/public/column/990001?type=4&catId=123&action=list`, whose rows stand behind `/site/label/8888`.

May touch nothing: a site and a day in, pages out. A column's path is its catId. Column options:

- `shape`: `cells` (a div.xxgk_navli for every entry, its cells a list; the default) or `list` (one list);
- `page_count`: False leaves pageCount out of the fragment;
- `ordinary`: True makes it `/content/column/123`, made by the server, page 2 at `?pageIndex=2`;
- `years`: True makes it `?type=3&timeFrame=YYYY`: the report of that year itself, a blank frame where there is none;
- `nameless`: True leaves the list's `file` out of the page.

The end point cuts titles at `length` and says `result` for an empty list.
"""

from __future__ import annotations

import datetime as dt
from html import escape

from tests.portals import frame
from tests.portals.site import NOTHING, Article, Column, Page, Sent, Site

ORGAN = "990001"
SITE_ID = "9900123"
LABEL = "/site/label/8888"
FILE = "/xxgk/publicInfoList_newest2020"


def column_path(column: Column) -> str:
    if column.options.get("ordinary"):
        return f"/content/column/{column.path}"
    if column.options.get("years"):
        return f"/public/column/{ORGAN}?type=3&catId={column.path}&action=list&timeFrame={{year}}"
    return f"/public/column/{ORGAN}?type=4&catId={column.path}&action=list"


def article_path(column: Column, article: Article) -> str:
    kind = "/content/article" if column.options.get("ordinary") else f"/public/{ORGAN}"
    return f"{kind}/{article.number}" + ("" if column.options.get("ordinary") else ".html")


def pages(site: Site, host: str, day: dt.date) -> dict[str, Page]:
    """All addresses without a query."""
    found = {"/": Page(frame.home(site, host, [(column_path(c), c.name) for c in site.columns]).encode())}
    for column in site.columns:
        for article in column.listed(day):
            html = _detail_page(site, host, column, article, day)
            found |= article.pages_on(day, article_path(column, article), html)
    return found


def extra(site: Site, host: str, day: dt.date, path: str, query: dict[str, str], sent: Sent = NOTHING) -> Page | None:
    """The columns, by their query, and the answers of the label."""
    asked = {**query, **(sent.posted or {})}
    for column in site.columns:
        if column.options.get("ordinary"):
            if path == column_path(column):
                return Page(_ordinary_page(site, host, column, day, asked).encode())
        elif asked.get("catId") != column.path:
            continue
        elif path == LABEL:
            return Page(_fragment(column, column.listed(day), asked).encode())
        elif path == f"/public/column/{ORGAN}" and column.options.get("years"):
            return Page(_year_page(site, host, column, day, asked.get("timeFrame", "")).encode())
        elif path == f"/public/column/{ORGAN}":
            return Page(_column_page(site, host, column).encode())
    return None


def _number(asked: dict[str, str], name: str, otherwise: int) -> int:
    value = asked.get(name, "")
    return int(value) if value.isdigit() else otherwise


def _part(listed: list[Article], number: int, size: int) -> list[Article]:
    return listed[(number - 1) * size : number * size] if number >= 1 else []


def _fragment(column: Column, listed: list[Article], asked: dict[str, str]) -> str:
    if asked.get("labelName") != "publicInfoList" or asked.get("siteId") != SITE_ID or asked.get("file") != FILE:
        return "<div></div>"
    size, length = _number(asked, "pageSize", column.page_size), _number(asked, "length", 20)
    part = _part(listed, _number(asked, "pageIndex", 1), size)
    if not part:
        return f'<div class="xxgk_navli"><p class="none">{escape(asked.get("result", ""))}</p></div>'
    rows = [_row(column, article, length) for article in part]
    body = "\n".join(rows)
    if column.options.get("shape") == "list":
        body = f'<div class="xxgk_navli"><ul>{body}</ul></div>'
    counted = f"pageCount:{-(-len(listed) // size)}," if column.options.get("page_count", True) else ""
    return f"""{body}
<div id="page_public_info"></div>
<script>Ls.pagination("#page_public_info",{{pageIndex:1,pageSize:{size},{counted}total:{len(listed)}}});</script>"""


def _row(column: Column, article: Article, length: int) -> str:
    title = escape(article.title if len(article.title) <= length else article.title[:length] + "...")
    link = f'<a href="{article_path(column, article)}" title="{title}" target="_blank">{title}</a>'
    date = f'<span class="date">{article.published}</span>'
    if column.options.get("shape") == "list":
        return f"<li>{link}{date}</li>"
    cells = f'<li class="xh">{article.number}</li><li class="mc">{link}</li><li class="rq">{date}</li>'
    return f'<div class="xxgk_navli"><ul class="clearfix">{cells}</ul></div>'


def _column_page(site: Site, host: str, column: Column) -> str:
    named = "" if column.options.get("nameless") else f'file:"{FILE}",'
    content = f"""{_menu(column)}
<div id="xxgk_list">正在加载……</div>
<script>
Ls.ajax({{dataType:"html",url:"{LABEL}",type:"get",data:{{labelName:"publicInfoList",siteId:"{SITE_ID}",
organId:"{ORGAN}",type:"4",catId:"{column.path}",pageSize:{column.page_size},pageIndex:1,action:"list",isDate:true,
dateFormat:"yyyy-MM-dd",length:20,{named}result:"暂无相关信息"}}}});
</script>"""
    return _page(site, host, column, content)


def _ordinary_page(site: Site, host: str, column: Column, day: dt.date, asked: dict[str, str]) -> str:
    listed = column.listed(day)
    items = "\n".join(
        f'<li><a href="{article_path(column, article)}" title="{escape(article.title)}">{escape(article.title[:12])}...'
        f"</a><span>{article.published}</span></li>"
        for article in _part(listed, _number(asked, "pageIndex", 1), column.page_size)
    )
    count = -(-len(listed) // column.page_size)
    content = f"""{_menu(column)}<div class="navjz clearfix"><ul class="doc_list">{items}</ul></div><div id="page"></div>
<script>Ls.pagination("#page",{{pageIndex:{_number(asked, "pageIndex", 1)},pageCount:{count}}});</script>"""
    return _page(site, host, column, content)


def _year_page(site: Site, host: str, column: Column, day: dt.date, year: str) -> str:
    report = next((article for article in column.listed(day) if year and f"{year}年" in article.title), None)
    body = (
        ""
        if report is None
        else f"<h1>{escape(report.title)}</h1><div class='j-fontContent'>{report.body_on(day)}</div>"
    )
    return _page(site, host, column, f"{_menu(column)}<div class='xxgk_nb'>{body}</div><script>Ls.init();</script>")


def _menu(column: Column) -> str:
    names = ("政府信息公开指南", "政府信息公开制度", "法定主动公开内容", column.name)
    items = "".join(
        f'<li><a href="/public/column/{ORGAN}?type=4&amp;catId=77{number}&amp;action=list">{escape(name)}</a></li>'
        for number, name in enumerate(names)
    )
    return f'<div class="xxgk_menu"><ul>{items}</ul></div><h2>{escape(column.name)}</h2>'


def _page(site: Site, host: str, column: Column, content: str) -> str:
    meta = [*frame.site_meta(site, host), *frame.column_meta(column), ("SiteId", SITE_ID)]
    return frame.page(site, f"{column.name}_{site.name}", meta, content)


def _detail_page(site: Site, host: str, column: Column, article: Article, day: dt.date) -> str:
    content = f"""<h1 class="wztit">{escape(article.title)}</h1>
<div class="info">发布时间：{article.published} 09:30　来源：{escape(article.issuer)}</div>
<div class="wzcon j-fontContent">
{article.body_on(day)}
</div>
<script>Ls.ajax({{url:"/site/label/9999",data:{{labelName:"hits"}}}});</script>"""
    meta = [*frame.site_meta(site, host), *frame.column_meta(column), *frame.article_meta(article)]
    return frame.page(site, f"{article.title}_{site.name}", meta, content, article.note)

"""Hanweb JCMS columns: `/col/col123/index.html` whose visible list is empty, rows in CDATA, `dataproxy.jsp`.

May touch nothing: a site and a day in, pages out. Detail pages are `/art/2024/1/18/art_123_4567.html`, month and
day unpadded. A column page holds the datastore of its own column and, before it, one of another column.
Column options:

- `group`: records of one dataproxy answer (default 3 × page_size); consecutive answers overlap by `overlap`
  records (default 1), and the first one overlaps with the column page, as the real ones do;
- `decoy`: False leaves the other column's datastore out;
- `dates`: the element of the list date, `span` (default) or `b`;
- `dialect`: `get` (default), or `post`: no nextgroup, dataproxy.jsp answers POST alone, honours startrecord, ignores
  endrecord and sends `window` records (default 76), wherever they end;
- `proxy`: which of the three addresses (PROXIES) answers, 0 by default; `named`: False leaves it out of the page, whose
  script is then said to know it;
- `store`: False leaves the datastore out of the page of the POST dialect;
- `referer`: True lets the proxy answer 403 to whom no page of this host has sent;
- `holds`: `list` (default), `search` (xxgk module, see hanweb_xxgk.py), `years` (xxgkAnnualReport.jsp; the column's
  path is the office's area, its address has {year} in it), `article` (the page of the column is the newest report).

A column without entries keeps its datastore and says `totalRecord:0` in its jpage call.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from html import escape
from urllib.parse import quote, urlsplit

from tests.portals import frame, hanweb_xxgk
from tests.portals.site import NOTHING, Article, Column, Page, Sent, Site

PROXIES = (
    "/module/web/jpage/dataproxy.jsp",
    "/module/jpage/dataproxy.jsp",
    "/module/jslib/jquery/jpage/dataproxy.jsp",
)
PROXY = PROXIES[0]
DECOY_COLUMN = "990"  # a news column whose newest lines stand beside every list
CUT_AFTER = 30  # characters of the visible list title; the title attribute is whole


def column_path(column: Column) -> str:
    if _holds(column) == "years":
        return f"{hanweb_xxgk.ANNUAL}?area={column.path}&fbtime={{year}}"
    return f"/col/col{column.path}/index.html"


def article_path(column: Column, article: Article) -> str:
    if _holds(column) == "years":
        return column_path(column).replace("{year}", str(hanweb_xxgk.report_year(article)))
    if _holds(column) == "article":
        return column_path(column)
    day = article.published
    return f"/art/{day.year}/{day.month}/{day.day}/art_{column.path}_{article.number}.html"


def unit_of(column: Column) -> str:
    return f"{column.path}7"


def pages(site: Site, host: str, day: dt.date) -> dict[str, Page]:
    """All static addresses of the site on `day`, by path."""
    found = {"/": Page(frame.home(site, host, [(column_path(c), c.name) for c in site.columns]).encode())}
    for column in site.columns:
        listed = column.listed(day)
        if _holds(column) == "years":
            continue
        if _holds(column) == "article" and listed:
            html = _detail_page(site, host, column, listed[0], day)
            found[column_path(column)] = Page(html.encode(), changed_on=listed[0].changed_on(day))
            continue
        changed = column.changed_on(day)
        found[column_path(column)] = Page(_column_page(site, host, column, listed).encode(), changed_on=changed)
        for article in listed:
            html = _detail_page(site, host, column, article, day)
            found |= article.pages_on(day, article_path(column, article), html)
    return found


def extra(site: Site, host: str, day: dt.date, path: str, query: dict[str, str], sent: Sent = NOTHING) -> Page | None:
    """The answers of dataproxy.jsp and of the xxgk module."""
    posted = sent.posted
    if path == hanweb_xxgk.ANNUAL and posted is None:
        return _annual_report(site, host, day, query)
    if path == hanweb_xxgk.SEARCH and posted is not None:
        return _search(site, day, posted)
    if path not in PROXIES:
        return None
    asked = query if posted is None else posted
    column = next(
        (
            column
            for column in site.columns
            if (column.path, unit_of(column)) == (asked.get("columnid"), asked.get("unitid"))
            and path == _proxy(column)
            and (posted is not None) == (_dialect(column) == "post")
        ),
        None,
    )
    if column is None:
        return Page(frame.not_found(site, host).encode(), status=404)
    if column.options.get("referer") and urlsplit(sent.referer).netloc != host:
        return Page(b"<html><head><title>403 Forbidden</title></head></html>", status=403)
    if posted is not None:
        start = query.get("startrecord", "1")
        return Page(_window(column, column.listed(day), int(start) if start.isdigit() else 1), media_type="text/xml")
    number = query.get("page", "1")
    if not number.isdigit():
        return Page(frame.not_found(site, host).encode(), status=404)
    return Page(_proxy_answer(column, column.listed(day), int(number)).encode(), media_type="text/xml")


def _annual_report(site: Site, host: str, day: dt.date, query: dict[str, str]) -> Page | None:
    """The report of one office for one year; a blank frame where there is none. The parameters' order is free."""
    column = next((c for c in site.columns if _holds(c) == "years" and c.path == query.get("area")), None)
    if column is None:
        return None
    article = hanweb_xxgk.report_of(column.listed(day), query.get("fbtime", ""))
    if article is not None:
        return Page(_detail_page(site, host, column, article, day).encode(), changed_on=article.changed_on(day))
    meta = frame.site_meta(site, host)
    return Page(frame.page(site, f"{site.name} {column.name}", meta, hanweb_xxgk.annual_frame("")).encode())


def _search(site: Site, day: dt.date, posted: Mapping[str, str]) -> Page | None:
    column = next((c for c in site.columns if posted.get("area") == f"{c.path}000" and _holds(c) == "search"), None)
    if column is None:
        return None
    listed = column.listed(day)
    paths = [article_path(column, article) for article in listed]
    return Page(hanweb_xxgk.search_answer(column, listed, paths, posted.get("currpage", "")).encode())


def _holds(column: Column) -> str:
    return str(column.options.get("holds", "list"))


def _dialect(column: Column) -> str:
    return str(column.options.get("dialect", "get"))


def _proxy(column: Column) -> str:
    return PROXIES[int(column.options.get("proxy", 0))]


def _window(column: Column, listed: list[Article], start: int) -> bytes:
    """What a POST brings: from `start`, counted from 1, as many records as the system likes to send."""
    part = listed[max(0, start - 1) :][: int(column.options.get("window", 76))]
    records = "".join(_record(column, article) for article in part)
    count = -(-len(listed) // column.page_size)
    head = f"<totalrecord>{len(listed)}</totalrecord><totalpage>{count}</totalpage>"
    return f"<datastore>{head}<recordset>{records}</recordset></datastore>".encode()


def _group(column: Column) -> int:
    return int(column.options.get("group", 3 * column.page_size))


def _proxy_answer(column: Column, listed: list[Article], number: int) -> str:
    group = _group(column)
    step = max(1, group - int(column.options.get("overlap", 1)))
    count = 1 + max(0, -(-(len(listed) - group) // step)) if listed else 0
    part = listed[(number - 1) * step :][:group] if 1 <= number <= count else []
    records = "".join(_record(column, article) for article in part)
    return (
        f"<datastore><totalrecord>{len(listed)}</totalrecord><totalpage>{count}</totalpage>"
        f"<recordset>{records}</recordset></datastore>"
    )


def _record(column: Column, article: Article) -> str:
    title = escape(article.title)
    shown = title if len(article.title) <= CUT_AFTER else f"{escape(article.title[:CUT_AFTER])}..."
    tag = column.options.get("dates", "span")
    href = article_path(column, article)
    link = f"<li><a href='{href}' target='_blank' title='{title}'>{shown}</a><{tag}>{article.published}</{tag}></li>"
    return f"<record><![CDATA[{link}]]></record>"


def _datastore(site: Site, column_id: str, unit: str, records: str, proxy: str = PROXY) -> str:
    name = quote(quote(site.name))  # encoded twice, as met: to be copied verbatim
    address = (
        f"{proxy}?page=1&appid=1&appid=1&webid=9&path=/&columnid={column_id}&unitid={unit}"
        f"&webname={name}&permissiontype=0"
    )
    nextgroup = f'<nextgroup><![CDATA[<a href="{address}"></a>]]></nextgroup>\n' if proxy else ""
    return (
        f'<div id="{unit}"><script type="text/xml"><datastore>\n{nextgroup}'
        f"<recordset>\n{records}\n</recordset></datastore></script></div>"
    )


def _jpage(column_id: str, unit: str, total: int, page_size: int) -> str:
    return (
        f"<script>var param_{unit}={{columnid:{column_id},unitid:'{unit}'}};"
        f"$('#{unit}').jpage({{totalRecord:{total},perPage:{page_size}}});</script>"
    )


def _jpage_by_post(site: Site, column: Column, total: int) -> str:
    """The call of the POST dialect: what is posted stands in the script."""
    unit = unit_of(column)
    where = f"proxyUrl:'{_proxy(column)}'," if column.options.get("named", True) else ""
    return (
        f"<script>var param_{unit}={{col:1,appid:1,webid:9,path:'/',columnid:{column.path},sourceContentType:1,"
        f"unitid:'{unit}',webname:'{quote(quote(site.name))}',permissiontype:0}};"
        f"$('#{unit}').jpage({{{where}totalRecord:{total},perPage:{column.page_size},proxyParam:param_{unit}}});</script>"
    )


def _decoy(site: Site) -> str:
    """The newest lines of another column, among them one whose title reads like a report."""
    unit = f"{DECOY_COLUMN}7"
    records = "\n".join(
        f"<record><![CDATA[<li><a href='/art/2019/3/{day}/art_{DECOY_COLUMN}_{day}.html' title='{title}'>{title}</a>"
        f"<span>2019-03-{day}</span></li>]]></record>"
        for day, title in ((21, "示例动态：模拟新闻一则"), (20, "示例动态：关于做好政府信息公开年度报告的模拟新闻"))
    )
    return _datastore(site, DECOY_COLUMN, unit, records) + _jpage(DECOY_COLUMN, unit, 2, 5)


def _column_page(site: Site, host: str, column: Column, listed: list[Article]) -> str:
    unit = unit_of(column)
    records = "\n".join(_record(column, article) for article in listed[: column.page_size])
    if _holds(column) == "search":
        own = hanweb_xxgk.search_frame(column)
    elif _dialect(column) == "post":
        store = _datastore(site, column.path, unit, records, "") if column.options.get("store", True) else ""
        own = store + _jpage_by_post(site, column, len(listed))
    else:
        store = _datastore(site, column.path, unit, records, _proxy(column))
        own = store + _jpage(column.path, unit, len(listed), column.page_size)
    with_decoy = column.options.get("decoy", _holds(column) == "list")
    decoy = _decoy(site) if with_decoy else ""
    name = escape(column.name)
    content = f"""<div class="nav"><ul><li><a href="/">首页</a></li>
<li><a href="/col/col{DECOY_COLUMN}/index.html">模拟新闻</a></li>
<li><a href="{column_path(column)}">{name}</a></li></ul></div>
<h2 class="title">{name}</h2>
<ul class="list"></ul>
{decoy}
{own}"""
    meta = [*frame.site_meta(site, host), *frame.column_meta(column)]
    return frame.page(site, f"{site.name} {column.name}", meta, content)


def _detail_page(site: Site, host: str, column: Column, article: Article, day: dt.date) -> str:
    written = ""
    if article.written is not None:
        written = f"<td>成文日期</td><td>{article.written}</td>"
    content = f"""<table class="xxgk_index">
<tr><td>索引号</td><td>SIM-{column.path}-{article.number}</td><td>发布机构</td><td>{escape(article.issuer)}</td></tr>
<tr><td>公开方式</td><td>主动公开</td>{written}</tr>
</table>
<div class="article-title">{escape(article.title)}</div>
<div class="info">发布日期：{article.published}　来源：{escape(article.issuer)}</div>
<div id="zoom" class="article-content">
{article.body_on(day)}
</div>"""
    meta = [*frame.site_meta(site, host), *frame.column_meta(column), *frame.article_meta(article)]
    return frame.page(site, f"{site.name} {article.title}", meta, content, article.note)

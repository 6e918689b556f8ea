"""TRS WCM, static columns: `/zwgk/zfxxgknb/`, `index_1.html`, `./202401/t20240118_1234567.html`.

May touch nothing: a site and a day in, pages out. Column options:

- `pager`: `countPage` (inline script, the default), `createPageHTML` (zero-based call), `hunan` (one-based call,
  page 2 is index_2.html), `none`;
- `titles`: `full` (title attribute, the default) or `cut` (no title attribute, the text ends with …);
- `dates`: the element of the list date, `span` (default) or `b`;
- `header`: `paragraphs` (default) or `table`: how a detail page prints its index header.
"""

from __future__ import annotations

import datetime as dt
from html import escape

from tests.portals import frame
from tests.portals.site import NOTHING, Article, Column, Page, Sent, Site

CUT_AFTER = 18  # characters of a list title before the ellipsis
MENU = (
    ("../zfxxgkzn/", "政府信息<br>公开指南"),
    ("../zfxxgkzd/", "政府信息<br>公开制度"),
    ("../fdzdgknr/", "法定主动<br>公开内容"),
    ("./", "政府信息<br>公开年报"),
    ("../ysqgk/", "依申请公开"),
)


def column_path(column: Column) -> str:
    return f"/{column.path}/"


def article_path(column: Column, article: Article) -> str:
    return column_path(column) + _href(article)


def pages(site: Site, host: str, day: dt.date) -> dict[str, Page]:
    """All addresses of the site on `day`, by path."""
    found = {"/": _page(frame.home(site, host, [(column_path(c), c.name) for c in site.columns]), None)}
    for column in site.columns:
        listed = column.listed(day)
        changed = column.changed_on(day)
        count = max(1, -(-len(listed) // column.page_size))
        for number in range(count):
            part = listed[number * column.page_size : (number + 1) * column.page_size]
            html = _list_page(site, host, column, part, number, count, len(listed))
            found[column_path(column) + _index(column, number)] = _page(html, changed)
        found[column_path(column)] = found[column_path(column) + "index.html"]
        for article in listed:
            html = _detail_page(site, host, column, article, day)
            found[article_path(column, article)] = _page(html, article.changed_on(day))
            found |= article.files_on(day, article_path(column, article))
    return found


def extra(site: Site, host: str, day: dt.date, path: str, query: dict[str, str], sent: Sent = NOTHING) -> Page | None:
    """Addresses that are computed; a static site has none."""
    return None


def _page(html: str, changed_on: dt.date | None) -> Page:
    return Page(html.encode(), changed_on=changed_on)


def _index(column: Column, number: int) -> str:
    """The file of list page `number`, counted from 0."""
    if number == 0:
        return "index.html"
    return f"index_{number + (column.options.get('pager') == 'hunan')}.html"


def _href(article: Article) -> str:
    day = article.published
    return f"{day:%Y%m}/t{day:%Y%m%d}_{article.number}.html"


def _list_page(site: Site, host: str, column: Column, part: list[Article], number: int, count: int, total: int) -> str:
    menu = "\n".join(f'<li><span>·</span><a href="{href}">{text}</a></li>' for href, text in MENU)
    items = "\n".join(_item(column, article) for article in part)
    empty = "" if part else '<p class="zfxxgk_none">暂无信息</p>'
    content = f"""{_breadcrumb(column)}
<div class="zwxxgk_box">
<div class="dl_nav"><div class="sideMenu"><h3><em class="zwxxgk_bntN"></em>政府信息公开</h3>
<ul>
{menu}
</ul></div></div>
<div class="zfxxgk_zdgktit">{escape(column.name)}</div>
<div class="zfxxgk_zdgkc">
<ul>
{items}
</ul>{empty}
</div>
<div class="page">{_pager(column, number, count, total)}</div>
</div>"""
    meta = [*frame.site_meta(site, host), *frame.column_meta(column)]
    return frame.page(site, f"{column.name}_{site.name}", meta, content)


def _item(column: Column, article: Article) -> str:
    title = escape(article.title)
    tag = column.options.get("dates", "span")
    link = f'<a href="./{_href(article)}" target="_blank" title="{title}">{title}</a>'
    if column.options.get("titles") == "cut" and len(article.title) > CUT_AFTER:
        link = f'<a href="./{_href(article)}" target="_blank">{escape(article.title[:CUT_AFTER])}…</a>'
    return f"<li>{link}<{tag}>{article.published}</{tag}></li>"


def _pager(column: Column, number: int, count: int, total: int) -> str:
    kind = column.options.get("pager", "countPage")
    if kind == "createPageHTML":
        return f'<script>createPageHTML({count}, {number}, "index", "html");</script>'
    if kind == "hunan":
        return f"<script>createPageHTML('paging', {count}, {number + 1}, 'index', 'html', {total});</script>"
    if kind == "none":
        return ""
    return f"""<script>
var currentPage = {number};//所在页从0开始
var prevPage = currentPage - 1;//上一页
var nextPage = currentPage + 1;//下一页
var countPage = {count};//共多少页
</script>"""


def _breadcrumb(column: Column) -> str:
    here = escape(column.name)
    return f"""<div class="position">您现在的位置：<a href="/" class="CurrChnlCls">首页</a> &gt;
<a href="../" class="CurrChnlCls">政务公开</a> &gt; <a href="./" title="{here}" class="CurrChnlCls">{here}</a></div>"""


def _detail_page(site: Site, host: str, column: Column, article: Article, day: dt.date) -> str:
    title = escape(article.title)
    content = f"""{_breadcrumb(column)}
{_header(column, article)}
<h1 class="article-title">{title}</h1>
<div class="info"><span>发布时间：{article.published} 09:30</span> <span>来源：{escape(article.issuer)}</span></div>
<div class="TRS_Editor">
{article.body_on(day)}
</div>"""
    meta = [*frame.site_meta(site, host), *frame.column_meta(column), *frame.article_meta(article)]
    return frame.page(site, f"{article.title}_{site.name}", meta, content, article.note)


def _header(column: Column, article: Article) -> str:
    """The index header (索引头). Its commented-out rows are the trap that real pages set: they say nothing."""
    rows = [("索引号", f"SIM-{article.number}"), ("发布机构", article.issuer), ("发布日期", str(article.published))]
    if article.written is not None:
        rows.append(("成文日期", f"{article.written:%Y年%m月%d日}"))
    dead = ("发布机构", "（模板残留，不显示）"), ("发布日期", "1999-01-01")
    if column.options.get("header") == "table":
        shown = "\n".join(f"<tr><td>{name}</td><td>{escape(value)}</td></tr>" for name, value in rows)
        hidden = "\n".join(f"<!--<tr><td>{name}</td><td>{value}</td></tr>-->" for name, value in dead)
        return f'<table class="xxgk_head">\n{hidden}\n{shown}\n</table>'
    shown = "\n".join(f"<p><strong>{name}</strong>：{escape(value)}</p>" for name, value in rows)
    hidden = "\n".join(f"<!--<p><strong>{name}</strong>：{value}</p>-->" for name, value in dead)
    return f'<div class="xxgk_head">\n{hidden}\n{shown}\n</div>'

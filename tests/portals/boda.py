"""Boda columns: static `/xstz.htm`, whose further pages count down (`/xstz/23.htm`), or dynamic `/list.jsp?…wbtreeid=1082`.

May touch nothing: a site and a day in, pages out. Articles are `/info/1050/21831.htm`; a box of another column's newest
stands before the list. Column options:

- `tree`: the number of the column in its articles' addresses (default 1050);
- `dynamic`: True makes it list.jsp with `a1050p=2&a1050t=5`;
- `visitcode`: True sends every reader of the column to visitcode.jsp.

Files are behind download.jsp, which shows a page to whoever sends no Referer.
"""

from __future__ import annotations

import datetime as dt
from html import escape

from tests.portals import frame
from tests.portals.site import NOTHING, Article, Column, Page, Sent, Site

OWNER = "1632660000"
DOWNLOAD = "/system/_content/download.jsp"
VISITCODE = "/system/resource/visitcode/visitcode.jsp"
NEWS = (("21901", "示例动态：模拟新闻一则，与年报无关"), ("21902", "示例动态：模拟新闻又一则，也与年报无关"))


def column_path(column: Column) -> str:
    if column.options.get("dynamic"):
        return f"/list.jsp?urltype=tree.TreeTempUrl&wbtreeid={_tree(column)}"
    return f"/{column.path}.htm"


def article_path(column: Column, article: Article) -> str:
    return f"/info/{_tree(column)}/{article.number}.htm"


def pages(site: Site, host: str, day: dt.date) -> dict[str, Page]:
    """All static addresses; the pages of a column are numbered from its end."""
    found = {"/": Page(frame.home(site, host, [(column_path(c), c.name) for c in site.columns]).encode())}
    for column in site.columns:
        listed = column.listed(day)
        count = _count(column, listed)
        for number in range(1, count + 1):
            if not column.options.get("dynamic") and not column.options.get("visitcode"):
                html = _list_page(site, host, column, listed, number)
                found[_address(column, number, count)] = Page(html.encode(), changed_on=column.changed_on(day))
        for article in listed:
            html = _detail_page(site, host, column, article, day)
            found |= article.pages_on(day, article_path(column, article), html)
    return found


def extra(site: Site, host: str, day: dt.date, path: str, query: dict[str, str], sent: Sent = NOTHING) -> Page | None:
    """list.jsp, download.jsp, visitcode.jsp."""
    if path == VISITCODE:
        return Page(frame.page(site, "访问验证", (), "<p>请输入验证码</p>").encode())
    for column in site.columns:
        if column.options.get("visitcode") and path == column_path(column):
            return Page(b"", status=302, location=f"{VISITCODE}?backUrl=L3hzdHouaHRt")
        if column.options.get("dynamic") and path == "/list.jsp" and query.get("wbtreeid") == _tree(column):
            asked = int(query.get(f"a{_tree(column)}p", "1"))
            return Page(_list_page(site, host, column, column.listed(day), asked).encode())
        if path == DOWNLOAD:
            for article in column.listed(day):
                for number, file in enumerate(article.files):
                    if query.get("wbfileid") == f"{article.number}{number}":
                        refused = Page(frame.page(site, "下载", (), "<p>请从文章页面下载附件</p>").encode())
                        return file.on(day, article.first or article.published) if sent.referer else refused
    return None


def _tree(column: Column) -> str:
    return str(column.options.get("tree", 1050))


def _count(column: Column, listed: list[Article]) -> int:
    return max(1, -(-len(listed) // column.page_size))


def _address(column: Column, number: int, count: int) -> str:
    if column.options.get("dynamic"):
        return f"{column_path(column)}&a{_tree(column)}p={number}&a{_tree(column)}t={count}"
    return column_path(column) if number == 1 else f"/{column.path}/{count - number + 1}.htm"


def _list_page(site: Site, host: str, column: Column, listed: list[Article], number: int) -> str:
    count = _count(column, listed)
    part = listed[(number - 1) * column.page_size : number * column.page_size]
    rows = "\n".join(
        f'<li id="line_u5_{place}"><a href="{article_path(column, article)}" title="{escape(article.title)}">'
        f"{escape(article.title[:20])}...</a><span>{article.published}</span></li>"
        for place, article in enumerate(part)
    )
    news = "".join(
        f'<li id="line_u3_{place}"><a href="/info/1009/{article}.htm">{title}</a><span>2019-03-2{place}</span></li>'
        for place, (article, title) in enumerate(NEWS)
    )
    name = escape(column.name)
    content = f"""<div class="nav"><ul><li><a href="/">首页</a></li><li><a href="/gkzn.htm">公开指南</a></li></ul></div>
<div class="position">当前位置：<a href="/">首页</a> &gt; <a href="{column_path(column)}">{name}</a></div>
<div class="news"><h3>本地要闻</h3><ul>{news}</ul></div>
<div class="main"><h2>{name}</h2><ul>
{rows}
</ul>
<div class="pb_sys_common pb_sys_normal pb_sys_style1">{_pager(column, number, count, len(listed))}</div></div>
<script src="/system/resource/js/counter.js"></script>
<script>_jsq_({_tree(column)},'/{column.path}.jsp',-1,{OWNER})</script>"""
    meta = [*frame.site_meta(site, host), *frame.column_meta(column), ("pageType", "2"), ("pageTitle", column.name)]
    return frame.page(site, f"{column.name}-{site.name}", meta, content)


def _pager(column: Column, number: int, count: int, total: int) -> str:
    def link(name: str, text: str, to: int) -> str:
        if 1 <= to <= count and to != number:
            return f'<span class="p_{name} p_fun"><a href="{escape(_address(column, to, count))}">{text}</a></span>'
        return f'<span class="p_{name}_d p_fun_d">{text}</span>'

    inner = link("first", "首页", 1) + link("prev", "上页", number - 1)
    for other in range(1, count + 1):
        inner += f'<span class="p_no_d">{other}</span>' if other == number else link("no", str(other), other)
    inner += link("next", "下页", number + 1) + link("last", "尾页", count)
    return f'<span class="p_t">共{total}条</span> <span class="p_pages">{inner}</span> <span class="p_t">{number}/{count}</span>'


def _detail_page(site: Site, host: str, column: Column, article: Article, day: dt.date) -> str:
    body = article.body_on(day)
    for number, file in enumerate(article.files):
        address = f"{DOWNLOAD}?urltype=news.DownloadAttachUrl&amp;owner={OWNER}&amp;wbfileid={article.number}{number}"
        body = body.replace(f"./{file.name}", address)
    content = f"""<h1>{escape(article.title)}</h1>
<div class="info">发布时间：{article.published} 09:30　来源：{escape(article.issuer)}　点击：
<script>_showDynClicks("wbnews", {OWNER}, {article.number})</script></div>
<div id="vsb_content"><div class="v_news_content">
{body}
</div></div>"""
    meta = [*frame.site_meta(site, host), *frame.column_meta(column), *frame.article_meta(article)]
    return frame.page(site, f"{article.title}-{site.name}", meta, content, article.note)
